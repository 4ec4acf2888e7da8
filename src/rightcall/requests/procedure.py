"""Answering a request for erasure: carry it out, then say so. Never the other way round. What lies in other systems is let go of
in rounds of their own (`erasure.letting_go`): the last of them to be confirmed answers the request (`ErasedElsewhere`).

Subjects that are one person go together: each has an erasure of its own, and all are known and certified under the request's id.
After a restore an erasure may be known without its request, which came after the backup: then it is carried out all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid5

from rightcall.activities.processors import ordering
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling import by_records, reading
from rightcall.actors import SYSTEM
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.others import actions as others
from rightcall.discovery.ports import Opener
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.procedure import Eraser
from rightcall.ids import ControllerId, ErasureId, RequestId, SubjectId
from rightcall.procedures.ports import Steps
from rightcall.requests import actions
from rightcall.requests.conflicts import actions as conflicts
from rightcall.requests.model import Answered, Stage
from rightcall.subjects.joining import actions as joining


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAnswer:
    """The procedure `answer_erasure`. The erasure has the request's id."""

    eraser: Eraser
    open_system: Opener

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, request = (UUID(argument) for argument in arguments)
        subject = steps.run("begin", partial(self._begin, ControllerId(controller), RequestId(request)))
        if subject is None:
            return None
        self._erase(steps, ControllerId(controller), RequestId(request), [(str(request), subject)])
        steps.run("fulfil", partial(self._fulfil, ControllerId(controller), RequestId(request)))
        return None

    def _erase(self, steps: Steps, controller: ControllerId, request: RequestId, first: Sequence[tuple[str, str]]) -> None:
        """Whoever is joined to the person meanwhile goes too: nothing can be joined to whom a key is gone of, so this ends."""
        rest = steps.run("look for the rest of the person", partial(self._rest, controller, request))
        while first or rest:
            for _, each in (*first, *rest):
                steps.run("leave what is others'", partial(self._leave_others, controller, each))
            for _, each in (*first, *rest):
                steps.run("weigh what must be kept", partial(self._weigh, controller, request, each))
            for id, each in (*first, *rest):
                steps.run("keep letters", partial(self._keep_letters, controller, request, id, each))
            for id, each in (*first, *rest):
                steps.run("read what records tell", partial(self._read_records, controller, id, each))
            for id, other in rest:
                steps.run("destroy the rest", partial(self._destroy, controller, request, id, other))
            for id, each in (*first, *rest):
                self.eraser.erase(steps, controller, ErasureId(UUID(id)), SubjectId(UUID(each)), part_of=ErasureId(request))
            first = ()
            rest = steps.run("look for the rest of the person", partial(self._rest, controller, request))

    def _begin(self, controller: ControllerId, request: RequestId) -> str | None:
        """Whom to erase. None, and nothing is erased, where it was answered otherwise meanwhile, and while something is missing,
        whoever started this: it is begun again when that has come."""
        with self.eraser.disposer.database.transaction(controller) as tx:
            asked = actions.find(tx, request)
            if asked is None:
                return str(erasures.get(tx, ErasureId(request)).subject)
            if asked.stage is Stage.OPEN and asked.ready_at is None:
                return None
            found = actions.begin(tx, self.eraser.tools.clock, request)
            if found.stage is not Stage.IN_PROGRESS and found.outcome is not Answered.FULFILLED:
                return None
            erasures.begin(tx, self.eraser.tools.clock, erasure=ErasureId(request), subject=found.subject)
        return str(found.subject)

    def _rest(self, controller: ControllerId, request: RequestId) -> list[tuple[str, str]]:
        """The other subjects that are the same person, each with the id of its erasure. Keys that are gone already have one."""
        with self.eraser.disposer.database.transaction(controller) as tx:
            found = actions.find(tx, request)
            person = () if found is None else joining.person(tx, found.subject)
            return [
                (str(_of_the_rest(request, each)), str(each))
                for each in person
                if found is not None and each != found.subject and self.eraser.tools.vault.subject_exists(tx, each)
            ]

    def _weigh(self, controller: ControllerId, request: RequestId, subject: str) -> int:
        """Before the keys go: what must stay is under a hold by then."""
        with self.eraser.disposer.database.transaction(controller) as tx:
            if actions.find(tx, request) is None:
                return 0
            return conflicts.decide(tx, self.eraser.tools, request=request, subject=SubjectId(UUID(subject)))

    def _leave_others(self, controller: ControllerId, subject: str) -> int:
        """What texts about the person tell of others is not theirs to be erased, and stays where it lies."""
        with self.eraser.disposer.database.transaction(controller) as tx:
            return others.leave_others(tx, self.eraser.tools.vault, self.eraser.tools.clock, SubjectId(UUID(subject)))

    def _keep_letters(self, controller: ControllerId, request: RequestId, erasure: str, subject: str) -> bool:
        """What recipients are told by: before nobody knows it any more."""
        tools, id, of = self.eraser.tools, ErasureId(UUID(erasure)), SubjectId(UUID(subject))
        with self.eraser.disposer.database.transaction(controller) as tx:
            erasures.begin(tx, tools.clock, erasure=id, subject=of, part_of=ErasureId(request))
            return telling.keep_letters(tx, tools.vault, tools.clock, erasure=id, subject=of)

    def _read_records(self, controller: ControllerId, erasure: str, subject: str) -> bool:
        """By what records alone know the person, for a processor that could find them by nothing else: read and sealed in one
        step, and kept in none. A system that is away is not waited for."""
        database, vault = self.eraser.disposer.database, self.eraser.tools.vault
        id, of = ErasureId(UUID(erasure)), SubjectId(UUID(subject))
        with database.transaction(controller) as tx:
            kinds = ordering.kinds_to_read(tx, vault, erasure=id)
            wanted = reading.to_read(tx, vault, of, kinds)
        if not wanted.systems:
            return False
        found = reading.read(self.open_system, wanted)
        with database.transaction(controller) as tx:
            told, unread = reading.weigh(tx, vault, of, kinds, found)
            return by_records.keep(tx, vault, erasure=id, told=told, unread=unread)

    def _destroy(self, controller: ControllerId, request: RequestId, erasure: str, subject: str) -> bool:
        id, of = ErasureId(UUID(erasure)), SubjectId(UUID(subject))
        self.eraser.destroy(controller, id, of, part_of=ErasureId(request))
        return True

    def _fulfil(self, controller: ControllerId, request: RequestId) -> bool:
        """False where something of the person is open elsewhere still, and where there is no request."""
        with self.eraser.disposer.database.transaction(controller) as tx:
            return fulfil_if_gone(tx, self.eraser.tools.clock, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedElsewhere:
    """The procedure `answer_erased`: the last place in another system was confirmed gone, so a request may be fulfilled now."""

    database: Database
    clock: Clock

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, erasure = ControllerId(UUID(arguments[0])), ErasureId(UUID(arguments[1]))
        return steps.run("fulfil", partial(self._fulfil, controller, erasure))

    def _fulfil(self, controller: ControllerId, erasure: ErasureId) -> bool:
        with self.database.transaction(controller) as tx:
            found = erasures.get(tx, erasure)
            asked = [
                each
                for each in actions.open_erasures(tx)
                if each in (found.root, erasure) or erasure == _of_the_rest(each, found.subject)
            ]
            answered = [fulfil_if_gone(tx, self.clock, each) for each in asked]
        return all(answered)


def fulfil_if_gone(tx: Transaction, clock: Clock, request: RequestId) -> bool:
    """Answers a request for erasure once all that was to go is confirmed gone, here and elsewhere. Again changes nothing."""
    found = actions.find(tx, request)
    if found is None:
        return False
    person = joining.person(tx, found.subject) or [found.subject]
    ids = [ErasureId(request), *(_of_the_rest(request, each) for each in person if each != found.subject)]
    begun = [each for id in ids if (each := erasures.find(tx, id)) is not None]
    known = list({each.id: each for one in begun for each in erasures.whole(tx, one.id)}.values())
    if any(erasures.latest_of(tx, each) is None for each in person):
        return False
    if not known or any(each.confirmed_at is None or not elsewhere.is_settled(tx, each.subject) for each in known):
        return False
    actions.fulfil(tx, clock, request, by=SYSTEM)
    return True


def _of_the_rest(request: RequestId, subject: SubjectId) -> ErasureId:
    """The erasure of another subject that is the same person."""
    return ErasureId(uuid5(request, str(subject)))
