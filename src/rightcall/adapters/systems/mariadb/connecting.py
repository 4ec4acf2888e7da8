"""The one connection to a MariaDB or MySQL server: by TLS where the server speaks it, or only so; times as UTC; everything that
comes is bytes, since a server's rows may hold dates that are none and words that are in no encoding."""

from dataclasses import dataclass, field
from math import ceil
from typing import TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

import pymysql
from pymysql.converters import encoders
from pymysql.cursors import SSCursor

from rightcall.adapters.systems.mariadb import errors
from rightcall.errors import Malformed

Connection: TypeAlias = pymysql.Connection
_CONNECT_SECONDS = 10
_FORM = (
    "An address of MariaDB is mariadb://user:password@host:port/database, and may say ?socket=PATH, ?ssl=off, ?ssl=required or"
    " ?ssl-ca=PATH of who vouches for the server."
)
_OPTIONS = frozenset({"socket", "ssl", "ssl-ca"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`database` None: all that the account may see. `tls`: "off", "required", "" for where the server speaks it."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str | None
    socket: str | None
    tls: str
    authority: str | None


def address_of(url: str) -> Address:
    parts = urlsplit(url)
    options = parse_qs(parts.query, keep_blank_values=True)
    try:
        port = parts.port or 3306
    except ValueError:
        port = 0
    tls = options.get("ssl", [""])[0]
    if not port or not parts.username or not options.keys() <= _OPTIONS or tls not in ("", "off", "required"):
        raise Malformed(_FORM)
    return Address(
        host=parts.hostname or "localhost",
        port=port,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.strip("/")) or None,
        socket=options.get("socket", [None])[0],
        tls=tls,
        authority=options.get("ssl-ca", [None])[0],
    )


def connected(address: Address, *, writable: bool, patience_seconds: float) -> Connection:
    """SourceGone where it does not answer."""
    try:
        return _prepared(_open(address), writable=writable, patience_seconds=patience_seconds)
    except (pymysql.MySQLError, OSError, ValueError) as error:
        translated = errors.about_connecting(error)
    raise translated


def is_mariadb(connection: Connection) -> bool:
    return "mariadb" in str(connection.get_server_info()).lower()


def _open(address: Address) -> Connection:
    must = {"verify_mode": "none"} if address.tls == "required" and address.authority is None else None
    return pymysql.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        database=address.database,
        unix_socket=address.socket,
        ssl=must,
        ssl_ca=address.authority,
        ssl_verify_cert=True if address.authority else None,
        ssl_verify_identity=True if address.authority else None,
        ssl_disabled=address.tls == "off" or address.socket is not None,
        charset="utf8mb4",
        use_unicode=False,
        conv=dict(encoders),
        cursorclass=SSCursor,
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        program_name="rightcall",
    )


def _prepared(connection: Connection, *, writable: bool, patience_seconds: float) -> Connection:
    limit = (
        f"max_statement_time = {patience_seconds}"
        if is_mariadb(connection)
        else f"max_execution_time = {max(1, int(patience_seconds * 1000))}"
    )
    wait = max(1, ceil(patience_seconds))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET SESSION {limit}, time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES', net_write_timeout = 3600,"
            f" lock_wait_timeout = {wait}, innodb_lock_wait_timeout = {wait}"
        )
        cursor.execute(f"SET SESSION TRANSACTION {'READ WRITE' if writable else 'READ ONLY'}")
    return connection
