"""Telling the database before when what is remembered may be deleted."""

from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.database.sql import execute


def forget_before(tx: Transaction, before: datetime) -> None:
    """From now on in this transaction what went, or was written, before that may be deleted."""
    execute(tx, "SELECT set_config('rightcall.forget_before', %(before)s::timestamptz::text, true)", before=before)
