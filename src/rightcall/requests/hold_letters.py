"""What a person is told of a hold, in plain words and in their language: that something is kept, why, by which law, until when.

Pure: a hold in, paragraphs out. What it keeps, no letter says, since others may read it; it says where the person sees that.
"""

from rightcall.controllers.model import Controller
from rightcall.design.wording import language_of
from rightcall.holdings.holds.model import Hold
from rightcall.requests.letters import Letter, because
from rightcall.requests.wording import words_of


def hold_letter(hold: Hold, controller: Controller, *, language: str, is_erased: bool = False) -> Letter:
    """For one of those whom it is about. `is_erased`: they have no page of their own any more, and no copy is made for them."""
    language = language_of(language)
    words = words_of(language)
    return Letter(
        language=language,
        paragraphs=(
            words.say("kept", "begins"),
            words.say("kept", "see" if is_erased else "which"),
            because(words, hold),
            words.say("kept", "until", until=words.day(hold.ends_on)),
            words.say("kept", "use"),
            words.say("denied", "rights"),
            words.say("kept", "reference", hold=hold.name),
            words.say("contact", controller=controller.name, contact=controller.contact),
        ),
    )
