"""The steps by which the tables came to be, one file a step, for Alembic."""
