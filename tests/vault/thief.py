"""A thief: every row that ever stood in the vault's tables, and the key service as it is now. What can be opened with that?

He knows the code, not its discipline: he tries each row of any time with each key that he gets, asks no tombstone, no clock and
no column, and where he lacks a key he puts a guess in its place. A guess that opens anything means that the key is not needed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import psycopg
from psycopg.rows import dict_row

from rightcall.errors import Tampered
from rightcall.ids import ControllerId, GrantId, HoldId, HoldingId, PartyId, PurposeId, SubjectId
from rightcall.vault import keyring
from rightcall.vault.keyring import Kept, KeptGrant, Place, Term
from rightcall.vault.model import Dark
from rightcall.vault.ports import KeyService

GUESS = bytes(range(100, 132))
Thing = tuple[str, object]
Way = tuple[str, object, object]
"""("lock", holding, purpose), ("held", holding, hold) or ("value", subject, place)."""


@dataclass(frozen=True, slots=True)
class Try:
    """A key in the thief's hand, and whether a guess was needed to get it."""

    key: bytes = field(repr=False)
    guessed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoil:
    """Something that opened: which way, what it should have taken, and whether it took less."""

    way: Way
    needs: frozenset[Thing]
    secret: bytes = field(repr=False)
    guessed: bool


A_GUESS = Try(GUESS, guessed=True)


@dataclass
class Thief:
    controller: ControllerId
    subjects: dict[SubjectId, set[Kept]] = field(default_factory=lambda: defaultdict(set))
    seeds: dict[int, set[Kept]] = field(default_factory=lambda: defaultdict(set))
    grants: dict[GrantId, set[KeptGrant]] = field(default_factory=lambda: defaultdict(set))
    terms: dict[Term, set[Kept]] = field(default_factory=lambda: defaultdict(set))
    holds: dict[HoldId, set[Kept]] = field(default_factory=lambda: defaultdict(set))
    locks: set[tuple[Place, bytes]] = field(default_factory=set)
    held: set[tuple[HoldId, HoldingId, bytes]] = field(default_factory=set)
    values: set[tuple[SubjectId, str, bytes]] = field(default_factory=set)

    def look(self, url: str) -> None:
        """Copies what stands there now, past every rule of the vault."""
        with psycopg.connect(url, row_factory=dict_row) as admin:

            def rows(statement: str) -> list[dict[str, Any]]:
                return admin.execute(statement.encode(), {"controller": self.controller}).fetchall()

            for row in rows(_KEYS.format(table="subject_keys")):
                self.subjects[SubjectId(row["subject"])].add(Kept(row["key"], row["wrapped"]))
            for row in rows(_KEYS.format(table="epoch_seeds")):
                self.seeds[row["epoch"]].add(Kept(row["key"], row["wrapped"]))
            for row in rows(_KEYS.format(table="hold_keys")):
                self.holds[HoldId(row["hold"])].add(Kept(row["key"], row["wrapped"]))
            for row in rows(_KEYS.format(table="term_keys")):
                self.terms[_term(row)].add(Kept(row["key"], row["wrapped"]))
            for row in rows(_KEYS.format(table="grant_keys")):
                self.grants[GrantId(row["grant_id"])].add(_grant(row))
            for row in rows("SELECT * FROM content_locks WHERE controller = %(controller)s"):
                grants = tuple(GrantId(grant) for grant in row["grants"])
                place = Place(controller=self.controller, holding=HoldingId(row["holding"]), term=_term(row), grants=grants)
                self.locks.add((place, row["wrapped"]))
            for row in rows("SELECT * FROM held_content WHERE controller = %(controller)s"):
                self.held.add((HoldId(row["hold"]), HoldingId(row["holding"]), row["wrapped"]))

    def spoils(self, keys: KeyService) -> list[Spoil]:
        return [*self._locks(keys), *self._held(keys), *self._values(keys)]

    def grant_keys(self, keys: KeyService) -> dict[GrantId, list[Try]]:
        return {grant: list(self._grant_keys(keys, rows)) for grant, rows in self.grants.items()}

    def term_keys(self, keys: KeyService) -> dict[Term, list[Try]]:
        contexts = {term: keyring.term_context(self.controller, term) for term in self.terms}
        return {term: _opened(keys, kept, contexts[term]) for term, kept in self.terms.items()}

    def _subject_keys(self, keys: KeyService, subject: SubjectId) -> list[Try]:
        return _opened(keys, self.subjects[subject], keyring.subject_context(self.controller, subject))

    def _grant_keys(self, keys: KeyService, rows: set[KeptGrant]) -> Iterator[Try]:
        for row in rows:
            assert row.epoch is not None
            assert row.blob is not None
            seeds = _opened(keys, self.seeds[row.epoch], keyring.seed_context(self.controller, row.epoch))
            for subject, seed in product([*self._subject_keys(keys, row.subject), A_GUESS], [*seeds, A_GUESS]):
                try:
                    key = keyring.unwrap_grant(subject.key, seed.key, row, row.blob)
                except Tampered:
                    continue
                yield Try(key, guessed=subject.guessed or seed.guessed)

    def _locks(self, keys: KeyService) -> Iterator[Spoil]:
        grant_keys, term_keys = self.grant_keys(keys), self.term_keys(keys)
        for place, blob in self.locks:
            term = place.term
            needs: set[Thing] = {("term", (term.purpose, term.last_day))}
            needs |= {thing for grant in place.grants for thing in self._of_grant(grant)}
            hands = [[*grant_keys.get(grant, ()), A_GUESS] for grant in place.grants]
            for *grants, term_key in product(*hands, [*term_keys.get(term, ()), A_GUESS]):
                try:
                    secret = keyring.unwrap_content(place, [it.key for it in grants], term_key.key, blob)
                except Tampered:
                    continue
                guessed = any(it.guessed for it in (*grants, term_key))
                way = ("lock", place.holding, term.purpose)
                yield Spoil(way=way, needs=frozenset(needs), secret=secret, guessed=guessed)

    def _held(self, keys: KeyService) -> Iterator[Spoil]:
        for hold, holding, blob in self.held:
            for it in [*_opened(keys, self.holds[hold], keyring.hold_context(self.controller, hold)), A_GUESS]:
                try:
                    secret = keyring.unwrap_held(self.controller, hold, holding, it.key, blob)
                except Tampered:
                    continue
                needs = frozenset({("hold", hold)})
                yield Spoil(way=("held", holding, hold), needs=needs, secret=secret, guessed=it.guessed)

    def _values(self, keys: KeyService) -> Iterator[Spoil]:
        for subject, place, sealed in self.values:
            for it in [*self._subject_keys(keys, subject), A_GUESS]:
                try:
                    secret = keyring.open_value(self.controller, subject, place, it.key, sealed)
                except Tampered:
                    continue
                needs = frozenset({("subject", subject)})
                yield Spoil(way=("value", subject, place), needs=needs, secret=secret, guessed=it.guessed)

    def _of_grant(self, grant: GrantId) -> set[Thing]:
        return {("grant", grant), *(("subject", row.subject) for row in self.grants[grant])}


_KEYS = """SELECT k.*, e.key FROM {table} k JOIN epochs e ON e.epoch = k.epoch
    WHERE k.controller = %(controller)s AND k.wrapped IS NOT NULL"""


def _opened(keys: KeyService, kept: set[Kept], bound_to: bytes) -> list[Try]:
    opened = {keys.unwrap(it.key, it.blob, bound_to) for it in kept}
    return [Try(key, guessed=False) for key in opened if not isinstance(key, Dark)]


def _term(row: Mapping[str, Any]) -> Term:
    return Term(purpose=PurposeId(row["purpose"]), last_day=row["last_day"], nth=row["nth"])


def _grant(row: Mapping[str, Any]) -> KeptGrant:
    return KeptGrant(
        controller=ControllerId(row["controller"]),
        grant=GrantId(row["grant_id"]),
        subject=SubjectId(row["subject"]),
        party=PartyId(row["party"]),
        purpose=PurposeId(row["purpose"]),
        epoch=row["epoch"],
        blob=row["wrapped"],
        subject_key=None,
        seed=None,
        withheld_wrap=row["withheld_wrap"],
    )


def ways(spoils: Sequence[Spoil]) -> set[Way]:
    return {spoil.way for spoil in spoils}
