"""Finding every page of a face by walking: from link to link, until each sort of page that is served was met often enough."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import chain
from urllib.parse import urljoin, urlsplit

import httpx
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
_PAGE = "text/html"
_OK = 200


@dataclass(slots=True)
class Walked:
    """By the form of its address: pages that were met, none of them twice."""

    met: dict[str, list[str]] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)
    """What was met and is no page to this visitor, with its status."""


def pages_of(routes: Sequence[BaseRoute]) -> dict[str, re.Pattern[str]]:
    """What can be asked for, by the form of its address."""
    rooms = [getattr(getattr(each, "original_router", None), "routes", [each]) for each in routes]
    found = [each for each in chain.from_iterable(rooms) if isinstance(each, APIRoute) and "GET" in (each.methods or ())]
    return {each.path: each.path_regex for each in found}


def walk(http: httpx.Client, starts: Sequence[str], forms: Mapping[str, re.Pattern[str]], *, most: int) -> Walked:
    """At most so many of each form. A link's question is kept: it may be what the page is about."""
    found, waiting, seen = Walked(), deque(starts), set(starts)
    while waiting:
        address = waiting.popleft()
        form = next((each for each, fits in forms.items() if fits.match(urlsplit(address).path)), None)
        if form is None or len(found.met.setdefault(form, [])) >= most:
            continue
        answer = http.get(address)
        if answer.status_code != _OK or not answer.headers["content-type"].startswith(_PAGE):
            found.other.setdefault(form, answer.status_code)
            continue
        found.met[form].append(address)
        new = [each for each in _links(answer) if each not in seen]
        seen.update(new)
        waiting.extend(new)
    found.met = {form: met for form, met in found.met.items() if met}
    found.other = {form: status for form, status in found.other.items() if form not in found.met}
    return found


def _links(answer: httpx.Response) -> Iterator[str]:
    here = urlsplit(str(answer.url))
    for link in _LINK.findall(answer.text):
        there = urlsplit(urljoin(str(answer.url), unescape(link)))
        if (there.scheme, there.netloc) == (here.scheme, here.netloc):
            yield there.path + (f"?{there.query}" if there.query else "")
