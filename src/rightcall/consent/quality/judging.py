"""The DPO's word against the reader of words (`purposes.faults`): what it found void in a notice is not so.

It is about the notice, so every yes to it is weighed anew by it; and about what was found void in it until then, so that whatever
is found in it later is not covered. A new version of the words is a new notice.
"""

from collections.abc import Sequence

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.consent.model import Choice, Quality
from rightcall.consent.quality import rules, store
from rightcall.consent.quality.model import Cause, ReleaseReason, Weighing
from rightcall.consent.quality.reading import facts_of
from rightcall.consent.quality.statements import WordsJudged
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, Conflict
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.purposes import faults


def judge_misread(tx: Transaction, clock: Clock, yes: Choice, *, before: Sequence[Weighing], by: Actor) -> None:
    """As the newest weighing of this yes found void in its words. Conflict where something else makes it void too."""
    misread = faults.VOID & set(before[-1].weighed.faults)
    if rules.weigh(facts_of(tx, yes, before=before, cause=Cause.JUDGED, misread=misread)).quality is Quality.VOID:
        raise Conflict(
            "A yes that this needs is still void, and not by its wording alone. Weigh it anew to see why; while it is void, it"
            " can only be let go."
        )
    if yes.notice is None or yes.notice_digest is None:
        raise Breach("A yes has no notice. Stop, and tell the DPO.")
    if not misread:
        return
    at = clock.now()
    said = WordsJudged(
        at=at,
        controller=tx.of,
        notice=yes.notice,
        digest=Digest(yes.notice_digest),
        purpose=yes.purpose,
        choice=yes.id,
        reason=ReleaseReason.WORDING_WAS_MISREAD,
        actor=by.id,
        role=by.role,
    )
    store.insert_judgement(tx, yes.notice, sorted(misread), by=by, at=at, statement=ledger.append(tx, said))
