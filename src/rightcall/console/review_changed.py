"""What a version of a review says that the one before did not: each answer under its question, for whoever signs."""

from collections.abc import Iterator, Mapping, Sequence

from rightcall.actors import Role
from rightcall.canonical import Json
from rightcall.console.places import CALLED
from rightcall.design.differences import Difference, differences
from rightcall.ids import ReviewId
from rightcall.reviews.checking import QUESTIONS
from rightcall.reviews.documents import document_of
from rightcall.reviews.model import Content, History, Review
from rightcall.reviews.page import worded
from rightcall.reviews.template import ASKED

DECLARED = {
    "service_depends_on_yes": "Does anybody get less help who says no?",
    "steps_to_accept": "Keys or clicks to a yes",
    "steps_to_decline": "Keys or clicks to a no",
    "unrecorded_line": "A line for agents that is never recorded",
    "other_proof": "How it can be proved otherwise",
    "whole_call": "Is all kept that is said in a call?",
    "acts": "What is done for this purpose",
    "roles": "Who does it",
    "calls": "Calls in thirty days",
    "criteria": "What makes a high risk likely here",
}
LAST_DAY = "The last day"


def before(review: Review, versions: Sequence[History], in_force: ReviewId | None) -> Review | None:
    """What it is held against: the earlier version that is in force, else the newest earlier one; None for the first."""
    earlier = [each.review for each in versions if each.review.version < review.version]
    return next((each for each in earlier if each.id == in_force), earlier[0] if earlier else None)


def changed(old: Review, new: Review) -> list[Difference]:
    return differences(dict(_said(old)), dict(_said(new)))


def _said(review: Review) -> Iterator[tuple[str, str]]:
    content = review.content
    for name, question in QUESTIONS.items():
        yield question, getattr(content.answers, name)
    yield from _rows(content)
    document = document_of(content)
    yield from _under(DECLARED, document["declared"])
    for part, asked in ASKED.items():
        yield from _under(asked, document[part])
    yield LAST_DAY, f"{review.expires_on:%-d %B %Y}"


def _rows(content: Content) -> Iterator[tuple[str, str]]:
    """By who and what they name, so that one more in the middle is one more and not all of them otherwise."""
    for harm in content.harms:
        yield f"Harm: {harm.who}", f"{harm.how} ({worded(harm.likelihood.value)}, {worded(harm.severity.value)}) {harm.done}"
    for other in content.alternatives:
        yield f"Less: {other.what}", f"{other.why} (enough: {worded(other.enough.value)})"


def _under(questions: Mapping[str, str], said: Json) -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        for name, question in questions.items():
            yield question, _plainly(name, said.get(name))


def _plainly(name: str, value: Json) -> str:
    if name == "roles" and isinstance(value, list):
        return ", ".join(sorted(CALLED[Role(str(each))] for each in value))
    return "there is none" if value is None else worded(value)
