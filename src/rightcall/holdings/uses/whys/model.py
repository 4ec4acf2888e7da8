"""Why something was used, and in which case, in the words of whoever used it. Words may name anybody."""

from dataclasses import dataclass
from datetime import timedelta

from rightcall.ids import StatementId, SubjectId
from rightcall.personal import Personal

KEPT = timedelta(days=365)
"""As long as somebody may ask for it: what a purpose needs is looked at once a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    reason: Personal[str] | None = None
    case: Personal[str] | None = None

    @classmethod
    def of(cls, reason: str | None, case: str | None) -> "Why":
        """What is blank was not said."""
        return cls(reason=_said(reason), case=_said(case))

    def __bool__(self) -> bool:
        return self.reason is not None or self.case is not None


def _said(text: str | None) -> Personal[str] | None:
    words = (text or "").strip()
    return Personal(words) if words else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWhy:
    """`use`: the line in the log. `sealed`: under the key of `subject`, whose it was."""

    use: StatementId
    subject: SubjectId
    sealed: bytes
