"""What happens when: one table from statement to the procedure that follows it.

The worker follows the ledger, so a reaction starts after its statement was committed and sequenced: once, under its id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rightcall.activities.telling.statements import LettersForgotten, RecipientsToTell, RecipientsUnasked
from rightcall.breaches.statements import BreachCorrected, BreachEntered, BreachRehearsed, BreachWeighingAsked
from rightcall.canonical import Json, parse_json
from rightcall.consent.model import Answer
from rightcall.consent.quality.statements import GrantLetGo, PurposeTold, WeighingAsked, WordsJudged
from rightcall.consent.statements import ChoiceMade
from rightcall.database.connection import Database
from rightcall.discovery.decisions.statements import LinkDecided
from rightcall.discovery.joins.statements import HeldInDoubt
from rightcall.discovery.scans.model import Outcome
from rightcall.discovery.scans.statements import ScanEnded, ScanFollowed, ScanStarted
from rightcall.discovery.systems.statements import SystemChanged
from rightcall.erasure.elsewhere.statements import ElsewhereConfirmed
from rightcall.erasure.statements import SubjectErased
from rightcall.errors import Breach
from rightcall.ethics.minimisation.statements import UsesLookAsked
from rightcall.ethics.statements import FlagLifted, LookAsked, PurposeFlagged
from rightcall.holdings.holds.statements import HoldAgreed, HoldLifted, HoldProlonged
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Statement
from rightcall.policy.adoption.statements import ReplayAsked
from rightcall.procedures import actions as procedures
from rightcall.purposes.statements import (
    NoticePublished,
    NoticeRetired,
    PurposeEnded,
    PurposeLengthened,
    PurposeNarrowed,
    PurposeShortened,
)
from rightcall.recordings.statements import PartyAttributed, SessionOver
from rightcall.requests.informing.model import Reply
from rightcall.requests.keepers.statements import CorrectionKeeperReplied
from rightcall.requests.model import RequestKind
from rightcall.requests.packages.statements import PackageAsked, ThingDecided
from rightcall.requests.statements import CorrectionEntered, RequestReady
from rightcall.retention.statements import TermEnded
from rightcall.reviews.statements import ReviewEnded, ReviewOpened
from rightcall.subjects.statements import SubjectsJoined

_CURSOR = "reactions"
_PAGE = 500
Start: TypeAlias = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """`arguments` name fields of the statement, which are ids and days; `only` are values that fields must have."""

    after: type[Statement]
    procedure: str
    arguments: tuple[str, ...]
    only: Mapping[str, str]


REACTIONS: tuple[Reaction, ...] = (
    Reaction(
        after=RequestReady,
        procedure="answer_erasure",
        arguments=("controller", "request"),
        only={"kind_of_request": RequestKind.ERASURE.value},
    ),
    Reaction(
        after=RequestReady,
        procedure="answer_withdrawal",
        arguments=("controller", "request"),
        only={"kind_of_request": RequestKind.WITHDRAWAL.value},
    ),
    *(
        Reaction(
            after=RequestReady,
            procedure="make_package",
            arguments=("controller", "request"),
            only={"kind_of_request": kind.value},
        )
        for kind in (RequestKind.ACCESS, RequestKind.PORTABILITY)
    ),
    Reaction(after=LinkDecided, procedure="look_at_requests", arguments=("controller", "link"), only={}),
    Reaction(after=SessionOver, procedure="compare_callers", arguments=("controller", "call"), only={}),
    Reaction(after=PartyAttributed, procedure="compare_callers", arguments=("controller", "call"), only={}),
    Reaction(after=HeldInDoubt, procedure="settle_calls", arguments=("controller",), only={}),
    Reaction(after=SubjectsJoined, procedure="settle_calls", arguments=("controller",), only={}),
    Reaction(after=PackageAsked, procedure="make_package", arguments=("controller", "request"), only={}),
    Reaction(after=ThingDecided, procedure="make_package", arguments=("controller", "request"), only={}),
    Reaction(
        after=RequestReady,
        procedure="order_copies",
        arguments=("controller", "request"),
        only={"kind_of_request": RequestKind.ACCESS.value},
    ),
    Reaction(
        after=RequestReady,
        procedure="order_copies",
        arguments=("controller", "request"),
        only={"kind_of_request": RequestKind.PORTABILITY.value},
    ),
    Reaction(
        after=ChoiceMade,
        procedure="dispose_of_call",
        arguments=("controller", "call"),
        only={"answer": Answer.WITHDRAWN.value},
    ),
    Reaction(after=GrantLetGo, procedure="dispose_of_call", arguments=("controller", "call"), only={}),
    Reaction(after=PurposeTold, procedure="weigh_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=WeighingAsked, procedure="weigh_purpose_anew", arguments=("controller", "purpose"), only={}),
    Reaction(after=WordsJudged, procedure="weigh_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=PurposeEnded, procedure="weigh_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=NoticePublished, procedure="weigh_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=NoticeRetired, procedure="weigh_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=PurposeFlagged, procedure="tell_of_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=FlagLifted, procedure="tell_of_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=ReviewOpened, procedure="tell_of_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=ReviewEnded, procedure="tell_of_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=TermEnded, procedure="dispose_of_term", arguments=("controller", "last_day"), only={}),
    Reaction(after=SystemChanged, procedure="describe_system", arguments=("controller", "system"), only={}),
    Reaction(after=PurposeNarrowed, procedure="describe_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=PurposeNarrowed, procedure="shorten_terms", arguments=("controller", "purpose"), only={}),
    Reaction(after=PurposeShortened, procedure="describe_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=PurposeShortened, procedure="shorten_terms", arguments=("controller", "purpose"), only={}),
    Reaction(after=PurposeLengthened, procedure="describe_purpose", arguments=("controller", "purpose"), only={}),
    Reaction(after=PurposeLengthened, procedure="lengthen_terms", arguments=("controller", "purpose"), only={}),
    Reaction(after=HoldLifted, procedure="dispose_of_hold", arguments=("controller", "hold"), only={}),
    Reaction(after=HoldAgreed, procedure="certify_of_hold", arguments=("controller", "hold"), only={}),
    Reaction(after=HoldProlonged, procedure="certify_of_hold", arguments=("controller", "hold"), only={}),
    Reaction(after=CorrectionEntered, procedure="correct_elsewhere", arguments=("controller", "correction"), only={}),
    *(
        Reaction(
            after=CorrectionKeeperReplied,
            procedure="correct_elsewhere",
            arguments=("controller", "correction"),
            only={"answer": reply.value},
        )
        for reply in (Reply.CORRECTED, Reply.NEVER_HAD)
    ),
    Reaction(after=SubjectErased, procedure="forget_outcomes", arguments=("controller", "erasure"), only={}),
    Reaction(after=SubjectErased, procedure="plan_telling", arguments=("controller", "erasure"), only={}),
    Reaction(after=RecipientsToTell, procedure="order_erasure", arguments=("controller", "erasure"), only={}),
    Reaction(after=LettersForgotten, procedure="certify_told", arguments=("controller", "erasure"), only={}),
    Reaction(after=RecipientsUnasked, procedure="certify_told", arguments=("controller", "erasure"), only={}),
    Reaction(after=ElsewhereConfirmed, procedure="answer_erased", arguments=("controller", "erasure"), only={}),
    Reaction(after=ScanEnded, procedure="look_for_returned", arguments=("controller", "system"), only={}),
    Reaction(after=ScanFollowed, procedure="weigh_breaches", arguments=("controller", "system"), only={}),
    *(
        Reaction(after=ScanEnded, procedure="weigh_breaches", arguments=("controller", "system"), only={"outcome": outcome.value})
        for outcome in (Outcome.FAILED, Outcome.CANCELLED)
    ),
    Reaction(after=BreachRehearsed, procedure="weigh_rehearsal", arguments=("controller", "rehearsal"), only={}),
    Reaction(after=BreachEntered, procedure="weigh_breach", arguments=("controller", "breach"), only={}),
    Reaction(after=BreachCorrected, procedure="weigh_breach", arguments=("controller", "breach"), only={}),
    Reaction(after=BreachWeighingAsked, procedure="weigh_breach", arguments=("controller", "breach"), only={}),
    Reaction(after=ScanFollowed, procedure="look_at_safety", arguments=("controller", "system"), only={}),
    Reaction(after=ScanStarted, procedure="scan_system", arguments=("controller", "scan"), only={}),
    Reaction(after=ReplayAsked, procedure="replay_draft", arguments=("controller", "draft", "since"), only={}),
    Reaction(after=LookAsked, procedure="look_at_parity", arguments=("controller",), only={}),
    Reaction(after=UsesLookAsked, procedure="look_at_uses", arguments=("controller",), only={}),
)


def follow(database: Database, start: Start) -> bool:
    """Start what follows from the next statements; True where there may be more.

    The place in the ledger moves only after everything on the page was started; after a crash the same procedures are started
    again under the same ids, which changes nothing.
    """
    with database.system() as tx:
        index = procedures.next_index(tx, _CURSOR)
        page = ledger.sequenced_after(tx, index, _PAGE)
        for entry in page:
            for reaction in REACTIONS:
                if entry.kind == reaction.after.KIND:
                    _start(reaction, entry.leaf, start)
        if page:
            procedures.advance(tx, _CURSOR, page[-1].index + 1)
    return len(page) == _PAGE


def _start(reaction: Reaction, leaf: bytes, start: Start) -> None:
    statement = parse_json(leaf)
    if not isinstance(statement, Mapping):
        raise Breach("A leaf of the ledger is not a statement. Stop, and tell the DPO.")
    if all(statement.get(field) == value for field, value in reaction.only.items()):
        arguments = [_text(statement, field) for field in reaction.arguments]
        start(reaction.procedure, f"{reaction.procedure}:{_text(statement, 'id')}", *arguments)


def _text(statement: Mapping[str, Json], field: str) -> str:
    value = statement.get(field)
    if not isinstance(value, str):
        raise Breach("A statement lacks a field that a reaction needs. Stop, and tell the DPO.")
    return value
