"""The letter to a recipient of erased data, and what every letter to a recipient begins with, in the recipient's language or else
the controller's. Pure.

What has a name of its own stays as it is: purposes are told in the words of the register.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rightcall.activities.model import Recipient
from rightcall.controllers.model import Controller
from rightcall.design.wording import Words, language_of, words_in
from rightcall.ids import ErasureId

_FOLDER = Path(__file__).parent / "words"


def letter_of(
    controller: Controller,
    to: Recipient,
    erasure: ErasureId,
    who: Sequence[tuple[str, str]],
    purposes: Sequence[str],
    at: datetime,
) -> str:
    """`who`: what the person was known by, each with its kind."""
    words = words_for(controller, to)
    return "\n\n".join(
        [
            *head(words, controller, to, at),
            words.say("erased", "subject", reference=erasure),
            "\n".join([words.say("erased", "did"), *(f"  {each}" for each in purposes)]),
            known_by(words, "erased", who),
            f"{words.say('erased', 'asks', to.kind.value)} {words.say('erased', 'answer', contact=controller.contact)}\n",
        ]
    )


def words_for(controller: Controller, to: Recipient) -> Words:
    return words_in(_FOLDER, language_of(to.language or controller.language))


def head(words: Words, controller: Controller, to: Recipient, at: datetime) -> list[str]:
    sender = f"{controller.name}\n{controller.address}\n{controller.contact}"
    return [sender, words.day(at.date()), words.say("to", to=to.name)]


def known_by(words: Words, of: str, who: Sequence[tuple[str, str]]) -> str:
    known = [f"  {words.say('kind', kind)}: {value}" for kind, value in who] or [f"  {words.say(of, 'records')}"]
    return "\n".join([words.say(of, "known"), *known])
