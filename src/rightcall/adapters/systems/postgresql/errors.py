"""PostgreSQL's errors in our words. Its own texts quote values and keys, so they are neither repeated nor chained."""

import psycopg
from psycopg import errors

from rightcall.adapters.systems.tables.model import Altered, TooSlow
from rightcall.discovery.model import NotRead, Reason, SourceGone
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound

_ALTERED = (errors.UndefinedColumn, errors.UndefinedTable, errors.UndefinedFunction)
_ROW_SECURITY = "check_enable_rls"
"""Where the server stops whom its policies would hide rows from: it has no code of its own for that."""


def about_connecting(error: psycopg.Error) -> Exception:
    """SourceGone, or a mistake where the address is one: asking again would not help."""
    if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
        return Malformed("This is no address of a PostgreSQL database. Give postgresql://user:password@host:port/database.")
    words = str(error).lower()
    if "password" in words or "authentication" in words or "no pg_hba.conf entry" in words:
        return Malformed("The database refuses this account. Check its name, its password and from where it may connect.")
    if "does not exist" in words:
        return NotFound("The server has no such database or account. Check the address.")
    if "ssl" in words or "certificate" in words:
        return SourceGone("No encrypted connection to the database came about. Check sslmode and the certificates.")
    return SourceGone("The database cannot be reached. Check that it runs and where, then try again.")


def about_reading(error: psycopg.Error) -> Exception:
    if isinstance(error, errors.QueryCanceled | errors.LockNotAvailable):
        return TooSlow()
    if isinstance(error, _ALTERED):
        return Altered()
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return SourceGone("The database went away while it was read. Check that it runs, then try again.")
    if isinstance(error, errors.InsufficientPrivilege):
        return NotRead(Reason.HIDDEN if error.diag.source_function == _ROW_SECURITY else Reason.NO_RIGHT)
    return NotRead(Reason.UNREADABLE)


def about_changing(error: psycopg.Error) -> Exception:
    """In each case but the last outage nothing was changed."""
    if isinstance(error, errors.ForeignKeyViolation):
        return Conflict(
            "Rows of other tables point at this one, so the database keeps it. Let go of those first. Nothing changed."
        )
    if isinstance(error, errors.NotNullViolation):
        return Conflict("The database does not allow this field to be empty. Let go of the whole row.")
    if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
        return NotAllowed("The account may not change this table. Give it DELETE and UPDATE there, then try again.")
    if isinstance(error, errors.QueryCanceled | errors.LockNotAvailable):
        return SourceGone("The database took too long to change it. Try again when it has less to do.")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return SourceGone("The database went away during the change. Look again whether it was made, then try again.")
    return Conflict("A rule of the database itself refuses this change (a check, a trigger, a type).")
