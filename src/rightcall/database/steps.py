"""The steps that a database has not seen, run by Alembic. Loaded only where there are some: it takes a quarter of a second, and
most commands find none to run."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from rightcall.errors import DatabaseGone, NotConfigured

GONE = "The database cannot be reached, so its tables could not be brought up to date."
_RIGHTS = (
    "The database login lacks a right. It must own its database, and either have CREATEROLE or be given both roles by an"
    " administrator: CREATE ROLE rightcall_app NOLOGIN; CREATE ROLE rightcall_system NOLOGIN; GRANT rightcall_app,"
    " rightcall_system TO the login."
)


def run(url: str, folder: Path) -> None:
    """Safe to call from several processes at once."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS migration_gate (id integer PRIMARY KEY)"))
            connection.execute(text("LOCK TABLE migration_gate IN ACCESS EXCLUSIVE MODE"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise DatabaseGone(GONE) from error
    except (ProgrammingError, psycopg.errors.InsufficientPrivilege) as error:
        if not isinstance(getattr(error, "orig", error), psycopg.errors.InsufficientPrivilege):
            raise
        raise NotConfigured(_RIGHTS) from error
    finally:
        engine.dispose()
