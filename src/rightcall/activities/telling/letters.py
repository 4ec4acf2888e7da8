"""The letter to a recipient of erased data, in plain words. Pure."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.activities.model import Recipient, RecipientKind
from rightcall.controllers.model import Controller
from rightcall.ids import ErasureId

_ASKS = {
    RecipientKind.PROCESSOR: "Please erase it, and every copy and link, and confirm that you did.",
    RecipientKind.JOINT_CONTROLLER: "Please erase it too, unless a ground of Art. 17(3) lets you keep it, and say which.",
    RecipientKind.CONTROLLER: "Please erase it too, unless a ground of Art. 17(3) lets you keep it, and say which.",
    RecipientKind.AUTHORITY: "Please erase it too, unless a law demands that you keep it.",
}

_BY_RECORDS = "  nothing that we kept ourselves: records about them in other systems, which we had erased too. Ask us."


def letter_of(
    controller: Controller,
    to: Recipient,
    erasure: ErasureId,
    who: Sequence[tuple[str, str]],
    purposes: Sequence[str],
    at: datetime,
) -> str:
    """`who`: what the person was known by, each with its kind."""
    known = "\n".join(f"  {kind.replace('_', ' ')}: {value}" for kind, value in who) or _BY_RECORDS
    given = "\n".join(f"  {each}" for each in purposes)
    return f"""{controller.name}
{controller.address}
{controller.contact}

{at:%d %B %Y}

To {to.name}

Erasure of personal data (GDPR Art. 17 and 19). Our reference: {erasure}

A person asked us to erase what we hold about them, and we did. We gave you data about this person, or let you have it, for:
{given}

They were known by:
{known}

{_ASKS[to.kind]} Answer to {controller.contact} with our reference, and keep this letter no longer than you need it for that.
"""
