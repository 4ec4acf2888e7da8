"""People who called or wrote, compared with those of whom records tell: by what they called from, and by the name that the call
told of them, which is sealed and is opened here to be compared, and for nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.joins.rules import is_called, may_be, reached_alike, with_name
from rightcall.discovery.linking.clues import ClueKind, clues
from rightcall.discovery.linking.model import Blinds, Weighed
from rightcall.discovery.linking.rules import Frequencies
from rightcall.ids import SubjectId
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.knowing import actions as knowing
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_NOTHING: Blinds = {}
_NONE: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Of people, by whom stands for each: what they called or wrote from, and what calls told of their names."""

    gave: Mapping[SubjectId, frozenset[bytes]]
    called: Mapping[SubjectId, Blinds]

    def may_be(self, subject: SubjectId, own: Blinds, others: Mapping[SubjectId, Blinds], known: Frequencies) -> list[Weighed]:
        """Of the others whom this one may be."""
        reached = {other for other, theirs in others.items() if self._reached(subject, own, other, theirs, known)}
        name = self.called.get(subject, _NOTHING)
        mine = with_name(own, name) if any(is_called(name, others[each]) for each in reached) else own
        theirs = {other: self._named(other, told, own) if other in reached else told for other, told in others.items()}
        return may_be(mine, theirs, known, reached=reached)

    def _reached(self, subject: SubjectId, own: Blinds, other: SubjectId, theirs: Blinds, known: Frequencies) -> bool:
        gave, other_gave = self.gave.get(subject, _NONE), self.gave.get(other, _NONE)
        return reached_alike(own, theirs, gave=gave, other_gave=other_gave, known=known)

    def _named(self, other: SubjectId, theirs: Blinds, own: Blinds) -> Blinds:
        name = self.called.get(other, _NOTHING)
        return with_name(theirs, name) if is_called(name, own) else theirs


def callers_among(tx: Transaction, vault: Vault, people: Collection[SubjectId], called: Mapping[SubjectId, Blinds]) -> Callers:
    """`called`: what is known of the names of some of them already."""
    of = joining.people(tx, list(people))
    gave: dict[SubjectId, frozenset[bytes]] = {}
    for subject, blind in knowing.given_by(tx, list(of)):
        gave[of[subject]] = gave.get(of[subject], _NONE) | {blind}
    return Callers(gave=gave, called={**caller_names(tx, vault, [each for each in gave if each not in called]), **called})


def caller_names(tx: Transaction, vault: Vault, people: Collection[SubjectId]) -> dict[SubjectId, Blinds]:
    """Of each of whom a call told one. Nothing of whoever was erased."""
    of = joining.people(tx, list(people))
    found: dict[SubjectId, dict[ClueKind, frozenset[bytes]]] = {}
    for subject in knowing.named(tx, list(of)):
        name = subjects.name_of(tx, vault, subject)
        if name is None or isinstance(name, Dark):
            continue
        told = clues(Kind.PERSON_NAME, name.reveal("compare the name of a caller"))
        blinds = vault.blinds(tx, [(each.kind.context, each.value.reveal("blind a clue")) for each in told])
        theirs = found.setdefault(of[subject], {})
        for clue, blind in zip(told, blinds, strict=True):
            theirs[clue.kind] = theirs.get(clue.kind, _NONE) | {blind}
    return dict(found)
