"""Asking an object store which copies it makes by itself. What it does not let be asked is not known, and never taken for a
no."""

import os
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from rightcall.adapters.systems.s3.address import address_of
from rightcall.adapters.systems.s3.asking import Line
from rightcall.clock import Clock
from rightcall.copies.model import StoreCopies
from rightcall.discovery.model import SourceGone
from rightcall.errors import Malformed

_UNKNOWN = StoreCopies(versions=None, locks=None, replicates=None)
_FOLDER = StoreCopies(versions=False, locks=False, replicates=False)


def store_copies(
    url: str | None, endpoint: str | None, clock: Clock, *, environment: Mapping[str, str] = os.environ
) -> StoreCopies:
    """Of the store that sealed bytes go to. A folder makes none by itself: what its disk does is told apart. Three questions,
    and no more where the store does not answer."""
    if url is None or urlsplit(url).scheme == "file":
        return _FOLDER
    try:
        line = Line(address_of(_with_credentials(url, endpoint, environment)), clock)
    except Malformed:
        return _UNKNOWN
    try:
        return StoreCopies(
            versions=_says(line, "versioning", "Status"),
            locks=_says(line, "object-lock", "ObjectLockEnabled"),
            replicates=_says(line, "replication", "Rule/Status"),
        )
    except SourceGone:
        return _UNKNOWN
    finally:
        line.close()


def _says(line: Line, question: str, where: str) -> bool | None:
    """Versions that are no longer kept stay where they were, so *suspended* is a yes too."""
    answer = line.ask("GET", query={question: ""})
    if answer.status == 404:
        return False
    page = answer.xml() if answer.status == 200 else None
    return None if page is None else bool(page.findtext(where))


def _with_credentials(url: str, endpoint: str | None, environment: Mapping[str, str]) -> str:
    """In the form that systems have, without a prefix: these are questions about the whole bucket."""
    asked = {"region": environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "us-east-1"}
    asked |= {} if endpoint is None else {"endpoint": endpoint}
    asked |= {"session": environment["AWS_SESSION_TOKEN"]} if environment.get("AWS_SESSION_TOKEN") else {}
    key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    who = f"{quote(key, safe='')}:{quote(secret, safe='')}@" if key and secret else ""
    return f"s3://{who}{urlsplit(url).netloc}?{urlencode(asked)}"
