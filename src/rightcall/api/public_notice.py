"""The privacy notice for the public, without a token: generated from the register each time it is asked for, so that it says what
is enforced now."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from rightcall.actors import PartyRole
from rightcall.api.forms import Language, Shape
from rightcall.api.raisers import Reading
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html
from rightcall.ids import ControllerId, PurposeId
from rightcall.policy.adoption.model import InForce as RulesInForce
from rightcall.policy.in_force import in_force, judge
from rightcall.policy.model import Act, PartyFacts, PurposeFacts, Question, RuleSet, Said
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.purposes.public import Line, PublicNotice, Register, frame_of, written
from rightcall.purposes.public_page import page
from rightcall.purposes.translations import actions as translations
from rightcall.recordings.circumstances import circumstances
from rightcall.recordings.rules import Circumstances
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import InForce
from rightcall.reviews.translating import told

_USES = (Act.PLAY, Act.EXPORT, Act.ANALYSE, Act.TRAIN_MODEL, Act.SHARE)
router = APIRouter(prefix="/public/notice", tags=["public"])
_OF = Query(description="Id of the controller whose register it is.")
_IN = Query(description="BCP 47. What of the register is not translated into it stands in the language it was written in.")
Of = Annotated[UUID, _OF]
In = Annotated[Language, _IN]


class SaidShape(Shape):
    """`label` is empty where the sentence stands by itself."""

    label: str
    says: str


class PartShape(Shape):
    """`purpose`: the key of the purpose that this part is about."""

    heading: str
    purpose: str | None
    lines: list[SaidShape]


class PublicNoticeShape(Shape):
    """`digest` is the SHA-256 of everything said but the moment: the same register says the same."""

    controller: UUID
    language: str
    title: str
    lead: list[str]
    parts: list[PartShape]
    at: datetime
    digest: str


@router.get("")
def public_notice(house: Reading, controller: Of, language: In = "en") -> PublicNoticeShape:
    """Who the controller is; each purpose with its reason, basis, data, users, term and what follows a no; and one's rights."""

    def deed(tx: Transaction) -> PublicNoticeShape:
        return _shape(notice_now(tx, house.clock, house.rules, language))

    return house.database.run(ControllerId(controller), deed)


@router.get("/page", response_class=HTMLResponse)
def public_notice_page(house: Reading, controller: Of, language: In = "en") -> HTMLResponse:
    """The same as one page that needs nothing else, to be linked to or saved."""

    def deed(tx: Transaction) -> str:
        return page(notice_now(tx, house.clock, house.rules, language))

    return html(house.database.run(ControllerId(controller), deed))


def notice_now(tx: Transaction, clock: Clock, rules: RuleSet, language: str) -> PublicNotice:
    """As the register stands now; with the sentence from the review of each purpose, where one is in force."""
    active = purposes.active(tx)
    standings = reviews_standing.standings(tx, clock, rules, active)
    reviewed = {purpose: each for purpose, each in standings.items() if isinstance(each, InForce)}
    contents = {purpose: reviews.history(tx, each.review).review.content for purpose, each in reviewed.items()}
    translated = translations.in_language(tx, frame_of(language).language)
    faces_in = {purpose: told(translated, purpose, each) for purpose, each in contents.items()}
    costly, on_trial = _costly(tx, clock, rules, active)
    register = Register(
        controller=controllers.get(tx),
        purposes=purposes.all_purposes(tx),
        notices=[notice for each in active for notice in purposes.current_notices(tx, each.id)],
        faces={purpose: each.answers.said_aloud for purpose, each in contents.items()},
        translated=translated.purposes,
        faces_in={purpose: each.said_aloud for purpose, each in faces_in.items() if each is not None},
        resting=frozenset(standings) - frozenset(reviewed),
        costly=costly,
        on_trial=on_trial,
    )
    return written(register, language, clock.now())


def _costly(
    tx: Transaction, clock: Clock, rules: RuleSet, active: Sequence[Purpose]
) -> tuple[frozenset[PurposeId], frozenset[PurposeId]]:
    """Those for which nothing runs since a no to them costs people something, and those of which, for that, nothing is used: by
    the rules in force, and not by what was found."""
    around, standing, at = circumstances(tx, (), rules=rules, clock=clock), in_force(tx, clock, rules), clock.now()
    stopped = {each.id: frozenset(_stopped(standing, around, each, at)) for each in active if each.id in around.costly}
    used = frozenset(purpose for purpose, acts in stopped.items() if acts.issuperset(_USES))
    costly = frozenset(purpose for purpose in used if stopped[purpose].issuperset((Act.ASK, Act.CAPTURE)))
    return costly, used - costly


def _stopped(standing: RulesInForce, around: Circumstances, purpose: Purpose, at: datetime) -> Iterator[Act]:
    """What a rule stops because a no was found to cost something, whatever else stops it."""
    anyone = PartyFacts(role=PartyRole.CUSTOMER, answer=Said.GRANTED, basis=purpose.lawful_basis)
    for act in (Act.ASK, Act.CAPTURE, *_USES):
        about = PurposeFacts.of(purpose, at)
        asked = around.around(Question(act=act, at=at, purpose=about, speaker=anyone, parties=(anyone,), pauses=frozenset()))
        if _in_the_way(standing, asked) - _in_the_way(standing, replace(asked, detriment_found=False)):
            yield act


def _in_the_way(standing: RulesInForce, asked: Question) -> frozenset[str]:
    verdict = judge(standing, asked)
    return frozenset() if verdict.proceeds else frozenset(reason.rule for reason in verdict.reasons)


def _shape(notice: PublicNotice) -> PublicNoticeShape:
    return PublicNoticeShape(
        controller=notice.controller.id,
        language=notice.frame.language,
        title=notice.say(notice.title),
        lead=[notice.say(each) for each in notice.lead],
        parts=[
            PartShape(
                heading=notice.say(part.heading),
                purpose=part.anchor or None,
                lines=[_said(notice, line) for line in part.lines],
            )
            for part in notice.parts
        ],
        at=notice.at,
        digest=notice.digest.hex(),
    )


def _said(notice: PublicNotice, line: Line) -> SaidShape:
    return SaidShape(label=notice.label(line), says=notice.say(line))
