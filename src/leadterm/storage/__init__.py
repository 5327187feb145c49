"""What is kept: the database, the ledger, and the ways to write and read them. Knows the domain alone."""

from .database import Database, exists, migrate, now, open_database

__all__ = ["Database", "exists", "migrate", "now", "open_database"]
