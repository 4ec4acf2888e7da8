"""One bucket, asked over HTTP: what is in it, its versions, how it is kept. Keys are taken as they are, whatever stands in
them: a client that reads them as paths fails on the whole list for one odd key.

A response is XML of the S3 API; answers are bounded, errors told without address, key or value.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus
from xml.etree.ElementTree import Element, ParseError

import httpx
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # has no stubs
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # has no stubs

from rightcall.adapters.systems.s3.address import Address
from rightcall.adapters.systems.s3.signing import encoded_path, encoded_query, signed
from rightcall.clock import Clock
from rightcall.discovery.model import NotRead, Reason, SourceGone

PAGE = "1000"
_TRIES = 3
_SECONDS = 30.0
_LARGEST_ANSWER = 16 << 20
_FORBIDDEN = {401, 403}
_MISSING = 404
_CHANGED = 412


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One object, or one version of it. `etag` with its quotation marks."""

    key: str
    etag: str
    size: int
    changed_at: datetime | None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: httpx.Headers

    @property
    def is_denied(self) -> bool:
        return self.status in _FORBIDDEN

    def xml(self) -> Element | None:
        try:
            root: Element = fromstring(self.body)
        except (ParseError, DefusedXmlException, ValueError):
            return None
        for each in root.iter():
            each.tag = each.tag.rpartition("}")[2]
        return root


class Line:
    """The way to the bucket. Every method may raise SourceGone."""

    def __init__(self, address: Address, clock: Clock) -> None:
        self._address, self._clock = address, clock
        for noisy in ("httpx", "httpcore"):  # they log addresses and keys, which may name people
            logging.getLogger(noisy).setLevel(logging.WARNING)
        self._http = httpx.Client(timeout=_SECONDS, transport=httpx.HTTPTransport(retries=1), trust_env=False)

    def close(self) -> None:
        self._http.close()

    def ask(
        self, method: str, key: str = "", query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Tried again where the service failed or the line did. What is asked of a source may be asked twice."""
        for left in reversed(range(_TRIES)):
            try:
                answer = self._once(method, key, query or {}, headers or {})
            except httpx.HTTPError as error:
                if not left:
                    raise SourceGone("The bucket does not answer. Check its address and that the service runs.") from error
                continue
            if answer.status < 500 or not left:
                return answer
        raise SourceGone("The bucket does not answer. Check its address and that the service runs.")

    def _once(self, method: str, key: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        path = self._address.path + key
        target = f"{_sent(path)}?{encoded_query(query)}" if query else _sent(path)
        sent = dict(headers)
        if self._address.credentials is not None:
            sent = signed(self._address.credentials, method, self._address.host, path, query, headers, self._clock.now())
        url = httpx.URL(self._address.root).copy_with(raw_path=target.encode("ascii"))
        with self._http.stream(method, url, headers=sent) as response:
            body = b""
            for piece in response.iter_raw():
                body += piece
                if len(body) > _LARGEST_ANSWER:
                    raise SourceGone("The bucket answers more than was asked. Check that its address is that of an S3 service.")
            return Answer(response.status_code, body, response.headers)

    def objects(self) -> Iterator[Entry]:
        """In the order of their keys."""
        query = {"list-type": "2", "prefix": self._address.prefix, "max-keys": PAGE, "encoding-type": "url"}
        for page in self._pages(query, {"NextContinuationToken": "continuation-token"}):
            yield from (entry_of(each) for each in page.findall("Contents"))

    def versions(self, key: str) -> Iterator[Entry]:
        """All versions and marks of deletion of one key; a mark has no etag."""
        query = {"versions": "", "prefix": key, "max-keys": PAGE, "encoding-type": "url"}
        following = {"NextKeyMarker": "key-marker", "NextVersionIdMarker": "version-id-marker"}
        for page in self._pages(query, following):
            for each in (*page.findall("Version"), *page.findall("DeleteMarker")):
                if (entry := entry_of(each)).key == key:
                    yield entry

    def _pages(self, query: dict[str, str], following: Mapping[str, str]) -> Iterator[Element]:
        while True:
            page = self.told(self.ask("GET", query=query))
            yield page
            if page.findtext("IsTruncated") != "true":
                return
            query = {**query, **{name: page.findtext(told) or "" for told, name in following.items() if page.findtext(told)}}

    def told(self, answer: Answer) -> Element:
        """The XML of a good answer."""
        page = answer.xml() if answer.status == 200 else None
        if page is None:
            raise SourceGone(_why(answer))
        return page

    def head(self, key: str) -> Entry | None:
        """An object as it is now; None where there is none. Raises NotRead where it may not be seen."""
        answer = self.ask("HEAD", key)
        if answer.status == _MISSING:
            return None
        size = answer.headers.get("content-length", "")
        if answer.status != 200 or not size.isdecimal():
            raise NotRead(Reason.UNREADABLE)
        return Entry(key=key, etag=answer.headers.get("etag", ""), size=int(size), changed_at=None)

    def bytes(self, key: str, etag: str | None, start: int, end: int) -> bytes:
        """Those from `start` to before `end`. Raises NotRead where the object is another by now."""
        headers = {"range": f"bytes={start}-{end - 1}"}
        if etag is not None:
            headers["if-match"] = etag
        answer = self.ask("GET", key, headers=headers)
        if answer.status in {200, 206}:
            return answer.body if answer.status == 206 else answer.body[start:end]
        reasons = {_MISSING: Reason.VANISHED, _CHANGED: Reason.CHANGED}
        raise NotRead(reasons.get(answer.status, Reason.UNREADABLE))


def entry_of(element: Element) -> Entry:
    size, changed = element.findtext("Size") or "0", element.findtext("LastModified")
    return Entry(
        key=unquote_plus(element.findtext("Key") or ""),
        etag=element.findtext("ETag") or "",
        size=int(size) if size.isdecimal() else 0,
        changed_at=datetime.fromisoformat(changed) if changed else None,
        version=element.findtext("VersionId"),
    )


def _sent(path: str) -> str:
    """Steps of dots alone are written out, else they would be taken as ways up. What is signed is the key."""
    return "/".join(step.replace(".", "%2E") if step in {".", ".."} else step for step in encoded_path(path).split("/"))


def _why(answer: Answer) -> str:
    if answer.is_denied:
        return "The bucket refuses us. Give a key that may list and read it."
    if answer.status == _MISSING:
        return "There is no such bucket. Correct the address."
    return "The bucket answers what is no list of objects. Check that its address is that of an S3 service."
