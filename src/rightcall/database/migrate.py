"""Bringing a database to the present shape: Alembic, forward only, each step one SQL file beside its revision."""

from functools import cache
from pathlib import Path

import psycopg
from alembic import command, op
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from rightcall.errors import DatabaseGone, NotConfigured

_RIGHTS = (
    "The database login lacks a right. It must own its database, and either have CREATEROLE or be given both roles by an"
    " administrator: CREATE ROLE rightcall_app NOLOGIN; CREATE ROLE rightcall_system NOLOGIN; GRANT rightcall_app,"
    " rightcall_system TO the login."
)
_FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Run every step that `url`'s database has not seen. Safe to call from several processes at once."""
    if not _has_seen_all(url):
        _run_steps(url)


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


def _run_steps(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS migration_gate (id integer PRIMARY KEY)"))
            connection.execute(text("LOCK TABLE migration_gate IN ACCESS EXCLUSIVE MODE"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise _gone() from error
    except (ProgrammingError, psycopg.errors.InsufficientPrivilege) as error:
        if not isinstance(getattr(error, "orig", error), psycopg.errors.InsufficientPrivilege):
            raise
        raise NotConfigured(_RIGHTS) from error
    finally:
        engine.dispose()


def _gone() -> DatabaseGone:
    return DatabaseGone("The database cannot be reached, so its tables could not be brought up to date.")


def run_sql_beside(revision_file: str) -> None:
    """Execute the SQL file that has the revision's own name."""
    statements = Path(revision_file).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().connection.cursor().execute(statements)
