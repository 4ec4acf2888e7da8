"""MariaDB's errors in our words. Its own texts quote values and keys, so they are neither repeated nor chained."""

import pymysql

from rightcall.adapters.systems.tables.model import Altered, TooSlow
from rightcall.discovery.model import NotRead, Reason, SourceGone
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound

_TOO_SLOW = frozenset({1205, 1317, 1969, 3024})
_ALTERED = frozenset({1054, 1146, 1412})
_GONE = frozenset({0, 1040, 1053, 1152, 1184, 1927, 2003, 2006, 2013, 2014})
_NO_RIGHT = frozenset({1044, 1142, 1143, 1227, 1290, 1370, 1792, 1836})
_POINTED_AT = frozenset({1217, 1451})
_NOT_EMPTY = frozenset({1048, 1263, 1364})
_REFUSED = frozenset({1044, 1045, 1130, 1698, 4151})


def code_of(error: Exception) -> int:
    """0 where the connection itself failed."""
    first = error.args[0] if error.args else 0
    return first if isinstance(first, int) else 0


def about_connecting(error: Exception) -> Exception:
    code = code_of(error)
    if code in _REFUSED:
        return Malformed("The database refuses this account. Check its name, its password and from where it may connect.")
    if code == 1049:
        return NotFound("The server has no such database. Check the address.")
    if "ssl" in str(error).lower() or "certificate" in str(error).lower():
        return SourceGone("No encrypted connection to the database came about. Check the server's TLS and the certificates.")
    return SourceGone("The database cannot be reached. Check that it runs and where, then try again.")


def about_reading(error: Exception) -> Exception:
    code = code_of(error)
    if code in _TOO_SLOW:
        return TooSlow()
    if code in _ALTERED:
        return Altered()
    if code in _GONE or isinstance(error, pymysql.InterfaceError | OSError):
        return SourceGone("The database went away while it was read. Check that it runs, then try again.")
    return NotRead(Reason.NO_RIGHT if code in _NO_RIGHT else Reason.UNREADABLE)


def about_changing(error: Exception) -> Exception:
    """In each case but the last outage nothing was changed."""
    code = code_of(error)
    if code in _POINTED_AT:
        return Conflict("Rows of other tables point at this one, so the database keeps it. Let go of those first.")
    if code in _NOT_EMPTY:
        return Conflict("The database does not allow this field to be empty. Let go of the whole row.")
    if code in _NO_RIGHT:
        return NotAllowed("The account may not change this table. Give it DELETE and UPDATE there, then try again.")
    if code in _TOO_SLOW or code == 1213:
        return SourceGone("The database took too long to change it. Try again when it has less to do.")
    if code in _GONE or isinstance(error, pymysql.InterfaceError | OSError):
        return SourceGone("The database went away during the change. Look again whether it was made, then try again.")
    return Conflict("A rule of the database itself refuses this change (a check, a trigger, a type).")
