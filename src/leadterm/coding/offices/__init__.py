"""What was done at a visit besides talking and looking: small procedures and tests, as lines by code number.

read(chart)   the lines, with what must be asked about them
services(chart)  the lines alone
minor(chart)  the small procedures among them, for the visit that stands beside
"""

from .reading import minor, read, services

__all__ = ["minor", "read", "services"]
