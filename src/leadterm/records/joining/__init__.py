"""Files of one encounter as one: joined where numbers say so or the caller does, never by what seems alike."""

from .together import joined, settled, signs

__all__ = ["joined", "settled", "signs"]
