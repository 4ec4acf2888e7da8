"""The letter to those who look after a system in which something is wrong, in their language or else the controller's. Pure."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.activities.telling.letters import Letter, head, known_by, lies, words_for
from rightcall.controllers.model import Controller
from rightcall.discovery.ports import Spot
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.holdings.categories import Category
from rightcall.holdings.naming import category_in
from rightcall.ids import CorrectionId


def letter_of(
    controller: Controller,
    system: RegisteredSystem,
    correction: CorrectionId,
    what: Category,
    was: str | None,
    value: str,
    places: Sequence[Spot | None],
    who: Sequence[tuple[str, str]],
    at: datetime,
) -> Letter:
    """`was` stands there and is wrong, where it was read; `value` is right. `who`, what the person is known by, is told only
    where nobody can say of each place where it is: whoever has the row needs no name."""
    words, name = words_for(controller, system.keepers_language), system.name.text
    of = category_in(what, words.language)
    told = [words.say("mended", "right", value=value)]
    told = told if was is None else [words.say("mended", "wrong", value=was), *told]
    is_sure = bool(places) and None not in places
    paragraphs = [
        *head(words, controller, words.say("keepers", "to", system=name), at),
        words.say("mended", "subject", reference=correction),
        words.say("mended", "did", system=name, what=of),
        "\n".join(told),
        "\n".join([words.say("keepers", "lies"), *(f"  {lies(words, each)}" for each in places or [None])]),
        *([] if is_sure else [known_by(words, "corrected", who)]),
        f"{words.say('mended', 'asks')} {words.say('corrected', 'answer', contact=controller.contact)}",
    ]
    return Letter(language=words.language, text="\n\n".join(paragraphs) + "\n")
