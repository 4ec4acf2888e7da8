"""A system of one's own, that serves what docs/reference/own-system.yaml says. What it sends is bounded and parsed strictly; what
is wrong with it is told without repeating it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import httpx
from pydantic import ValidationError

from rightcall.adapters.in_time import InTime
from rightcall.adapters.systems.own import answers
from rightcall.adapters.systems.own.answers import MOST_ROWS, Found
from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.tables.sampling import is_chosen
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.parts import Part, Row, Rows
from rightcall.discovery.picking import one_by_one
from rightcall.discovery.ports import Ability, Gone, Listed, Refusal, Seen, Spot, System
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound

A = TypeVar("A", bound=answers.Answer)
_MOST_BYTES = 16 << 20
_WHOLE_ANSWER = 4
"""So many times as long as is waited for a piece of it: one that comes byte by byte would hold an erasure for ever."""
_BASE = "/rightcall/v1"
_FORM = "An address of a system of one's own is own+https://TOKEN@HOST:PORT/BASE, or own+http:// within one machine."
_OBSTACLES = {
    "pointed_at": "Other data points at this, so the system keeps it. Let go of that first.",
    "must_not_be_empty": "The system does not allow this field to be empty. Let go of the whole row.",
    "changed": "Something else stands there by now. Look at what it is.",
    "not_such": "The system takes no such value there. Put it right in the system.",
    "under_hold": "The system holds this back for a reason of its own. Ask who looks after it.",
    "other": "The system refuses this change. Ask who looks after it.",
}
_LOCAL = ("127.0.0.1", "::1", "localhost")


def open_own(url: str, *, writable: bool = False, pace: Pace | None = None) -> System:
    """`url`: own+https://TOKEN@HOST:PORT/BASE. SourceGone where it does not answer as it should."""
    parts = urlsplit(url.removeprefix("own+"))
    if parts.scheme not in ("https", "http") or not parts.username or parts.password or not parts.hostname or parts.query:
        raise Malformed(_FORM)
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise Malformed(f"Without TLS, everybody on the way reads along. {_FORM}")
    host = parts.netloc.rpartition("@")[2]
    return Own(
        f"{parts.scheme}://{host}{parts.path.rstrip('/')}", unquote(parts.username), writable=writable, pace=pace or Pace()
    )


class Own:
    """Implements `discovery.ports.System`."""

    def __init__(self, base: str, token: str, *, writable: bool, pace: Pace) -> None:
        self._client = httpx.Client(
            base_url=base + _BASE,
            headers={"authorization": f"Bearer {token}", "accept": "application/json"},
            timeout=pace.patience_seconds,
            trust_env=False,
        )
        self._in_time = InTime(self._client)
        self._pace = pace
        declared = self._get("", {}, answers.Abilities).abilities
        self._abilities = declared if writable else declared - {Ability.ERASE, Ability.CORRECT}

    @property
    def abilities(self) -> frozenset[Ability]:
        return frozenset(self._abilities)

    def objects(self) -> Iterator[Listed | PassedOver]:
        after: str | None = None
        seen: set[str | None] = {None}
        while True:
            page = self._get("/objects", {"after": after}, answers.Objects)
            for each in page.items:
                yield Listed(name=each.name, fingerprint=each.fingerprint, size=each.size)
            if page.next is None:
                return
            after = _onward(page.next, seen)

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        """All rows are asked for, also where only a sample of them is looked at."""
        after: str | None = None
        seen: set[str | None] = {None}
        while True:
            began = self._pace.now()
            asked = {"object": object.name, "after": after, "most": str(self._pace.most_rows)}
            try:
                page = self._get("/rows", asked, answers.SomeRows)
            except NotFound:
                raise NotRead(Reason.VANISHED) from None
            yield _rows(object.name, page, sample)
            if page.next is None:
                return
            after = _onward(page.next, seen)
            self._pace.rest(len(page.rows), self._pace.now() - began)

    def sign(self, object: Listed) -> str | None:
        """What the list says is all there is."""
        del object
        return None

    def safety(self) -> Iterator[Seen]:
        """Such a system is reached by TLS or within one machine; nothing else of it can be seen from outside."""
        return iter(())

    def export(self, spot: Spot) -> bytes:
        """A row as a JSON object in UTF-8; a field as its own bytes."""
        self._need(Ability.EXPORT)
        if spot.row is None:
            raise Malformed("Such a system is asked row by row. Name a row.")
        fields = self._get("/row", {"object": spot.object, "key": spot.row}, answers.Fields).fields
        if spot.field is None:
            return json.dumps(fields, ensure_ascii=False).encode()
        value = fields.get(spot.field)
        if value is None:
            raise NotFound("Nothing lies there (any more).")
        return value[spot.start : spot.end].encode()

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        return one_by_one(self.export, spots)

    def erase(self, spots: Sequence[Spot]) -> None:
        """A stretch of a field goes with all of the field: such a system is asked for nothing finer."""
        self._need(Ability.ERASE)
        for some in _by_thousands(spots):
            self._ask(self._client.build_request("POST", "/erase", json=_asked(some)))

    def correct(self, spot: Spot, value: str, *, was: str) -> None:
        self._need(Ability.CORRECT)
        if spot.row is None or spot.field is None or spot.start is not None:
            raise Malformed("Such a system puts right a whole field of a row. Name both.")
        asked = {"object": spot.object, "key": spot.row, "field": spot.field, "value": value, "was": was}
        self._ask(self._client.build_request("POST", "/correct", json=asked))

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        self._need(Ability.CONFIRM)
        told: dict[Spot, Gone] = {}
        for some in _by_thousands(spots):
            content = self._ask(self._client.build_request("POST", "/confirm", json=_asked(some)))
            found = _parsed(content, Found).found
            if len(found) != len(some):
                raise SourceGone("The system looked again for another number of places than it was asked for. See to it.")
            told.update(zip(some, found, strict=True))
        return told

    def close(self) -> None:
        self._client.close()

    def _need(self, ability: Ability) -> None:
        if ability not in self._abilities:
            raise NotAllowed(f"This system does not {ability.value}, or was not opened for it. Ask for its abilities first.")

    def _get(self, path: str, asked: Mapping[str, str | None], form: type[A]) -> A:
        given = {name: value for name, value in asked.items() if value is not None}
        return _parsed(self._ask(self._client.build_request("GET", path, params=given)), form)

    def _ask(self, request: httpx.Request) -> bytes:
        """The body of its answer. What goes wrong is raised outside of the handler: addresses hold keys of rows."""
        try:
            status, content = self._answer(request)
        except httpx.HTTPError:
            status, content = 0, b""
        if status == 0:
            raise SourceGone("The system does not answer. Check that it runs and where, then try again.")
        if status == httpx.codes.CONFLICT:
            raise Conflict(_OBSTACLES[_parsed(content or b"{}", answers.Obstacle).why])
        if status == httpx.codes.NOT_FOUND:
            raise NotFound("The system has no such thing (any more).")
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise SourceGone("The system refuses this token. Check it, then try again.")
        if not httpx.codes.is_success(status) or len(content) > _MOST_BYTES:
            raise SourceGone(f"The system answered with {status}, or with too much. See to it, then try again.")
        return content

    def _answer(self, request: httpx.Request) -> tuple[int, bytes]:
        """No more than is taken, and a little."""
        content = bytearray()
        with self._in_time.send(request, self._pace.patience_seconds * _WHOLE_ANSWER) as response:
            for piece in response.iter_bytes():
                content += piece
                if len(content) > _MOST_BYTES:
                    break
        return response.status_code, bytes(content)


def _parsed(content: bytes, form: type[A]) -> A:
    with suppress(ValidationError):
        return form.model_validate_json(content)
    raise SourceGone(f"The system's answer is not of the form {form.__name__} (docs/reference/own-system.yaml). See to it.")


def _rows(name: str, page: answers.SomeRows, sample: float) -> Rows:
    if any(len(row.cells) != len(page.fields) for row in page.rows):
        raise SourceGone("The system sent a row that has not as many cells as there are fields. See to it.")
    rows = tuple(Row(row.key, row.cells) for row in page.rows if is_chosen(row.key, sample))
    took = sum(len(cell.encode("utf-8", "replace")) for row in rows for cell in row.cells if cell)
    return Rows(object=name, heads=page.fields, rows=rows, bytes=took)


def _onward(next: str, seen: set[str | None]) -> str:
    """A cursor that comes again would lead round and round."""
    if next in seen:
        raise SourceGone("The system's pages lead in a circle. See to it, then try again.")
    seen.add(next)
    return next


def _by_thousands(spots: Sequence[Spot]) -> Iterator[Sequence[Spot]]:
    for first in range(0, len(spots), MOST_ROWS):
        yield spots[first : first + MOST_ROWS]


def _asked(spots: Sequence[Spot]) -> dict[str, list[dict[str, str | None]]]:
    if any(spot.row is None for spot in spots):
        raise Malformed("Such a system is asked row by row. Name a row.")
    return {"spots": [{"object": spot.object, "key": spot.row, "field": spot.field} for spot in spots]}
