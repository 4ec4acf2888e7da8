"""Why a link is no question any more, in words: whoever noted its id, or has it open on a page, is told."""

from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import store
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Link, LinkState


def why_over(tx: Transaction, link: Link) -> str | None:
    """A sentence; None where it is a question, or stands."""
    if link.state is not LinkState.OVER:
        return None
    standing = store.standing(tx, link.record)
    if standing is not None:
        return f"Its record is linked since: see the link {standing}, and undo that first if it is wrong."
    if linking.record(tx, link.record) is None:
        return "Nothing of it lies there any more: its record is gone from its system, or was changed and is another record now."
    return "Nothing that is known now says that its record is about this person."
