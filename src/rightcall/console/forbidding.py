"""Which rules keep a call from being recorded, in their own words."""

from rightcall.database.connection import Transaction
from rightcall.ids import CallId
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, Reason


def forbidding(tx: Transaction, call: CallId) -> tuple[Reason, ...]:
    """Each once. Of each voice and purpose the newest verdict counts: what was allowed since is not told."""
    newest = {(each.stream, each.purpose): each.verdict for each in policy.of_call(tx, call) if each.act is Act.CAPTURE}
    return tuple(dict.fromkeys(reason for each in newest.values() if not each.proceeds for reason in each.reasons))
