"""What is kept: the database, the ledger, and the ways to write and read them. Knows the domain alone."""

from .database import Database, migrate, now, open_database

__all__ = ["Database", "migrate", "now", "open_database"]
