"""A vCon as something to be looked through: who took part, what was written and said, and what is attached, as
draft-ietf-vcon-vcon-core has it.

Nothing in it is believed or fetched: whether a yes in it counts is for `recordings.importing`. It is read leniently, since what
is wrong with a vCon does not make the people in it any less people. Sound is not listened to; what lies elsewhere is told.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping, Sequence

from rightcall.canonical import Json
from rightcall.discovery.detection.sides import sided
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part, Prose, Row, Rows, Turn, Turns

_LISTS = ("segments", "utterances", "turns", "messages", "entries", "dialog", "transcript", "paragraphs", "results", "body")
_WORDS = ("text", "transcript", "message", "content", "body", "sentence")
_SPEAKER = ("speaker", "party", "speaker_id", "channel", "role", "from")
_AT = ("start", "start_time", "at", "offset", "begin")
_TEXTS = ("text/", "application/json", "application/xml", "message/")
_DEEPEST = 12
_MOST_TURNS = 500


def parts_of(name: str, document: Json) -> Iterator[Part | PassedOver]:
    """Fields are the parties' own keys, `subject`, `dialog`, `analysis/N` and `attachments/N`; rows are `parties/N`. NotRead
    where it is no vCon."""
    if not isinstance(document, dict) or not {"parties", "dialog", "uuid"} & document.keys():
        raise NotRead(Reason.BROKEN)
    yield from _parties(name, _dicts(document.get("parties")))
    subject = document.get("subject")
    if isinstance(subject, str) and subject:
        yield _prose(name, "subject", subject)
    dialogs = _dicts(document.get("dialog"))
    yield from _written(name, dialogs)
    for number, each in enumerate(dialogs):
        if each.get("type") != "text":
            yield from _not_read(name, f"dialog/{number}", each)
    for kind in ("analysis", "attachments"):
        for number, each in enumerate(_dicts(document.get(kind))):
            yield from _content(name, f"{kind}/{number}", each)


def _parties(name: str, parties: Sequence[Mapping[str, Json]]) -> Iterator[Rows]:
    flat = [dict(_leaves(party)) for party in parties]
    heads = tuple(dict.fromkeys(key for party in flat for key in party))
    if heads:
        rows = tuple(Row(f"parties/{number}", tuple(map(party.get, heads))) for number, party in enumerate(flat))
        yield Rows(
            object=name, heads=heads, rows=rows, bytes=sum(len(cell.encode()) for row in rows for cell in row.cells if cell)
        )


def _written(name: str, dialogs: Sequence[Mapping[str, Json]]) -> Iterator[Part | PassedOver]:
    turns: list[Turn] = []
    for number, each in enumerate(dialogs):
        if each.get("type") != "text":
            continue
        text = _text(each)
        if text is None:
            yield from _not_read(name, f"dialog/{number}", each)
        else:
            turns.append(Turn(_first_party(each), text))
    yield from _in_stretches(name, "dialog", turns)


def _content(name: str, field: str, part: Mapping[str, Json]) -> Iterator[Part | PassedOver]:
    text = _text(part)
    if text is None:
        yield from _not_read(name, field, part)
        return
    turns = _turns(_as_json(part, text))
    if turns:
        yield from _in_stretches(name, field, turns)
    else:
        yield _prose(name, field, text)


def _not_read(name: str, field: str, part: Mapping[str, Json]) -> Iterator[PassedOver]:
    """What has neither a body nor an address has nothing in it to be read."""
    mediatype = str(part.get("mediatype") or part.get("mimetype") or "")
    if part.get("body") not in (None, "", [], {}):
        is_sound = part.get("type") == "recording" or mediatype.startswith(("audio/", "video/"))
        yield PassedOver(object=name, reason=Reason.SOUND if is_sound else Reason.BINARY, field=field)
    elif part.get("url"):
        yield PassedOver(object=name, reason=Reason.ELSEWHERE, field=field)


def _text(part: Mapping[str, Json]) -> str | None:
    """None where it has no text in it."""
    body, encoding = part.get("body"), part.get("encoding")
    mediatype = str(part.get("mediatype") or part.get("mimetype") or "")
    if body is None or body == "":
        return None
    if not isinstance(body, str):
        return json.dumps(body, ensure_ascii=False)
    if encoding != "base64url":
        return None if mediatype.startswith(("audio/", "video/")) else body
    if part.get("type") == "recording" or (mediatype and not mediatype.startswith(_TEXTS)):
        return None
    try:
        return urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except ValueError:
        return None


def _as_json(part: Mapping[str, Json], text: str) -> Json:
    """The body as the JSON that it is, or that it holds as text; some write it one way, some the other."""
    body = part.get("body")
    if not isinstance(body, str):
        return body
    try:
        found: Json = json.loads(text) if text.lstrip()[:1] in ("{", "[") else None
    except ValueError:
        found = None
    return found


def _turns(document: Json, depth: int = 0) -> list[Turn]:
    """Of a transcript, however its maker lays it out: a list of things that have words in them. [] where there is none."""
    if isinstance(document, list):
        return _from_list(document)
    if isinstance(document, dict) and depth < _DEEPEST:
        for key in _LISTS:
            found = _turns(document.get(key), depth + 1)
            if found:
                return found
    return []


def _from_list(found: Sequence[Json]) -> list[Turn]:
    speakers: dict[str, int] = {}
    turns: list[Turn] = []
    for each in found:
        words = next((each[key] for key in _WORDS if isinstance(each.get(key), str)), None) if isinstance(each, dict) else None
        if not isinstance(each, dict) or not isinstance(words, str):
            return []
        who = next((str(each[key]) for key in _SPEAKER if isinstance(each.get(key), str | int)), "")
        at = next((each[key] for key in _AT if isinstance(each.get(key), int | float)), None)
        number = speakers.setdefault(who, len(speakers))
        turns.append(Turn(number, words, float(at) if isinstance(at, int | float) else None))
    return turns


def _in_stretches(name: str, field: str, turns: Sequence[Turn]) -> Iterator[Turns]:
    for first in range(0, len(turns), _MOST_TURNS):
        some = sided(turns[first : first + _MOST_TURNS])
        yield Turns(
            object=name,
            turns=some,
            bytes=sum(len(turn.text.encode("utf-8", "replace")) for turn in some),
            field=field,
            first=first,
        )


def _prose(name: str, field: str, text: str) -> Prose:
    return Prose(object=name, pieces=iter([(len(text.encode("utf-8", "replace")), text)]), field=field)


def _first_party(dialog: Mapping[str, Json]) -> int:
    """Who wrote it, else who is named first."""
    for told in (dialog.get("originator"), dialog.get("parties")):
        first = told[0] if isinstance(told, list) and told else told
        if isinstance(first, int) and not isinstance(first, bool) and first >= 0:
            return first
    return 0


def _leaves(value: Json, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each value that is no list or object, under its keys joined by dots."""
    if isinstance(value, dict | list) and depth < _DEEPEST:
        pairs = value.items() if isinstance(value, dict) else ((str(number), each) for number, each in enumerate(value))
        for key, each in pairs:
            yield from _leaves(each, f"{path}.{key}" if path else key, depth + 1)
    elif value is not None and value != "":
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _dicts(found: Json) -> list[Mapping[str, Json]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
