"""Proofs in the reader's tongue: how the sentences of `evidence` are said here."""

from dataclasses import dataclass
from datetime import date, datetime

from rightcall.design.tongues import Tongue


@dataclass(frozen=True, slots=True)
class InTongue:
    """A moment is told with its zone: whoever checks a proof may be anywhere."""

    tongue: Tongue

    @property
    def code(self) -> str:
        return self.tongue.code

    def say(self, words: str) -> str:
        return self.tongue.words.gettext(words)

    def day(self, on: date) -> str:
        return self.tongue.day(on)

    def moment(self, at: datetime) -> str:
        return f"{self.tongue.moment(at)} ({self.tongue.zone_name})"
