"""Who a person is, and where what is held about them lies: shown for a purpose alone. The verdict is asked, and that it was read
is in the log before anything is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rightcall.actors import Actor
from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.holdings.uses.model import PLACE_FIELD, FieldName, UseAct
from rightcall.ids import PurposeId, SubjectId
from rightcall.personal import Personal
from rightcall.policy.reasons import names_case, says_why
from rightcall.purposes import actions as purposes
from rightcall.recordings.tools import Tools
from rightcall.recordings.using import Answered, Wanted, ask, last_day_of
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Identifier, Subject
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """`shown`: name and identifiers are here. `dark`: why nobody can read them any more; None while somebody can."""

    subject: Subject
    shown: bool
    name: Personal[str] | None
    identifiers: tuple[Identifier, ...]
    dark: DarkReason | None

    @property
    def fields(self) -> tuple[FieldName, ...]:
        """What is read when it is shown."""
        names = [
            *(["name"] if self.name is not None else []),
            *dict.fromkeys(each.kind.value for each in self.identifiers),
        ]
        return tuple(FieldName(text=each) for each in names)


def covered(tx: Transaction, vault: Vault, subject: SubjectId) -> Who:
    """Without name and identifiers. NotFound where there is no such person."""
    return replace(_whole(tx, vault, subject), shown=False, name=None, identifiers=())


def shown(
    tx: Transaction,
    tools: Tools,
    subject: SubjectId,
    purpose: PurposeId,
    *,
    by: Actor,
    reason: str | None,
    case: str | None,
) -> Who | Answered:
    """With name and identifiers, or the answer that was no. Of whom nothing can be read any more, nothing is asked."""
    found = _whole(tx, tools.vault, subject)
    if found.dark is not None:
        return found
    wanted = Wanted(act=UseAct.READ, purpose=purpose, subject=subject, fields=found.fields, reason=reason, case=case)
    [answer] = ask(tx, tools, [wanted], by=by)
    return found if answer.verdict.proceeds else answer


def person_of(tx: Transaction, subject: SubjectId) -> tuple[SubjectId, ...]:
    """All subjects that are the person. NotFound where there is no such person."""
    asked = subjects.get(tx, subject)
    return joining.person(tx, asked.id) if asked.joined else (asked.id,)


def ask_for_places(
    tx: Transaction,
    tools: Tools,
    person: Sequence[SubjectId],
    purpose: PurposeId,
    *,
    by: Actor,
    reason: str | None,
    case: str | None,
) -> tuple[frozenset[SubjectId], Answered]:
    """Of whom it may be read for a purpose in which rows and files things about them lie. Each subject of a person has choices of
    its own, and is asked about by itself. And the answer on the first. Past the term of the purpose it may still be read to let
    it go, by whoever may do that."""
    wanted = [
        Wanted(act=UseAct.READ, purpose=purpose, subject=each, fields=(PLACE_FIELD,), reason=reason, case=case) for each in person
    ]
    answers = ask(tx, tools, wanted, by=by)
    shown = frozenset(each for each, one in zip(person, answers, strict=True) if one.verdict.proceeds)
    late = [each for each in wanted if each.subject not in shown and _is_to_be_let_go(tx, tools, each)]
    if not late:
        return shown, answers[0]
    again = ask(tx, tools, [replace(each, to_erase=True) for each in late], by=by)
    yes = [one for one in again if one.verdict.proceeds]
    found = (each.subject for each, one in zip(late, again, strict=True) if one.verdict.proceeds)
    return shown.union(each for each in found if each is not None), yes[0] if yes and not shown else answers[0]


def _is_to_be_let_go(tx: Transaction, tools: Tools, wanted: Wanted) -> bool:
    """The purpose's term is over with this person, who has not asked that it stays, and whoever looks says why and for which
    case."""
    assert wanted.subject is not None  # noqa: S101 - each is of a person
    if not (says_why(wanted.reason) and names_case(wanted.case)) or restricting.limits_of(tx, wanted.subject).restricted:
        return False
    last = last_day_of(tx, tools, wanted.subject, purposes.get(tx, wanted.purpose))
    return last is not None and last < day_of(tools.clock.now())


def _whole(tx: Transaction, vault: Vault, subject: SubjectId) -> Who:
    identifiers = subjects.identifiers_of(tx, vault, subject)
    if not vault.subject_exists(tx, subject):
        # Erasing deletes what was sealed too, so nothing may be left here that is seen to be dark.
        identifiers = Dark(reason=DarkReason.SUBJECT_ERASED)
    name = subjects.name_of(tx, vault, subject)
    dark = next((value.reason for value in (identifiers, name) if isinstance(value, Dark)), None)
    return Who(
        subject=subjects.get(tx, subject),
        shown=dark is None,
        name=name if isinstance(name, Personal) else None,
        identifiers=() if isinstance(identifiers, Dark) else tuple(identifiers),
        dark=dark,
    )
