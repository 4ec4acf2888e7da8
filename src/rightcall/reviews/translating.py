"""What customers read of a review, in other languages: the sentence that would be said to their face, and who could be hurt. A
translation is of exactly the sentences that were signed: a review that says something else is not told by it."""

from collections.abc import Sequence

from jinja2 import pass_context
from jinja2.runtime import Context

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.ids import PurposeId, ReviewId
from rightcall.policy.model import RuleSet
from rightcall.purposes.model import Purpose
from rightcall.purposes.translations.model import HarmWords, InLanguage, ReviewWords
from rightcall.purposes.translations.rules import sentences_digest
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import Content, InForce, Review


def sentences_of(content: Content) -> bytes:
    return sentences_digest(content.answers.said_aloud, [(each.who, each.how, each.done) for each in content.harms])


def said_of(review: Review | None, said_aloud: str | None, harms: Sequence[HarmWords]) -> ReviewWords | None:
    """None where nothing of a review is translated. Malformed unless all that customers read of it is said, in its order."""
    if said_aloud is None:
        if harms:
            raise Malformed("Translate said_aloud too: who could be hurt is read beside it.")
        return None
    if review is None:
        raise Malformed("This purpose has no review whose sentences could be translated. Leave said_aloud and harms out.")
    content = review.content
    if len(harms) != len(content.harms):
        raise Malformed(
            f"The review names {len(content.harms)} who could be hurt, and the translation {len(harms)}. Say each again, in the"
            " review's order."
        )
    return ReviewWords(of=sentences_of(content), said_aloud=said_aloud, harms=tuple(harms))


def to_translate(
    tx: Transaction, clock: Clock, rules: RuleSet, purpose: PurposeId, wanted: ReviewId | None = None
) -> Review | None:
    """The one wanted, or else the review that is in force, or else the newest; None where there is none. NotFound where the one
    wanted is of another purpose."""
    if wanted is not None:
        found = reviews.history(tx, wanted).review
        if found.purpose != purpose:
            raise NotFound("There is no such review of this purpose. List its reviews to see their ids.")
        return found
    standing = reviews_standing.in_force(tx, clock, rules, purpose)
    if isinstance(standing, InForce):
        return reviews.history(tx, standing.review).review
    return next((each.review for each in reviews.of_purpose(tx, purpose)), None)


def told(found: InLanguage, purpose: PurposeId, content: Content) -> ReviewWords | None:
    """None where exactly these sentences are not translated."""
    return found.reviews.get((purpose, sentences_of(content)))


@pass_context
def translated_review(context: Context, content: Content, purpose: Purpose) -> ReviewWords | None:
    """For a page that is given `translated`: what there is in its language."""
    return told(context["translated"], purpose.id, content)
