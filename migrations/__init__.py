"""Alembic migrations, run from the installed package on SQLite and Postgres."""
