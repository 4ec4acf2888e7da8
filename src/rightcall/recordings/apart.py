"""What tells people apart who are known by the same, before anybody reads who they are: since when each is known, how often they
were in a call, and in which other systems things about them lie. Nothing of it is a value."""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.calls import actions as calls
from rightcall.database.connection import Transaction
from rightcall.discovery.systems.naming import system_names
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.ids import SubjectId
from rightcall.recordings.who import person_of
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Subject

_MOST = 2000
"""Things of one person, the newest, that are looked through for the systems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """`calls`: times in a call. `systems`: the names of those where things about them lie."""

    subject: Subject
    calls: int
    systems: Sequence[str]


def apart(tx: Transaction, subject: SubjectId) -> Apart:
    """Of the whole person."""
    person, names = person_of(tx, subject), system_names(tx)
    there = {each.place.system for each in holdings.of_person(tx, person, limit=_MOST) if each.is_there}
    return Apart(
        subject=subjects.get(tx, subject),
        calls=sum(len(calls.of_subject(tx, each)) for each in person),
        systems=sorted(names[each] for each in there if each is not None),
    )


def told(found: Apart) -> str:
    """known since 2 Nov 2026; in 3 calls; in crm, share"""
    often = "1 call" if found.calls == 1 else f"{found.calls or 'no'} calls"
    where = f"in {', '.join(found.systems)}" if found.systems else "in no other system"
    return f"known since {saying.day(found.subject.created_at)}; in {often}; {where}"
