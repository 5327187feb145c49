"""What HCPCS Level II names: supplies and equipment, ambulance transport, screening, blood, specimens."""

from .reading import read

__all__ = ["read"]
