"""What an erasure's certificate says of recipients that are not asked by what records of other systems tell: that nobody has said
yet whether they are, or why they are not."""

from collections.abc import Mapping, Sequence

from rightcall.activities.telling import store
from rightcall.activities.telling.model import Notice, WhyNot, Word
from rightcall.activities.telling.statements import RecipientsUnasked
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.evidence.graded import Residual
from rightcall.ids import ErasureId
from rightcall.ledger.actions import append

_WHY: Mapping[WhyNot, Residual] = {
    WhyNot.SHARED: Residual.NOT_ASKED_SHARED,
    WhyNot.UNSURE: Residual.NOT_ASKED_UNSURE,
    WhyNot.WRONG: Residual.NOT_ASKED_WRONG,
    WhyNot.OTHER_WAY: Residual.NOT_ASKED_OTHER_WAY,
}


def residual_of(notice: Notice) -> Residual | None:
    """One that is to be asked is not asked yet until it has signed that it has it. One that was told by letter before anybody
    said a word was told, and is no question any more."""
    if notice.said is not None and notice.said.why_not is not None:
        return _WHY[notice.said.why_not]
    return None if notice.in_doubt_at is None or notice.told_at is not None else Residual.NOT_ASKED_YET


def take_note(tx: Transaction, clock: Clock, erasure: ErasureId) -> None:
    """After anything of it changed. The certificate is made anew where it says something else now."""
    notices = store.notices(tx, erasure)
    found = {each for notice in notices if (each := residual_of(notice)) is not None}
    if not erasures.leave_unasked(tx, erasure=erasure, unasked=found):
        return
    said = RecipientsUnasked(
        at=clock.now(),
        controller=tx.of,
        erasure=erasure,
        waiting=_many(notices, Residual.NOT_ASKED_YET),
        declined=sum(each.said is not None and each.said.word is Word.DO_NOT for each in notices),
    )
    append(tx, said)


def _many(notices: Sequence[Notice], residual: Residual) -> int:
    return sum(residual_of(each) is residual for each in notices)
