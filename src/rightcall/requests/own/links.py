"""A link to one answer that a person gave, for the company to send along with its receipt.

It is proof in proportion: whoever has it sees that one answer, and may take it back, which only ever protects the person. It
opens no page of theirs, and not the receipt itself either, since a receipt shows who somebody is. Nothing of it is stored: it is
made of the choice under the company's key, and leads nowhere once the person is erased.
"""

import hmac
from dataclasses import dataclass
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Choice, Evidence, EvidenceKind, NewChoice
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import CallId, ChoiceId
from rightcall.personal import Personal
from rightcall.recordings import actions as recordings
from rightcall.recordings.confirming import live_version
from rightcall.recordings.tools import Tools
from rightcall.vault.actions import Vault

NO_SUCH = "This link leads to no answer. Look at it again, or sign in."
_KIND = "requests.answer_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAnswer:
    """`now`: the newest answer of the same party about the same purpose, which is this one where none came after it."""

    choice: Choice
    now: Choice


def link_to(tx: Transaction, vault: Vault, choice: ChoiceId) -> str:
    """The end of an address. NotFound where there is no such choice."""
    return f"{consent.choice(tx, choice).id}/{vault.blind(tx, _KIND, str(choice)).hex()}"


def answer_behind(tx: Transaction, vault: Vault, choice: UUID, seal: str) -> OneAnswer:
    """NotFound, in the same words, for whatever is no such link."""
    wanted = vault.blind(tx, _KIND, str(choice)).hex()
    if not hmac.compare_digest(wanted.encode(), seal.encode()):
        raise NotFound(NO_SUCH)
    found = consent.choice(tx, ChoiceId(choice))
    if not vault.subject_exists(tx, calls.party(tx, found.party).subject):
        raise NotFound(NO_SUCH)
    return OneAnswer(choice=found, now=consent.history(tx, found.party, found.purpose)[-1])


def take_back(tx: Transaction, tools: Tools, choice: UUID, seal: str) -> CallId | None:
    """The yes of this party about this purpose ends. The call, where it goes on: the recorder has to confirm it."""
    found = answer_behind(tx, tools.vault, choice, seal).now
    if found.answer is not Answer.GRANTED:
        return None
    recordings.touch(tx, found.call)
    new = NewChoice(
        call=found.call,
        party=found.party,
        purpose=found.purpose,
        answer=Answer.WITHDRAWN,
        channel=Channel.WEB,
        by=Actor(id=found.party, role=Role.SUBJECT),
        evidence=Evidence(kind=EvidenceKind.FORM_SENT, detail=Personal("link to one answer: no")),
    )
    recordings.choose(tx, tools, new)
    return None if live_version(tx, found.call) is None else found.call
