"""Who is known by what, while records are linked one after the other: each link adds to what the next is compared with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import Blinds
from rightcall.discovery.linking.rules import BLOCKS, LARGEST_BLOCK, OF_A_HOUSEHOLD, Frequencies
from rightcall.ids import SubjectId


@dataclass(slots=True, kw_only=True)
class Known:
    """As much of it as the records at hand can lead to. `subjects`: how many there are in all; `shared_by`: how many of all have
    a blind."""

    subjects: int = 0
    shared_by: dict[bytes, int] = field(default_factory=dict)
    _blinds: dict[SubjectId, dict[ClueKind, frozenset[bytes]]] = field(default_factory=dict)
    _has: dict[bytes, set[SubjectId]] = field(default_factory=dict)

    def load(self, rows: Iterable[tuple[SubjectId, ClueKind, bytes]]) -> list[bytes]:
        """What is counted in `subjects` and `shared_by` already. Each that is told of somebody again: of those who are joined, by
        another of their subjects."""
        return [blind for subject, kind, blind in rows if not self._put(subject, kind, blind)]

    def count_once(self, blinds: Iterable[bytes]) -> None:
        """Two subjects that are one person have these, and were counted as two."""
        for blind in blinds:
            self.shared_by[blind] = max(self.shared_by.get(blind, 1) - 1, 1)

    def add(self, subject: SubjectId, clues: Blinds) -> None:
        """A record was found to be about the subject."""
        self.subjects += subject not in self._blinds
        for kind, blinds in clues.items():
            for blind in blinds:
                if self._put(subject, kind, blind):
                    self.shared_by[blind] = self.shared_by.get(blind, 0) + 1

    def candidates(self, clues: Blinds, *, refused: Collection[SubjectId] = ()) -> dict[SubjectId, Blinds]:
        """Who shares a block with whoever has these, and all they are known by."""
        found: dict[SubjectId, Blinds] = {}
        for kind in BLOCKS:
            for blind in clues.get(kind, ()):
                if self.shared_by.get(blind, 0) <= LARGEST_BLOCK:
                    found.update((subject, self._blinds[subject]) for subject in self._has.get(blind, ()))
        return {subject: blinds for subject, blinds in found.items() if subject not in refused}

    def alone(self, subjects: Iterable[SubjectId]) -> frozenset[SubjectId]:
        """Whose address is known, and with whom nobody shares it, nor a telephone number or an account. `shared_by` has to have
        what `of_households` gave."""
        return frozenset(each for each in subjects if self._is_alone(self._blinds[each]))

    def of_households(self) -> set[bytes]:
        """All that those at hand may share with whom they live with."""
        return {blind for blinds in self._blinds.values() for kind in OF_A_HOUSEHOLD for blind in blinds.get(kind, ())}

    def frequencies(self) -> Frequencies:
        return Frequencies(subjects=self.subjects, shared_by=self.shared_by)

    def _is_alone(self, blinds: Blinds) -> bool:
        shared = [self.shared_by.get(blind, 0) for kind in OF_A_HOUSEHOLD for blind in blinds.get(kind, ())]
        return ClueKind.POSTCODE_HOUSE in blinds and max(shared) <= 1

    def _put(self, subject: SubjectId, kind: ClueKind, blind: bytes) -> bool:
        """False where that was known."""
        blinds = self._blinds.setdefault(subject, {})
        if blind in blinds.get(kind, ()):
            return False
        blinds[kind] = blinds.get(kind, frozenset()) | {blind}
        self._has.setdefault(blind, set()).add(subject)
        return True
