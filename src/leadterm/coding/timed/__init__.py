"""Services that are counted by documented time: anaesthesia, therapy, observation, psychotherapy, counselling."""

from .reading import read

__all__ = ["read"]
