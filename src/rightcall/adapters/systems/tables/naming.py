"""Names of tables and keys of rows as text, and back: two that differ never look the same."""

import json
import re
from collections.abc import Sequence

from rightcall.errors import Malformed

_PLAIN = re.compile(r"[^\W\d][\w$]*")
_PART = re.compile(r'"((?:[^"]|"")*)"|([^".]+)')


def name_of(path: Sequence[str]) -> str:
    """`public.people`; parts that are no plain words stand in quotation marks, as in SQL."""
    return ".".join(part if _PLAIN.fullmatch(part) else '"' + part.replace('"', '""') + '"' for part in path)


def path_of(name: str) -> tuple[str, ...]:
    parts: list[str] = []
    at = 0
    while at <= len(name):
        found = _PART.match(name, at)
        if found is None or (found.end() < len(name) and name[found.end()] != "."):
            raise Malformed("This is no name of a table. Give it as the scan told it.")
        parts.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        at = found.end() + 1
    return tuple(parts)


def key_of(values: Sequence[str | None]) -> str:
    """One value as it is; several, or one that is empty or looks like a list, as a JSON list."""
    if len(values) == 1 and values[0] is not None and not values[0].startswith("["):
        return values[0]
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def values_of(key: str, columns: int) -> tuple[str | None, ...]:
    if columns == 1 and not key.startswith("["):
        return (key,)
    try:
        values = json.loads(key)
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != columns or not all(isinstance(each, str | None) for each in values):
        raise Malformed("This is no key of a row of this table. Give it as the scan told it.")
    return tuple(values)
