"""Answering a withdrawal: every yes of the person is taken back, in every call, and then it is answered (GDPR Art. 7(3)).

A yes that they give after the request was ready stands: it is newer. What each withdrawal brings follows as ever: its grant is
destroyed at once, live calls are cut, and the bytes go (`reactions`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from rightcall.actors import SYSTEM, Actor
from rightcall.calls import actions as calls
from rightcall.canonical import Json
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Choice, NewChoice
from rightcall.consent.model import Channel as Said
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Breach
from rightcall.ids import ControllerId, PartyId, RequestId
from rightcall.procedures.ports import Steps
from rightcall.recordings import actions as recordings
from rightcall.recordings.tools import Tools
from rightcall.requests import actions, proving
from rightcall.requests.model import Answered, Channel, Stage
from rightcall.subjects.joining import actions as joining

_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalAnswer:
    """The procedure `answer_withdrawal`."""

    database: Database
    tools: Tools

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, request = ControllerId(UUID(arguments[0])), RequestId(UUID(arguments[1]))
        if not steps.run("begin", partial(self._begin, controller, request)):
            return None
        parties = steps.run("look for yeses", partial(self._parties, controller, request))
        for place in range(0, len(parties), _PAGE):
            steps.run("take back", partial(self._take_back, controller, request, parties[place : place + _PAGE]))
        steps.run("fulfil", partial(self._fulfil, controller, request))
        return None

    def _begin(self, controller: ControllerId, request: RequestId) -> bool:
        """False where it was denied or taken back meanwhile: then every yes stands; and where the person is being erased, which
        leaves none."""
        with self.database.transaction(controller) as tx:
            found = actions.get(tx, request)
            if found.stage is Stage.ANSWERED:
                return found.outcome is Answered.FULFILLED
            return not proving.is_being_erased(tx, found) and actions.begin(tx, self.tools.clock, request).ready_at is not None

    def _parties(self, controller: ControllerId, request: RequestId) -> list[str]:
        """The person, in each call in which a yes of theirs stands."""
        with self.database.transaction(controller) as tx:
            person = joining.person(tx, actions.get(tx, request).subject)
            return [str(party) for party in consent.parties_with_yes(tx, person)]

    def _take_back(self, controller: ControllerId, request: RequestId, parties: Sequence[str]) -> int:
        """Each in a transaction of its own, so that no two calls wait for each other."""
        taken = 0
        for party in parties:
            with self.database.transaction(controller) as tx:
                found = actions.get(tx, request)
                if found.ready_at is None:
                    raise Breach("A withdrawal is carried out that was never ready. Stop, and tell the DPO.")
                for choice in _standing(tx, PartyId(UUID(party)), found.ready_at):
                    recordings.touch(tx, choice.call)
                    if self._is_erased(tx, choice):
                        continue
                    recordings.choose(tx, self.tools, _no(request, choice, found.by, _SAID[found.channel]))
                    taken += 1
        return taken

    def _fulfil(self, controller: ControllerId, request: RequestId) -> bool:
        """False where the person is erased meanwhile: then that answers it."""
        with self.database.transaction(controller) as tx:
            found = actions.get(tx, request)
            if found.stage is Stage.ANSWERED or proving.is_being_erased(tx, found):
                return False
            actions.fulfil(tx, self.tools.clock, request, by=SYSTEM)
        return True

    def _is_erased(self, tx: Transaction, choice: Choice) -> bool:
        """With the yes its grant went. Nobody erases the person before this commits."""
        subject = calls.party(tx, choice.party).subject
        self.tools.vault.hold_subject(tx, subject)
        return not self.tools.vault.subject_exists(tx, subject)


_SAID = {
    Channel.PORTAL: Said.WEB,
    Channel.EMAIL: Said.API,
    Channel.PHONE: Said.VOICE_HEARD_BY_AGENT,
    Channel.API: Said.API,
    Channel.DRP: Said.API,
}


def _standing(tx: Transaction, party: PartyId, ready_at: datetime) -> list[Choice]:
    """The party's newest answers that are a yes from before that."""
    newest = {choice.purpose: choice for choice in consent.choices_of_party(tx, party)}
    return [each for each in newest.values() if each.answer is Answer.GRANTED and each.made_at <= ready_at]


def _no(request: RequestId, choice: Choice, by: Actor, said: Said) -> NewChoice:
    return NewChoice(
        call=choice.call,
        party=choice.party,
        purpose=choice.purpose,
        answer=Answer.WITHDRAWN,
        channel=said,
        by=by,
        idempotency=f"{request}:{choice.id}",
    )
