"""The letter to a recipient of a wrong value, in the recipient's language or else the controller's. Pure."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.activities.model import Recipient
from rightcall.activities.telling.letters import head, known_by, words_for
from rightcall.controllers.model import Controller
from rightcall.holdings.categories import Category
from rightcall.holdings.naming import category_in
from rightcall.ids import CorrectionId


def letter_of(
    controller: Controller,
    to: Recipient,
    correction: CorrectionId,
    who: Sequence[tuple[str, str]],
    what: Category,
    value: str,
    at: datetime,
) -> str:
    """`who`: what the person is known by, each with its kind. `what` was wrong, and the `value` that is right."""
    words = words_for(controller, to.language)
    return "\n\n".join(
        [
            *head(words, controller, words.say("to", to=to.name), at),
            words.say("corrected", "subject", reference=correction),
            words.say("corrected", "did"),
            known_by(words, "corrected", who),
            "\n".join(
                [
                    words.say("corrected", "about", what=category_in(what, words.language)),
                    words.say("corrected", "right", value=value),
                ]
            ),
            f"{words.say('corrected', 'asks')} {words.say('corrected', 'answer', contact=controller.contact)}\n",
        ]
    )
