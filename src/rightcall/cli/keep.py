"""Keeping house: the database's shape, epochs of keys, backups."""

from rightcall.cli.place import DataOption, database_of, words
from rightcall.settings import load_settings


def migrate(data: DataOption = None) -> None:
    """Bring the database to the shape that this version needs. `serve` does it too."""
    with database_of(load_settings(data=data)):
        words().print("The database is up to date.")
