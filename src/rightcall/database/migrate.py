"""Bringing a database to the present shape: Alembic, forward only, each step one SQL file beside its revision. What runs them is
loaded once there is a step to run (`steps.py`)."""

from functools import cache
from importlib import import_module
from pathlib import Path

import psycopg

from rightcall.errors import DatabaseGone

_FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Run every step that `url`'s database has not seen. Safe to call from several processes at once."""
    if not _has_seen_all(url):
        import_module("rightcall.database.steps").run(url, _FOLDER)


def _has_seen_all(url: str) -> bool:
    """Asked first, since reading a hundred steps takes longer than most commands."""
    try:
        with psycopg.connect(url) as connection:
            seen = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except psycopg.OperationalError as error:
        raise _gone() from error
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        return False
    return seen == [(_last_step(),)]


@cache
def _last_step() -> str:
    """A step's file begins with its number."""
    return max(file.name.partition("_")[0] for file in (_FOLDER / "versions").glob("[0-9]*.py"))


def _gone() -> DatabaseGone:
    return DatabaseGone("The database cannot be reached, so its tables could not be brought up to date.")


def run_sql_beside(revision_file: str) -> None:
    """Execute the SQL file that has the revision's own name."""
    statements = Path(revision_file).with_suffix(".sql").read_text(encoding="utf-8")
    import_module("alembic.op").get_bind().connection.cursor().execute(statements)
