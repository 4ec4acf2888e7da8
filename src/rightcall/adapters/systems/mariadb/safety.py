"""What a MariaDB server lets be seen of how it keeps its data."""

import re
from collections.abc import Iterator

from rightcall.adapters.systems.mariadb.catalogue import words
from rightcall.adapters.systems.mariadb.connecting import Connection
from rightcall.discovery.ports import SafetyFact, Seen

_GRANT = re.compile(r"GRANT (.+?) ON ")
_COLUMNS = re.compile(r"\([^)]*\)")
_READING = frozenset({"SELECT", "USAGE", "SHOW VIEW", "SHOW DATABASES", "PROXY"})
_MOST_TOLD = 5


def seen(connection: Connection, *, is_local: bool, writable: bool) -> list[Seen]:
    """`is_local`: by a socket within the machine. An account that is to change things may."""
    found: list[Seen] = []
    with connection.cursor() as cursor:
        if not is_local:
            cursor.execute("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
            if not any(row[1] for row in cursor.fetchall()):
                found.append(Seen(fact=SafetyFact.NO_TLS, object=None, evidence="The connection is not encrypted."))
        if not writable:
            cursor.execute("SHOW GRANTS")
            found.extend(_rights([words(row[0]) for row in cursor.fetchall()]))
        cursor.execute("SHOW VARIABLES LIKE 'innodb_encrypt_tables'")
        if any(row[1].upper() == b"OFF" for row in cursor.fetchall()):
            evidence = "The server does not encrypt its tables (innodb_encrypt_tables is OFF). Whether its disk does is not seen."
            found.append(Seen(fact=SafetyFact.UNENCRYPTED_AT_REST, object=None, evidence=evidence))
    return found


def _rights(grants: list[str]) -> Iterator[Seen]:
    given = (found[1] for found in map(_GRANT.match, grants) if found)
    rights = {right.strip() for each in given for right in _COLUMNS.sub("", each).split(",")}
    beyond = sorted(rights - _READING)
    if beyond:
        more = f" and {len(beyond) - _MOST_TOLD} more" if len(beyond) > _MOST_TOLD else ""
        evidence = f"The account holds {', '.join(beyond[:_MOST_TOLD])}{more}."
        yield Seen(fact=SafetyFact.RIGHTS_BEYOND_READING, object=None, evidence=evidence)
