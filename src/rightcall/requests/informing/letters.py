"""The letter to a recipient of a wrong value, in the recipient's language or else the controller's. Pure."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.activities.model import Recipient
from rightcall.activities.telling.letters import Letter, head, known_by, words_for
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
) -> Letter:
    """`who`: what the person is known by, each with its kind. `what` was wrong, and the `value` that is right."""
    words = words_for(controller, to.language)
    about = words.say("corrected", "about", what=category_in(what, words.language))
    paragraphs = [
        *head(words, controller, words.say("to", to=to.name), at),
        words.say("corrected", "subject", reference=correction),
        words.say("corrected", "did"),
        known_by(words, "corrected", who),
        f"{about}\n{words.say('corrected', 'right', value=value)}",
        f"{words.say('corrected', 'asks')} {words.say('corrected', 'answer', contact=controller.contact)}",
    ]
    return Letter(language=words.language, text="\n\n".join(paragraphs) + "\n")
