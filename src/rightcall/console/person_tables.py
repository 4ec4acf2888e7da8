"""The tables of the page about one person: their columns."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from rightcall.calls.model import Party
from rightcall.consent.model import Choice
from rightcall.consent.saying import ANSWERED
from rightcall.design.tables import Column, Table
from rightcall.discovery.systems.naming import SystemNames
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.holdings.map.page import name_of
from rightcall.holdings.model import Holding
from rightcall.ids import HoldingId, PurposeId, SystemId
from rightcall.purposes.model import Purpose
from rightcall.requests.staying import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Things of one category in one system (None: Rightcall itself): how many are there, and how many were."""

    system: SystemId | None
    category: Category
    there: int
    gone: int


ASKED: Table[Told] = Table(
    name="asked",
    file="requests",
    columns=(
        Column("kind", "Request", lambda each: each.asked.kind, is_picked=True),
        Column("came", "Came", lambda each: each.asked.received_at, is_period=True),
        Column("due", "Answer due", lambda each: each.asked.due_on),
        Column("state", "State", lambda each: each.state, is_picked=True),
    ),
)
PARTS: Table[Party] = Table(
    name="calls",
    file="calls",
    columns=(
        Column("joined", "Call", lambda each: each.joined_at, is_period=True),
        Column("role", "As", lambda each: each.role, is_picked=True),
        Column("id", "Id", lambda each: str(each.call), is_shown=False),
    ),
)


def answers(known: Mapping[PurposeId, Purpose]) -> Table[Choice]:
    return Table(
        name="answers",
        file="answers",
        columns=(
            Column("purpose", "Purpose", lambda each: known[each.purpose].title),
            Column("answer", "Answer", lambda each: each.answer, is_picked=True, words=ANSWERED),
            Column("when", "When", lambda each: each.made_at, is_period=True),
            Column("channel", "How it came", lambda each: each.channel),
        ),
    )


def lines(systems: SystemNames) -> Table[Line]:
    return Table(
        name="lines",
        file="what-is-held-by-sort",
        columns=(
            Column("category", "Category", lambda each: saying.category(each.category)),
            Column("system", "System", lambda each: name_of(each.system, systems), is_picked=True),
            Column("there", "There now", lambda each: each.there, is_number=True),
            Column("gone", "Gone", lambda each: each.gone, is_number=True),
        ),
    )


def things(systems: SystemNames, known: Mapping[PurposeId, Purpose], silent: Collection[HoldingId]) -> Table[Holding]:
    """Never what a thing says, nor in which row it lies."""

    def state(each: Holding) -> str:
        return "no sound in it" if each.id in silent else "there" if each.is_there else "gone"

    def purposes(each: Holding) -> str:
        return "; ".join(known[term.purpose].title for term in each.terms)

    return Table(
        name="things",
        file="what-is-held",
        order="-since",
        columns=(
            Column("category", "What", lambda each: saying.category(each.category), is_picked=True),
            Column("ends", "Why, and until when", _ends),
            Column("came", "Where from", lambda each: saying.CAME[each.provenance.source], is_picked=True),
            Column("state", "State", state, is_picked=True),
            Column("used", "Used", is_sorted=False),
            Column("since", "Since", lambda each: each.made_at, is_period=True, is_shown=False),
            Column("system", "System", lambda each: name_of(each.place.system, systems), is_picked=True, is_shown=False),
            Column("kept", "Kept", lambda each: "here" if each.is_ours else "elsewhere", is_picked=True, is_shown=False),
            Column("purposes", "Purposes", purposes, is_shown=False),
            Column("term", "Term", lambda each: each.category, is_shown=False),
            Column("id", "Id", lambda each: str(each.id), is_shown=False),
        ),
    )


def _ends(each: Holding) -> date | None:
    """The day on which the first of its purposes ends."""
    return min((term.last_day for term in each.terms if term.last_day is not None), default=None)
