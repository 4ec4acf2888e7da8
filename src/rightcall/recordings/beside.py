"""A record in doubt, beside what is known of the person whom it may be about: shown to whoever has to decide, and kept nowhere.

1. In one transaction the verdict is asked for the record, for each thing that is compared with it, and for what the person is
   known by here; each answer is a line in the log of uses, before anything is read.
2. Outside of any transaction the values are read where they lie, as they are there now. What cannot be shown says why.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from rightcall.actors import Actor
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions.states import STANDING, WAITING
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import KeptFinding
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Link
from rightcall.discovery.model import NotRead, SourceGone
from rightcall.discovery.ports import Ability, Spot, System
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Sensitivity, category_named
from rightcall.holdings.places import is_plain
from rightcall.holdings.uses.model import FieldName, UseAct
from rightcall.ids import LinkId, PurposeId, SubjectId, SystemId
from rightcall.personal import Personal
from rightcall.recordings.tools import Tools
from rightcall.recordings.using import NEVER_SHOWN, Answered, Wanted, ask
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.vault.model import Dark

MOST_RECORDS = 3
"""Of the person's records: each is read in its system."""
MOST_WEIGHED = 30
"""Of the person's records, the newest: among these are those that tell most."""
MOST_VALUES = 20
"""Of each record: a table may have found many things in one row."""
_LONGEST = 400
_PRIVATE = (Sensitivity.SPECIAL_CATEGORY, Sensitivity.CRIMINAL)
_SHORT = 3


class NotShown(StrEnum):
    """Why a value is not here. `verdict_no`: for this thing the verdict is no. `not_for_purpose`: it is not kept for that
    purpose. `card_data`: a card is shown to nobody. `too_many`: of one record only so many are read."""

    SOURCE_AWAY = "source_away"
    CANNOT_EXPORT = "cannot_export"
    RETIRED = "retired"
    NOT_THERE = "not_there"
    NOT_READABLE = "not_readable"
    NOT_FOR_PURPOSE = "not_for_purpose"
    VERDICT_NO = "verdict_no"
    CARD_DATA = "card_data"
    TOO_MANY = "too_many"


NOT_SHOWN: Mapping[NotShown, str] = {
    NotShown.SOURCE_AWAY: "its system does not answer. See to it, then look again",
    NotShown.CANNOT_EXPORT: "its system cannot hand it out. Open the record there",
    NotShown.RETIRED: "its system was retired",
    NotShown.NOT_THERE: "it is not there any more. Scan its system again",
    NotShown.NOT_READABLE: "it cannot be read by itself. Open the record in its system",
    NotShown.NOT_FOR_PURPOSE: "it is not kept for this purpose",
    NotShown.VERDICT_NO: "the verdict is no",
    NotShown.CARD_DATA: "card data is shown to nobody",
    NotShown.TOO_MANY: f"of one record at most {MOST_VALUES} values are read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """`type`: what it was found to be. `field`: only where its name is plain. Either `value` or `not_shown`."""

    type: str
    field: str | None
    value: Personal[str] | None
    not_shown: NotShown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A record of a system; or, where both are None, what the person is known by here."""

    record: UUID | None
    system: SystemId | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """`left_out`: how many more records of the person there are."""

    in_doubt: Shown
    theirs: tuple[Shown, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One thing to be read, and why it will not be, where that is known before."""

    finding: KeptFinding
    not_shown: NotShown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """What may be read now, and where; nothing of it was read yet but `known`, which lay here."""

    in_doubt: tuple[_Asked, ...]
    theirs: tuple[tuple[_Asked, ...], ...]
    known: Shown | None
    left_out: int
    sources: Mapping[SystemId, tuple[RegisteredSystem, Personal[str]] | None]


class Opens(Protocol):
    """Raises SourceGone, NotFound or Malformed where the system cannot be reached."""

    def __call__(self, system: RegisteredSystem, address: Personal[str], /) -> System: ...


def permit(
    tx: Transaction,
    tools: Tools,
    link: LinkId,
    *,
    purpose: PurposeId,
    by: Actor,
    reason: str | None = None,
    case: str | None = None,
) -> Permitted | Answered:
    """What may be read, or the verdict that says no to the record in doubt. Conflict where there is nothing left to decide."""
    found = linking.get(tx, link)
    if found.state not in STANDING | WAITING:
        raise Conflict(f"This link is {found.state}: there is nothing left to decide, so nothing is shown.")
    why = Wanted(act=UseAct.READ, purpose=purpose, subject=found.subject, reason=reason, case=case)
    [in_doubt] = _of_records(tx, tools, [(found.record, found.system)])
    if not in_doubt:
        raise Conflict("This record is gone from its system. Scan the system again; there is nothing left to decide.")
    [answer] = ask(tx, tools, [_in_place(why, in_doubt)], by=by)
    if not answer.verdict.proceeds:
        return answer
    mine = [each for each in linking.records_of(tx, found.subject) if each[0] != found.record]
    theirs = _telling(tx, purpose, in_doubt, _of_records(tx, tools, mine[:MOST_WEIGHED]))
    asked = dict.fromkeys([found.system, *(record[0].finding.system for record in theirs)])
    return Permitted(
        in_doubt=in_doubt,
        theirs=tuple(_weighed(tx, tools, why, each, by) for each in theirs),
        known=_known(tx, tools, found, why, by),
        left_out=len(mine) - len(theirs),
        sources={each: _source(tx, tools, each) for each in asked},
    )


def look(opens: Opens, permitted: Permitted) -> Beside:
    """Read what may be read, each system opened once. Nobody's transaction waits for it."""
    wanted = [*permitted.in_doubt, *(each for record in permitted.theirs for each in record)]
    values = dict(_read(opens, permitted.sources, wanted))
    theirs = [_shown(record, values) for record in permitted.theirs]
    return Beside(
        in_doubt=_shown(permitted.in_doubt, values),
        theirs=(*(() if permitted.known is None else (permitted.known,)), *theirs),
        left_out=permitted.left_out,
    )


def hinted(value: Personal[str]) -> str:
    """Enough to compare by, and not to know by: the first letter of each word and the last two figures; of what is short,
    nothing."""
    text = value.reveal("hint at a value")
    if sum(each.isalnum() for each in text) <= _SHORT:
        return _covered(text, frozenset())
    figures = [at for at, each in enumerate(text) if each.isdigit()]
    initials = [at for at, each in enumerate(text) if each.isalpha() and not (at and text[at - 1].isalnum())]
    return _covered(text, frozenset(figures[-2:] + initials))


def _covered(text: str, kept: frozenset[int]) -> str:
    return "".join("▒" if each.isalnum() and at not in kept else each for at, each in enumerate(text))


def _of_records(tx: Transaction, tools: Tools, records: Sequence[tuple[UUID, SystemId]]) -> list[tuple[_Asked, ...]]:
    """What was found in each, in the order of `records`."""
    by_record: dict[UUID, list[KeptFinding]] = {record: [] for record, _ in records}
    for system in dict.fromkeys(system for _, system in records):
        for each in findings.of_records(tx, tools.vault, systems.get(tx, system), [one for one, its in records if its == system]):
            by_record[each.record].append(each)
    telling = {record: [each for each in found if not _is_private(each)] for record, found in by_record.items()}
    found = [telling[record] or by_record[record] for record, _ in records]
    return [tuple(map(_asked, range(len(each)), each)) for each in found]


def _is_private(finding: KeptFinding) -> bool:
    """What the law protects most, such as an illness, is nothing to tell people apart by, and is not read for that."""
    return category_named(finding.category).sensitivity in _PRIVATE and not finding.clue_kinds


def _asked(nth: int, finding: KeptFinding) -> _Asked:
    if finding.category in NEVER_SHOWN:
        return _Asked(finding=finding, not_shown=NotShown.CARD_DATA)
    if finding.spot is None:
        return _Asked(finding=finding, not_shown=NotShown.RETIRED)
    return _Asked(finding=finding, not_shown=NotShown.TOO_MANY if nth >= MOST_VALUES else None)


def _in_place(why: Wanted, record: Sequence[_Asked]) -> Wanted:
    """A record that is not on the map is told by its system and its object."""
    first = record[0].finding
    return replace(why, system=first.system, object=first.object, fields=_fields(record))


def _fields(record: Iterable[_Asked]) -> tuple[FieldName, ...]:
    """What has no plain name is told by what it was found to be."""
    names = [_named(each.finding) for each in record if each.not_shown is None]
    return tuple(FieldName(text=each) for each in dict.fromkeys(names))


def _named(finding: KeptFinding) -> str:
    return finding.field if finding.field is not None and is_plain(finding.field) else finding.type


def _telling(
    tx: Transaction, purpose: PurposeId, in_doubt: Sequence[_Asked], records: Sequence[Sequence[_Asked]]
) -> list[tuple[_Asked, ...]]:
    """Those that have most to compare by among what may be shown for the purpose, in which the record in doubt may agree or
    differ; of equal ones those first that come first."""
    kinds = {kind for each in in_doubt for kind in each.finding.clue_kinds}

    def worth(record: Sequence[_Asked]) -> tuple[int, int]:
        shown = [each.finding for each in record if each.not_shown is None]
        return len(kinds.intersection(kind for each in shown for kind in each.clue_kinds)), len(shown)

    weighed = [
        tuple(_for_purpose(tx, purpose, each) for each in record)
        for record in records
        if not all(_is_private(each.finding) for each in record)
    ]
    return sorted(weighed, key=worth, reverse=True)[:MOST_RECORDS]


def _weighed(tx: Transaction, tools: Tools, why: Wanted, record: Sequence[_Asked], by: Actor) -> tuple[_Asked, ...]:
    """Of one record of the person's: what lies on the map is weighed as the map has it, each thing by itself."""
    open = [each for each in record if each.not_shown is None]
    mapped = [each for each in open if each.finding.holding is not None]
    unmapped = [each for each in open if each.finding.holding is None]
    wanted = [replace(why, subject=None, holding=each.finding.holding, fields=_fields([each])) for each in mapped] + (
        [_in_place(why, unmapped)] if unmapped else []
    )
    answers = ask(tx, tools, wanted, by=by) if wanted else []
    yes = [answer.verdict.proceeds for answer in answers]
    refused = {each.finding.id for each, is_yes in zip(mapped, yes, strict=False) if not is_yes}
    if unmapped and not yes[-1]:
        refused |= {each.finding.id for each in unmapped}
    return tuple(replace(each, not_shown=NotShown.VERDICT_NO) if each.finding.id in refused else each for each in record)


def _for_purpose(tx: Transaction, purpose: PurposeId, asked: _Asked) -> _Asked:
    holding = asked.finding.holding
    if asked.not_shown is not None or holding is None or purpose in holdings.get(tx, holding).purposes:
        return asked
    return replace(asked, not_shown=NotShown.NOT_FOR_PURPOSE)


def _known(tx: Transaction, tools: Tools, link: Link, why: Wanted, by: Actor) -> Shown | None:
    """What the person is known by here, from what they called from or said. None where they never did."""
    told = [each for subject in joining.person(tx, link.subject) for each in _told(tx, tools, subject)]
    if not told:
        return None
    names = tuple(FieldName(text=each) for each in dict.fromkeys(type for type, _ in told))
    [answer] = ask(tx, tools, [replace(why, fields=names)], by=by)
    may = answer.verdict.proceeds
    values = tuple(
        Value(type=type, field=None, value=value if may else None, not_shown=None if may else NotShown.VERDICT_NO)
        for type, value in told
    )
    return Shown(record=None, system=None, values=values)


def _told(tx: Transaction, tools: Tools, subject: SubjectId) -> Iterator[tuple[str, Personal[str]]]:
    name, known = subjects.name_of(tx, tools.vault, subject), subjects.identifiers_of(tx, tools.vault, subject)
    if isinstance(name, Personal):
        yield "name", name
    for each in () if isinstance(known, Dark) else known:
        yield each.kind.value, each.value


def _source(tx: Transaction, tools: Tools, system: SystemId) -> tuple[RegisteredSystem, Personal[str]] | None:
    """How to get in; None once it is retired."""
    found = systems.get(tx, system)
    return None if found.retired_at is not None else (found, systems.address_of(tx, tools.vault, found))


def _read(
    opens: Opens, sources: Mapping[SystemId, tuple[RegisteredSystem, Personal[str]] | None], wanted: Sequence[_Asked]
) -> Iterator[tuple[UUID, Value]]:
    """By the findings' ids; of what is told twice the later counts."""
    for system, source in sources.items():
        here = [each for each in wanted if each.finding.system == system]
        known = [each for each in here if each.not_shown is not None]
        yield from ((each.finding.id, _value(each.finding, each.not_shown)) for each in known)
        open = [each.finding for each in here if each.not_shown is None]
        why = NotShown.RETIRED if source is None else NotShown.SOURCE_AWAY
        yield from ((each.id, _value(each, why)) for each in open)
        if source is not None and open:
            yield from _read_system(opens, source, open)


def _read_system(
    opens: Opens, source: tuple[RegisteredSystem, Personal[str]], wanted: Sequence[KeptFinding]
) -> Iterator[tuple[UUID, Value]]:
    """As far as it answers: what comes after that is away."""
    try:
        with closing(opens(*source)) as system:
            for each in wanted:
                yield each.id, _value(each, _exported(system, each))
    except (SourceGone, NotFound, Malformed):
        return


def _exported(system: System, finding: KeptFinding) -> Personal[str] | NotShown:
    if Ability.EXPORT not in system.abilities:
        return NotShown.CANNOT_EXPORT
    assert finding.spot is not None  # noqa: S101 - what has none is not asked for
    try:
        return _text(system, finding.spot)
    except NotFound:
        return NotShown.NOT_THERE
    except NotAllowed:
        return NotShown.CANNOT_EXPORT
    except (NotRead, Conflict, Malformed):
        return NotShown.NOT_READABLE


def _text(system: System, spot: Spot) -> Personal[str]:
    text = system.export(spot).decode("utf-8", "replace")
    return Personal(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _value(finding: KeptFinding, found: Personal[str] | NotShown | None) -> Value:
    value, not_shown = (found, None) if isinstance(found, Personal) else (None, found)
    return Value(type=finding.type, field=finding.field, value=value, not_shown=not_shown)


def _shown(record: Sequence[_Asked], values: Mapping[UUID, Value]) -> Shown:
    first = record[0].finding
    return Shown(record=first.record, system=first.system, values=tuple(values[each.finding.id] for each in record))
