"""The ledgers' promises on SQLite; tests/live/test_ledgers_postgres.py holds PostgreSQL to the same."""

from support.ledger_cases import *  # noqa: F403 (the tests themselves)
