"""What a person is told of a hold, in plain words and in their language: that something is kept, why, by which law, until when.

Pure: a hold in, paragraphs out. What it keeps, no letter says, since others may read it; it says where the person sees that.
"""

from rightcall.controllers.model import Controller
from rightcall.design.wording import language_of
from rightcall.holdings.holds.model import Hold
from rightcall.requests.letters import Letter
from rightcall.requests.wording import words_of


def hold_letter(hold: Hold, controller: Controller, *, language: str) -> Letter:
    """For one of those whom it is about."""
    language = language_of(language)
    words = words_of(language)
    law = "" if hold.law is None else words.say("kept", "law", law=words.law(hold.law.text))
    return Letter(
        language=language,
        paragraphs=(
            words.say("kept", "begins"),
            words.say("kept", "which"),
            words.say("kept", "because", hold.reason) + law,
            words.say("kept", "until", until=words.day(hold.ends_on)),
            words.say("kept", "use"),
            words.say("denied", "rights"),
            words.say("kept", "reference", hold=hold.name),
            words.say("contact", controller=controller.name, contact=controller.contact),
        ),
    )
