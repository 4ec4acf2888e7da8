"""The recording metadata of SIPREC (RFC 7865): who takes part, and whose voice is on which stream.

Pure. Three dialects are in use, most under a namespace other than the RFC's, so elements are known by their local name:
`urn:ietf:params:xml:ns:recording:1`; `…:recording` with `id` attributes and `send` inside the participant; `…:siprec` with the
root `recording_metadata`. Updates are complete or partial; a partial one is merged by id. Document types, entities, deep
nesting and huge documents are refused. No field is ever assumed to be there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # has no stubs
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]  # has no stubs

from rightcall.errors import Malformed
from rightcall.personal import Personal

MAX_XML = 65_000
MAX_DEPTH = 24
MAX_ELEMENTS = 5_000
MAX_TEXT = 512
_ROOTS = ("recording", "recording_metadata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """`sends` are stream ids. `gone`: whether the metadata says that the participant left; None: it does not say."""

    id: str
    aor: Personal[str] | None = None
    name: Personal[str] | None = None
    sends: tuple[str, ...] = ()
    gone: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    id: str
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """`partial` says that what is not mentioned has not changed."""

    partial: bool
    session: str | None = field(repr=False)
    group: str | None = field(repr=False)
    participants: tuple[Participant, ...]
    streams: tuple[Stream, ...]


def parse(data: bytes) -> Metadata:
    """The metadata in `data`. Raises `Malformed`."""
    root = _tree(data)
    if _name(root) not in _ROOTS:
        raise Malformed("The metadata's root element is not <recording>.")
    return Metadata(
        partial=_text(_child(root, "datamode")).lower() == "partial",
        session=next((found for element in _children(root, "session") if (found := _id(element, "session_id"))), None),
        group=_group(root),
        participants=_participants(root),
        streams=_streams(root),
    )


def merge(known: Metadata | None, update: Metadata) -> Metadata:
    """What is known after `update`. A complete update replaces; a partial one adds to and changes what it mentions."""
    if known is None or not update.partial:
        return replace(update, partial=False)
    participants = {one.id: one for one in known.participants}
    for one in update.participants:
        before = participants.get(one.id, one)
        participants[one.id] = Participant(
            id=one.id,
            aor=one.aor or before.aor,
            name=one.name or before.name,
            sends=one.sends or before.sends,
            gone=before.gone if one.gone is None else one.gone,
        )
    streams = {stream.id: stream for stream in known.streams}
    for stream in update.streams:
        before_label = streams[stream.id].label if stream.id in streams else None
        streams[stream.id] = Stream(id=stream.id, label=stream.label or before_label)
    return Metadata(
        partial=False,
        session=known.session or update.session,
        group=update.group or known.group,
        participants=tuple(participants.values()),
        streams=tuple(streams.values()),
    )


class _Limited(TreeBuilder):
    """Builds a tree that stays small, whatever the document."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise Malformed("The metadata is nested too deeply or has too many elements.")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _tree(data: bytes) -> Element:
    if len(data) > MAX_XML:
        raise Malformed("The metadata is too large.")
    parser = DefusedXMLParser(target=_Limited(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data.strip())
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError, TypeError, AssertionError) as error:
        raise Malformed("The metadata is not well-formed XML, or holds a document type or entities.") from error
    return root


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if _name(child) == name]


def _child(element: Element | None, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None) if element is not None else None


def _text(element: Element | None) -> str:
    return ((element.text if element is not None else None) or "").strip()[:MAX_TEXT]


def _attribute(element: Element, *names: str) -> str:
    for key, value in element.attrib.items():
        if key.rpartition("}")[2].lower() in names:
            return value.strip()[:MAX_TEXT]
    return ""


def _id(element: Element, name: str) -> str:
    return _attribute(element, name) or _attribute(element, "id")


def _group(root: Element) -> str | None:
    """The group of the session, else the only group there is. Both name the same thing in different dialects."""
    for session in _children(root, "session"):
        for name in ("group-ref", "groupref", "group"):
            if found := _text(_child(session, name)):
                return found
    groups = [found for element in _children(root, "group") if (found := _id(element, "group_id"))]
    return groups[0] if len(groups) == 1 else None


def _participants(root: Element) -> tuple[Participant, ...]:
    found: dict[str, Participant] = {}
    for element in _children(root, "participant"):
        if ref := _id(element, "participant_id"):
            found[ref] = _participant(ref, element)
    for element in _children(root, "participantstreamassoc"):
        ref = _id(element, "participant_id")
        if ref:
            before = found.get(ref, Participant(id=ref))
            found[ref] = replace(before, sends=_distinct([*before.sends, *_sends(element)]))
    for element in _children(root, "participantsessionassoc"):
        if ref := _id(element, "participant_id"):
            found[ref] = replace(found.get(ref, Participant(id=ref)), gone=_child(element, "disassociate-time") is not None)
    return tuple(found.values())


def _participant(ref: str, element: Element) -> Participant:
    identity = _child(element, "nameid")
    aor = _attribute(identity, "aor") if identity is not None else _text(_child(element, "aor"))
    name = _text(_child(identity, "name")) or _text(_child(element, "name"))
    return Participant(
        id=ref,
        aor=Personal(aor) if aor else None,
        name=Personal(name) if name else None,
        sends=_distinct(_sends(element)),
        gone=True if _child(element, "disassociate-time") is not None else None,
    )


def _sends(element: Element) -> list[str]:
    return [text for child in _children(element, "send") if (text := _text(child))]


def _streams(root: Element) -> tuple[Stream, ...]:
    found: dict[str, Stream] = {}
    for element in _children(root, "stream"):
        if ref := _id(element, "stream_id"):
            found[ref] = Stream(id=ref, label=_text(_child(element, "label")) or None)
    return tuple(found.values())


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
