"""The letter to a recipient of a wrong value, in plain words. Pure."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.activities.model import Recipient
from rightcall.controllers.model import Controller
from rightcall.ids import CorrectionId


def letter_of(
    controller: Controller,
    to: Recipient,
    correction: CorrectionId,
    who: Sequence[tuple[str, str]],
    what: str,
    value: str,
    at: datetime,
) -> str:
    """`who`: what the person is known by, each with its kind. `what` was wrong, and the `value` that is right."""
    known = "\n".join(f"  {kind.replace('_', ' ')}: {said}" for kind, said in who) or "  records in other systems: ask us."
    return f"""{controller.name}
{controller.address}
{controller.contact}

{at:%d %B %Y}

To {to.name}

Rectification of personal data (GDPR Art. 16 and 19). Our reference: {correction}

What we hold about a person was wrong, and we have put it right. You received data about this person from us, or we let you
have it.

They are known by:
{known}

It is about: {what}
This is right: {value}

Please put it right too, with every copy, and say that you did; or say why you hold something else to be right.
Answer to {controller.contact} with our reference.
"""
