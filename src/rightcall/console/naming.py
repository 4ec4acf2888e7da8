"""What tables of the console have in their columns where they say purposes, systems and people of a call by their names."""

from collections.abc import Mapping, Sequence

from rightcall.consent.model import Quality, Standing
from rightcall.consent.quality.model import Tally
from rightcall.consent.saying import ANSWERED
from rightcall.console.places import CALLED
from rightcall.design.tables import Column, Table
from rightcall.design.tongues import in_tongue
from rightcall.discovery.findings.model import KeptFinding
from rightcall.discovery.saying import sort
from rightcall.discovery.scans.model import SkippedObject
from rightcall.discovery.systems.naming import SystemNames
from rightcall.erasure.elsewhere.model import Errand
from rightcall.ethics import saying as parity
from rightcall.ethics.minimisation.model import Kept
from rightcall.ethics.model import Flag
from rightcall.ethics.model import Row as Measured
from rightcall.holdings import saying
from rightcall.holdings.categories import Category, category_named
from rightcall.holdings.holds.model import Slice
from rightcall.holdings.map.model import Sorted
from rightcall.holdings.map.page import name_of
from rightcall.ids import HoldingId, PartyId, PurposeId, SubjectId
from rightcall.policy.adoption.model import Draft
from rightcall.policy.model import Rule
from rightcall.purposes.model import Purpose
from rightcall.recordings.model import TimelineEntry
from rightcall.recordings.saying import HAPPENED, why
from rightcall.reviews.model import History
from rightcall.reviews.model import Stage as ReviewStage

Known = Mapping[PurposeId, Purpose]
Names = Mapping[PartyId, str]
_CATEGORIES = tuple(sorted({saying.category(each) for each in Category}))
Answered = tuple[tuple[PartyId, PurposeId], Standing]


def errands(names: SystemNames) -> Table[Errand]:
    return Table(
        name="errands",
        file="other-systems",
        columns=(
            Column("system", "System", lambda each: names.get(each.system, str(each.system))),
            Column("places", "How its places stand", lambda each: ", ".join(f"{s.value}: {n}" for s, n in each.places.items())),
            Column("trouble", "Trouble", lambda each: each.trouble, is_picked=True),
            Column("tried", "Tried, again", lambda each: each.tried_at),
        ),
    )


def drafts() -> Table[Draft]:
    def now(each: Draft) -> str:
        return "adopted" if each.adoption else "withdrawn" if each.withdrawn_at else "waits"

    return Table(
        name="drafts",
        file="drafts",
        columns=(
            Column("drafted", "Draft", lambda each: each.drafted_at, is_period=True),
            Column("by", "By", lambda each: each.by.role, is_picked=True, words=CALLED),
            Column("signed", "Signed by", lambda each: ", ".join(sign.by.role.value for sign in each.signatures)),
            Column("now", "Now", now, is_picked=True),
        ),
    )


def rules(name: str) -> Table[Rule]:
    """`name`: whose."""
    return Table(
        name=name,
        file=f"rules-of-the-{name}",
        columns=(
            Column("rule", "What it says", lambda each: each.id),
            Column("why", "Why", lambda each: each.ground),
            Column("since", "Since", lambda each: each.in_force_from, is_period=True),
            Column("pack", "Pack", lambda each: each.file.removesuffix(".cedar"), is_picked=True, is_shown=False),
            Column("says", "In words", lambda each: each.says, is_shown=False),
        ),
    )


def measured(known: Known) -> Table[Measured]:
    def cell(nth: int) -> Column[Measured]:
        return Column(f"told_{nth}", parity.HEADS[nth], lambda row: parity.told(row)[nth], is_sorted=nth == 0, is_picked=nth == 0)

    return Table(file="parity", columns=(_measure(known), *(cell(nth) for nth in range(len(parity.HEADS)))))


def untold(known: Known) -> Table[Measured]:
    """What cannot be compared: the first and the last of what is told of the others is all there is of it."""
    return Table(
        name="untold",
        file="parity-not-told",
        columns=(
            _measure(known),
            Column("why", parity.HEADS[0], lambda row: parity.told(row)[0], is_picked=True),
            Column("looks", parity.HEADS[-1], lambda row: parity.told(row)[-1]),
        ),
    )


def _measure(known: Known) -> Column[Measured]:
    return Column("measure", "Measure", lambda row: f"{known[row.purpose].title}: {parity.NAMES[row.measure]}")


def answers(names: Names, known: Known) -> Table[Answered]:
    """Of one call."""
    return Table(
        name="answers",
        file="answers",
        columns=(
            Column("who", "Who", lambda row: names[row[0][0]], is_picked=True),
            Column("purpose", "Purpose", lambda row: known[row[0][1]].title),
            Column("answer", "Answer", lambda row: row[1].answer, is_picked=True, words=ANSWERED),
            Column("worth", "What it is worth", lambda row: row[1].quality, is_picked=True),
        ),
    )


def timeline(names: Names, known: Known) -> Table[TimelineEntry]:
    """Of one call."""
    return Table(
        name="timeline",
        file="what-happened",
        page=100,
        columns=(
            Column("when", "When", lambda each: each.at),
            Column("who", "Who", lambda each: names.get(each.party) if each.party else None, is_picked=True),
            Column("what", "What", lambda each: HAPPENED[each.kind], is_picked=True),
            Column("for", "For", lambda each: known[each.purpose].title if each.purpose else None, is_picked=True, is_own=True),
            Column("why", "Why", _why),
            Column("by", "By", lambda each: each.by.role if each.by else None, is_picked=True, words=CALLED),
        ),
    )


def _why(each: TimelineEntry) -> str | None:
    return why(each.reason) if each.reason and each.kind.value != "joined" else None


def tallies() -> Table[Tally]:
    def worth(quality: Quality) -> Column[Tally]:
        head = quality.value.capitalize()
        return Column(quality.value, head, lambda each: each.counts.get(quality, 0), is_number=True)

    return Table(
        name="tallies",
        file="what-each-yes-is-worth",
        columns=(
            Column("notice", "Notice", lambda each: in_tongue(each.language, each.version)),
            *(worth(each) for each in Quality),
            Column("quarantined", "In quarantine", lambda each: each.quarantined, is_number=True),
            Column("why", "Why not all are valid", lambda each: ", ".join(f"{n} {f.value}" for f, n in each.findings.items())),
        ),
    )


def reviews() -> Table[tuple[History, ReviewStage]]:
    def signed(row: tuple[History, ReviewStage]) -> str:
        return ", ".join(each.by.role.value for each in row[0].signatures)

    return Table(
        name="reviews",
        file="reviews",
        columns=(
            Column("version", "Version", lambda row: row[0].review.version),
            Column("stands", "Stands", lambda row: row[1], is_picked=True),
            Column("written", "Written", lambda row: row[0].review.drafted_at, is_period=True),
            Column("signed", "Signed by", signed),
            Column("last", "Last day", lambda row: row[0].review.expires_on),
        ),
    )


def grouped(heads: Sequence[str]) -> Table[tuple[str, Sequence[str]]]:
    """Where what is held came from, of each sort."""

    def cell(nth: int, head: str) -> Column[tuple[str, Sequence[str]]]:
        return Column(f"told_{nth}", head, lambda row: row[1][nth])

    return Table(
        file="origins",
        columns=(Column("what", "What", lambda row: row[0]), *(cell(nth, head) for nth, head in enumerate(heads))),
    )


def unread(reasons: Sequence[str]) -> Table[SkippedObject]:
    return Table(
        file="not-read",
        order="object",
        page=100,
        columns=(
            Column("object", "Object", lambda each: each.name or str(each.object)),
            Column("why", "Why", lambda each: each.reason, is_picked=True, is_sorted=False, options=tuple(reasons)),
        ),
    )


def findings(types: Sequence[str]) -> Table[KeptFinding]:
    def whose(each: KeptFinding) -> str:
        return "erased" if each.is_erased else "somebody's" if each.subject else "nobody's yet"

    def category(each: KeptFinding) -> str:
        return saying.category(category_named(each.category))

    def linked(each: KeptFinding) -> str | None:
        """What the map counts as nobody's: also of somebody who was erased."""
        return None if each.subject else "nobody"

    return Table(
        file="findings",
        order="seen",
        page=100,
        columns=(
            Column(
                "type",
                "Sort",
                lambda each: each.type,
                is_picked=True,
                is_sorted=False,
                options=tuple(types),
                words={each: sort(each) for each in types},
            ),
            Column("where", "Where", lambda each: each.field, is_sorted=False),
            Column("whose", "Whose", whose, is_sorted=False),
            Column("sure", "How sure", lambda each: each.confidence, is_number=True, is_sorted=False),
            Column("why", "Why", lambda each: each.why, is_sorted=False),
            Column("category", "Category", category, is_picked=True, is_sorted=False, is_shown=False, options=_CATEGORIES),
            Column("linked", "Linked to", linked, is_picked=True, is_sorted=False, is_shown=False, options=("nobody",)),
            Column("seen", "Seen first", lambda each: each.first_seen_at),
        ),
    )


def affected() -> Table[tuple[SubjectId, Sequence[Category]]]:
    """By a breach."""
    return Table(
        file="who-is-affected",
        order="person",
        columns=(
            Column("person", "Person", lambda row: str(row[0]), is_typed=True),
            Column("what", "What lay open of them", lambda row: ", ".join(map(saying.category, row[1])), is_sorted=False),
            Column("told", "What they are told", is_sorted=False),
        ),
    )


def gaps(known: Known) -> Table[Flag]:
    """Where a no cost something."""
    return Table(
        name="gaps",
        file="gaps",
        columns=(
            Column("purpose", "Purpose", lambda each: known[each.purpose].title, is_picked=True, is_own=True),
            Column("measure", "Measure", lambda each: parity.NAMES[each.measure], is_picked=True),
            Column("found", "Found", lambda each: each.flagged_at, is_period=True),
            Column("lifted", "Lifted", lambda each: each.lifted_at),
            Column("state", "State", lambda each: "stands" if each.stands else "lifted", is_picked=True),
        ),
    )


def _by_sort(names: SystemNames) -> tuple[Column[Sorted], ...]:
    return (
        Column("what", "What", lambda each: saying.category(each.category)),
        Column("where", "Where", lambda each: name_of(each.system, names), is_picked=True),
        Column("first", "Last days from", lambda each: each.first_on),
        Column("last", "To", lambda each: each.last_on),
        Column("items", "How much", lambda each: each.items, is_number=True),
    )


def late(names: SystemNames) -> Table[Sorted]:
    """There though the last day is over."""
    return Table(
        name="late",
        file="late",
        columns=_by_sort(names),
    )


GOES: Table[Sorted] = Table(
    file="what-goes",
    columns=(
        Column("what", "What", lambda each: saying.category(each.category)),
        Column("items", "How much", lambda each: each.items, is_number=True),
    ),
)
"""What we keep goes by itself."""


BY_HOLD: Table[Sorted] = Table(
    name="by_hold",
    file="goes-with-a-hold",
    columns=(
        Column("what", "What", lambda each: saying.category(each.category)),
        Column("first", "After, from", lambda each: each.first_on),
        Column("last", "To", lambda each: each.last_on),
        Column("items", "How much", lambda each: each.items, is_number=True),
    ),
)
"""What we keep goes by itself with the last hold that keeps it."""


def by_hand(names: SystemNames) -> Table[Sorted]:
    """What somebody has to delete in other systems."""
    return Table(
        name="by_hand",
        file="to-delete",
        columns=_by_sort(names),
    )


def slices(titles: Mapping[PurposeId, str], things: Mapping[HoldingId, str]) -> Table[Slice]:
    """Of one hold. `things`: what each is."""
    return Table(
        name="slices",
        file="slices",
        columns=(
            Column("what", "What", lambda each: things.get(each.holding)),
            Column("for", "For", lambda each: titles[each.purpose], is_picked=True, is_own=True),
            Column("stretch", "Stretch", lambda each: None if each.span is None else each.span.from_ms / 1000),
            Column("holding", "Holding", lambda each: str(each.holding), is_shown=False),
        ),
    )


def kept(places: SystemNames) -> Table[Kept]:
    """For a purpose, and what was read of it."""
    return Table(
        name="kept",
        file="what-is-kept-and-read",
        columns=(
            Column("what", "What", lambda each: each.field or each.category),
            Column("where", "Where", lambda each: name_of(each.system, places), is_picked=True),
            Column("held", "Held", lambda each: each.holdings, is_number=True),
            Column("read", "Read of those", lambda each: each.read if each.told else None, is_number=True),
            Column("old", "Old enough to tell", lambda each: each.old_enough if each.told else None, is_number=True),
        ),
    )
