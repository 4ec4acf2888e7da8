"""Any sequence of what can happen to the two locks, beside a model that knows no cryptography: what opens is what should.

The model is a set of facts: who withdrew, who was erased, which day it is, what is held. A backup is the facts at that time, with
the epoch it was made in. Put back while that epoch's key still exists, it opens what stood when it was made, withdrawn since or
not: that is the window of one epoch which the design states. Put back later, it opens nothing.

Beside what the vault says stands what a thief can do with the rows of all times and the key service of now: he needs every key
of a lock, and what has ended is out of his reach as soon as no key is left of the epochs in which it stood.
"""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rightcall.clock import day_of
from rightcall.database.connection import Database
from rightcall.errors import Conflict, NotFound
from rightcall.ids import ControllerId, GrantId, HoldId, HoldingId, PartyId, PurposeId, StatementId, SubjectId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, DarkReason, Lock, WithheldWhy
from rightcall.vault.ports import KeyService
from tests.conftest import FixedClock
from tests.vault import tables
from tests.vault.fakes import Brittle, Killed
from tests.vault.thief import Thief, Thing, Way, ways

PURPOSES = tuple(PurposeId(new_id()) for _ in range(2))
HOLDS = tuple(HoldId(new_id()) for _ in range(4))


@dataclass
class Person:
    erased: bool = False
    lost: bool = False
    sealed: bytes = b""


@dataclass
class Grant:
    subject: SubjectId
    purpose: PurposeId
    withdrawn: date | None = None
    lost: bool = False
    withheld: bool = False


@dataclass
class Term:
    ended: bool = False


@dataclass
class Locked:
    grants: frozenset[GrantId]
    last_day: date
    term_lost: bool = False


@dataclass
class Held:
    released: bool = False
    lost: bool = False
    holdings: set[HoldingId] = field(default_factory=set)


@dataclass
class Facts:
    """What is so, as a person would say it."""

    people: dict[SubjectId, Person] = field(default_factory=dict)
    grants: dict[GrantId, Grant] = field(default_factory=dict)
    terms: dict[tuple[PurposeId, date], Term] = field(default_factory=dict)
    locks: dict[tuple[HoldingId, PurposeId], Locked] = field(default_factory=dict)
    keys: dict[HoldingId, bytes] = field(default_factory=dict)
    holds: dict[HoldId, Held] = field(default_factory=dict)

    def lose(self) -> None:
        """The epoch that all living keys lie under is gone."""
        for person in self.people.values():
            person.lost = True
        for grant in self.grants.values():
            grant.lost = True
        for hold in self.holds.values():
            hold.lost = True
        for lock in self.locks.values():
            lock.term_lost = True

    def standing(self) -> set[Thing]:
        """What no deed and no lost epoch has ended."""
        things: set[Thing] = {("subject", it) for it, person in self.people.items() if not (person.erased or person.lost)}
        things |= {("grant", it) for it, grant in self.grants.items() if not (grant.withdrawn or grant.lost)}
        things |= {("term", it) for it, term in self.terms.items() if not term.ended}
        return things | {("hold", it) for it, hold in self.holds.items() if not (hold.released or hold.lost)}

    def open_ways(self) -> set[Way]:
        """What a thief opens for certain: all of its keys stand. No clock keeps him out, nor a quarantine, only a key that is
        gone."""
        locks = {("lock", *it) for it, lock in self.locks.items() if not self.why_dark(*it, lock.last_day, though_withheld=True)}
        held = {("held", holding, it) for it, hold in self.holds.items() for holding in hold.holdings}
        values = {("value", it, "name") for it, person in self.people.items() if not (person.erased or person.lost)}
        return locks | {way for way in held if not self.why_dark_held(HoldId(way[2]), way[1])} | values

    def why_dark_grant(self, grant: GrantId, *, though_withheld: bool = False) -> set[DarkReason]:
        it = self.grants[grant]
        person = self.people[it.subject]
        if person.erased:
            return {DarkReason.SUBJECT_ERASED}
        if it.withdrawn:
            return {DarkReason.GRANT_DESTROYED}
        if it.withheld and not though_withheld:
            return {DarkReason.WITHHELD}
        return {DarkReason.EPOCH_GONE} if it.lost or person.lost else set()

    def why_dark(self, holding: HoldingId, purpose: PurposeId, today: date, *, though_withheld: bool = False) -> set[DarkReason]:
        if (holding, purpose) not in self.locks:
            return {DarkReason.NEVER_GRANTED}
        lock = self.locks[holding, purpose]
        term = self._why_term_dark(purpose, lock, today)
        reasons = set(term)
        for grant in lock.grants:
            why = self.why_dark_grant(grant, though_withheld=though_withheld)
            withdrawn = self.grants[grant].withdrawn
            if term and withdrawn is not None and withdrawn > lock.last_day:
                why -= {DarkReason.GRANT_DESTROYED}  # it was over by then, and that is why
            reasons |= why
        return reasons

    def _why_term_dark(self, purpose: PurposeId, lock: Locked, today: date) -> set[DarkReason]:
        if self.terms[purpose, lock.last_day].ended or today > lock.last_day:
            return {DarkReason.TERM_OVER}
        return {DarkReason.EPOCH_GONE} if lock.term_lost else set()

    def why_dark_held(self, hold: HoldId, holding: HoldingId) -> set[DarkReason]:
        if holding not in self.holds[hold].holdings:
            return {DarkReason.NEVER_GRANTED}
        if self.holds[hold].released:
            return {DarkReason.GRANT_DESTROYED}
        return {DarkReason.EPOCH_GONE} if self.holds[hold].lost else set()


@dataclass
class Backup:
    facts: Facts
    rows: tables.Rows
    epoch_key: str


ANY = st.integers(0, 1 << 16)  # which one of those there are now: taken modulo their number
T = TypeVar("T")


def pick(number: int, things: Iterable[T]) -> T:
    known = list(things)
    return known[number % len(known)]


class Machine(RuleBasedStateMachine):
    def __init__(self, database: Database, make_keys: Callable[[], KeyService], kind: type[Vault] = Vault) -> None:
        super().__init__()
        self.database, self.make_keys, self.kind = database, make_keys, kind
        self.controller = ControllerId(new_id())
        self.facts = Facts()
        self.backups: list[Backup] = []
        self.unfinished = False

    @initialize()
    def begin(self) -> None:
        """Two people who said yes to both purposes, and three holdings: of one, of the other, of both."""
        tables.empty(self.database.url)
        self.keys = Brittle(self.make_keys())
        self.clock = FixedClock()
        self.vault = self.kind(self.keys, self.clock)
        self.vault.start(self.database)
        self.thief = Thief(self.controller)
        self.last_stood = dict[Thing, set[str]]()
        for subject in range(2):
            self.meet()
            self.say_yes(subject, PURPOSES[0])
            self.say_yes(subject, PURPOSES[1])
        for days, chosen in ((0, [0, 2]), (2, [1]), (3, [0, 2, 3])):
            self.keep(chosen, days)

    @property
    def today(self) -> date:
        return day_of(self.clock.at)

    @rule()
    def meet(self) -> None:
        subject = SubjectId(new_id())
        with self.database.transaction(self.controller) as tx:
            self.vault.create_subject(tx, subject)
            sealed = self.vault.seal_value(tx, subject, subject.bytes, "name")
        self.facts.people[subject] = Person(sealed=sealed)
        self.thief.values.add((subject, "name", sealed))

    @rule(subject=ANY, purpose=st.sampled_from(PURPOSES))
    def say_yes(self, subject: int, purpose: PurposeId) -> None:
        who = pick(subject, self.facts.people)
        try:
            with self.database.transaction(self.controller) as tx:
                grant = self.vault.open_grant(tx, subject=who, party=PartyId(new_id()), purpose=purpose)
        except Conflict:
            done = False
        else:
            done = True
            self.facts.grants[grant] = Grant(who, purpose)
        assert done == (not self.facts.people[who].erased and not self.facts.people[who].lost)

    @rule(chosen=st.lists(ANY, min_size=1, max_size=4), days=st.integers(0, 3))
    def keep(self, chosen: list[int], days: int) -> None:
        grants = {pick(number, self.facts.grants) for number in chosen}
        last_day, by_purpose = self.today + timedelta(days=days), dict[PurposeId, set[GrantId]]()
        for grant in grants:
            by_purpose.setdefault(self.facts.grants[grant].purpose, set()).add(grant)
        holding = HoldingId(new_id())
        locks = [Lock(purpose=purpose, grants=tuple(group), last_day=last_day) for purpose, group in by_purpose.items()]
        terms = [self.facts.terms.get((purpose, last_day), Term()) for purpose in by_purpose]
        dark = any(self.facts.why_dark_grant(grant) for grant in grants) or any(term.ended for term in terms)
        try:
            with self.database.transaction(self.controller) as tx:
                key = self.vault.lock_content(tx, holding=holding, locks=locks)
        except Conflict:
            done = False
        else:
            done = True
            self.facts.keys[holding] = key.secret
            for lock in locks:
                self.facts.locks[holding, lock.purpose] = Locked(frozenset(lock.grants), last_day)
                self.facts.terms.setdefault((lock.purpose, last_day), Term())
        assert done == (not dark)

    @rule(grant=ANY)
    def withdraw(self, grant: int) -> None:
        which = pick(grant, self.facts.grants)
        with self.database.transaction(self.controller) as tx:
            self.vault.destroy_grant(tx, which)
        it = self.facts.grants[which]
        it.withdrawn = it.withdrawn or self.today

    @rule(grant=ANY)
    def withhold(self, grant: int) -> None:
        which = pick(grant, self.facts.grants)
        it = self.facts.grants[which]
        with self.database.transaction(self.controller) as tx:
            done = self.vault.withhold(tx, which, why=WithheldWhy.VOID_CHOICE, statement=StatementId(new_id()))
        assert done == (not it.withdrawn and not it.withheld and not self.facts.people[it.subject].erased)
        it.withheld = it.withheld or done

    @rule(grant=ANY)
    def bring_back(self, grant: int) -> None:
        which = pick(grant, self.facts.grants)
        try:
            with self.database.transaction(self.controller) as tx:
                self.vault.release(tx, which)
        except Conflict:
            done = False
        else:
            done = True
        assert done == (self.facts.grants[which].withheld and not self.facts.why_dark_grant(which, though_withheld=True))
        if done:
            self.facts.grants[which].withheld = False

    @rule(subject=ANY)
    def erase(self, subject: int) -> None:
        who = pick(subject, self.facts.people)
        with self.database.transaction(self.controller) as tx:
            self.vault.destroy_subject(tx, who)
        self.facts.people[who].erased = True

    @rule(days=st.integers(1, 3))
    def let_days_pass(self, days: int) -> None:
        self.clock.at += timedelta(days=days)

    @rule(back=st.booleans())
    def expire(self, back: bool) -> None:
        """Ends the terms that are over; then perhaps the clock is set back, which must not light anything."""
        with self.database.transaction(self.controller) as tx:
            due = self.vault.terms_due(tx)
            for purpose, day in due:
                self.vault.end_term(tx, purpose, day)
            assert self.vault.terms_due(tx) == []
        assert set(due) == {term for term, it in self.facts.terms.items() if term[1] < self.today and not it.ended}
        for term in due:
            self.facts.terms[term].ended = True
        if back:
            self.clock.at -= timedelta(days=1)

    @rule(hold=st.integers(0, 3), holding=ANY, purpose=st.sampled_from(PURPOSES))
    def hold(self, hold: int, holding: int, purpose: PurposeId) -> None:
        name, what = HOLDS[hold], pick(holding, self.facts.keys)
        held = self.facts.holds.get(name, Held())
        possible = (
            not self.facts.why_dark(what, purpose, self.today, though_withheld=True) and not held.released and not held.lost
        )
        try:
            with self.database.transaction(self.controller) as tx:
                self.vault.hold(tx, hold=name, holding=what, purpose=purpose)
        except (Conflict, NotFound):
            done = False
        else:
            done = True
            held.holdings.add(what)
            self.facts.holds[name] = held
        assert done == possible

    @precondition(lambda self: self.facts.holds)
    @rule(hold=ANY)
    def release(self, hold: int) -> None:
        name = pick(hold, self.facts.holds)
        with self.database.transaction(self.controller) as tx:
            self.vault.release_hold(tx, name)
        self.facts.holds[name].released = True

    @rule(batch=st.integers(1, 3))
    def rotate(self, batch: int) -> None:
        before = self.vault.epoch(self.database)
        rotation = self.vault.rotate(self.database, batch=batch)
        assert (rotation.epoch == before.number) == self.unfinished
        self.unfinished = False
        # A key that a killed rotation made and never wrote down may be there besides: nothing lies under it.
        current, there = self.vault.epoch(self.database).key, self.keys.names(before.key.rpartition(".")[0])
        assert current in there
        assert before.key == current or before.key not in there
        assert self.vault.stands_alone(self.database) is not None

    @rule(calls=st.integers(1, 40), persisted=st.booleans())
    def rotation_is_killed(self, calls: int, persisted: bool) -> None:
        before = self.vault.epoch(self.database).number
        self.keys.calls, self.keys.fails_at, self.keys.persisted = 0, calls, persisted
        try:
            self.vault.rotate(self.database, batch=2)
            self.unfinished = False
        except Killed:
            self.unfinished = self.unfinished or self.vault.epoch(self.database).number != before
        finally:
            self.keys.fails_at = None

    @precondition(lambda self: not self.unfinished)
    @rule()
    def back_up(self) -> None:
        rows = tables.back_up(self.database.url)
        self.backups.append(Backup(copy.deepcopy(self.facts), rows, self.vault.epoch(self.database).key))

    @precondition(lambda self: self.backups)
    @rule(which=ANY)
    def restore(self, which: int) -> None:
        backup = pick(which, self.backups)
        tables.restore(self.database.url, backup.rows)
        alive = backup.epoch_key in self.keys.names(backup.epoch_key.rpartition(".")[0])
        self.vault.start(self.database, after_restore=True)
        self.facts = copy.deepcopy(backup.facts)
        if not alive:
            self.facts.lose()
        names = self.keys.names(backup.epoch_key.rpartition(".")[0])
        self.unfinished = set(names) != {self.vault.epoch(self.database).key}

    @invariant()
    def what_opens_is_what_should(self) -> None:
        with self.database.transaction(self.controller) as tx:
            for holding, key in self.facts.keys.items():
                for purpose in PURPOSES:
                    opened = self.vault.unlock_content(tx, holding=holding, purpose=purpose)
                    self.agree(opened, key, self.facts.why_dark(holding, purpose, self.today))
                for hold in self.facts.holds:
                    opened = self.vault.unlock_held(tx, hold=hold, holding=holding)
                    self.agree(opened, key, self.facts.why_dark_held(hold, holding))
            for grant in self.facts.grants:
                reasons = self.facts.why_dark_grant(grant)
                assert self.vault.grant_lives(tx, grant) == (not reasons - {DarkReason.EPOCH_GONE, DarkReason.WITHHELD})
            for subject, person in self.facts.people.items():
                value = self.vault.open_value(tx, subject, person.sealed, "name")
                why = DarkReason.SUBJECT_ERASED if person.erased else DarkReason.EPOCH_GONE if person.lost else None
                assert value == (subject.bytes if why is None else Dark(reason=why))
            self.vault.blind(tx, "tel", "the same")

    @invariant()
    def what_raw_material_opens(self) -> None:
        self.thief.look(self.database.url)
        living = self.living_keys()
        self.last_stood |= dict.fromkeys(self.facts.standing(), living)
        spoils = self.thief.spoils(self.keys.real)
        for spoil in spoils:
            assert not spoil.guessed, spoil
            assert not {thing for thing in spoil.needs if not self.last_stood[thing] & living}, spoil
        assert ways(spoils) >= self.facts.open_ways()

    def living_keys(self) -> set[str]:
        """Keys of epochs that something may lie under."""
        with self.database.system() as tx:
            known = {row["key"] for row in tx.connection.execute("SELECT key FROM epochs")}
        family = next(iter(known)).rpartition(".")[0]
        return known & set(self.keys.names(family))

    def agree(self, opened: ContentKey | Dark, key: bytes, reasons: set[DarkReason]) -> None:
        """Dark for the first reason, in the order in which `DarkReason` lists them; else open, with the very key."""
        found = opened.secret if isinstance(opened, ContentKey) else opened
        assert found == (Dark(reason=min(reasons, key=list(DarkReason).index)) if reasons else key)
