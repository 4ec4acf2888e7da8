"""Finding every page of a face by walking: from link to link, to what is drawn or played in a page and to files, until each sort
of page that is served was met often enough; then to what lies right behind a page that was met, where only now and then a link
leads there."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import chain
from urllib.parse import urljoin, urlsplit

import httpx
from starlette.routing import BaseRoute, Route

_LINK = re.compile(r'<(?:(?:a|link)\b[^>]*?\bhref|(?:img|audio|script)\b[^>]*?\bsrc)="([^"#]+)')
_WITH_LINKS = "text/html"
_GOES_ON = "text/event-stream"
_WHOLE_TABLE = re.compile(r"[?&]as=(?:csv|json)\b")
_OK = 200


@dataclass(slots=True)
class Walked:
    """By the form of its address: pages that were met, none of them twice."""

    met: dict[str, list[str]] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)
    """What was met and is no page to this visitor, or goes on, with its status."""


def pages_of(routes: Sequence[BaseRoute]) -> dict[str, re.Pattern[str]]:
    """What can be asked for, by the form of its address."""
    rooms = [getattr(getattr(each, "original_router", None), "routes", [each]) for each in routes]
    found = [each for each in chain.from_iterable(rooms) if isinstance(each, Route) and "GET" in (each.methods or ())]
    return {each.path: each.path_regex for each in found}


def walk(
    http: httpx.Client, starts: Sequence[str], forms: Mapping[str, re.Pattern[str]], *, most: int, by_links_alone: bool = False
) -> Walked:
    """At most so many of each form. A link's question is kept: it may be what the page is about. `by_links_alone`: only where
    somebody is led."""
    found = Walked()
    _follow(http, starts, forms, found, most)
    if not by_links_alone:
        _follow(http, list(_behind(forms, found)), forms, found, most)
    found.met = {form: met for form, met in found.met.items() if met}
    found.other = {form: status for form, status in found.other.items() if form not in found.met}
    return found


def _follow(http: httpx.Client, starts: Sequence[str], forms: Mapping[str, re.Pattern[str]], found: Walked, most: int) -> None:
    waiting, seen = deque(starts), set(starts)
    while waiting:
        address = waiting.popleft()
        form = next((each for each, fits in forms.items() if fits.match(urlsplit(address).path)), None)
        met = found.met.setdefault(form, []) if form else []
        if form is None or address in met or len(met) >= most:
            continue
        links = _page(http, form, address, found)
        waiting.extend(each for each in links if each not in seen)
        seen.update(links)


def _page(http: httpx.Client, form: str, address: str, found: Walked) -> list[str]:
    """Its links, once it is written down. What goes on is not waited for, nor all of a table, which may be millions."""
    with http.stream("GET", address) as answer:
        kind = answer.headers.get("content-type", "")
        if answer.status_code != _OK or kind.startswith(_GOES_ON) or _WHOLE_TABLE.search(address):
            found.other.setdefault(form, answer.status_code)
            return []
        answer.read()
    found.met[form].append(address)
    return list(dict.fromkeys(_links(answer))) if kind.startswith(_WITH_LINKS) else []


def _behind(forms: Iterable[str], found: Walked) -> Iterator[str]:
    """Of each form that was not met, and is one that was met with a word more: that address with the word."""
    for form in forms:
        before, _, word = form.rpartition("/")
        if not found.met.get(form) and "{" not in word:
            yield from (f"{urlsplit(each).path}/{word}" for each in found.met.get(before, ()))


def _links(answer: httpx.Response) -> Iterator[str]:
    here = urlsplit(str(answer.url))
    for link in _LINK.findall(answer.text):
        there = urlsplit(urljoin(str(answer.url), unescape(link)))
        if (there.scheme, there.netloc) == (here.scheme, here.netloc):
            yield there.path + (f"?{there.query}" if there.query else "")
