"""Answering a request for erasure: carry it out, then say so. Never the other way round.

After a restore an erasure may be known without its request, which came after the backup: then it is carried out all the same.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import Json
from rightcall.erasure import actions as erasures
from rightcall.erasure.procedure import Eraser
from rightcall.ids import ControllerId, ErasureId, RequestId, SubjectId
from rightcall.procedures.ports import Steps
from rightcall.requests import actions
from rightcall.requests.model import Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAnswer:
    """The procedure `answer_erasure`. The erasure has the request's id."""

    eraser: Eraser

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, request = (UUID(argument) for argument in arguments)
        subject = steps.run("begin", partial(self._begin, ControllerId(controller), RequestId(request)))
        if subject is None:
            return None
        self.eraser.erase(steps, ControllerId(controller), ErasureId(request), SubjectId(UUID(subject)))
        steps.run("fulfil", partial(self._fulfil, ControllerId(controller), RequestId(request)))
        return None

    def _begin(self, controller: ControllerId, request: RequestId) -> str | None:
        """Whom to erase. None where a person has denied the request meanwhile: then nothing is erased."""
        with self.eraser.disposer.database.transaction(controller) as tx:
            if actions.find(tx, request) is None:
                return str(erasures.get(tx, ErasureId(request)).subject)
            found = actions.begin(tx, request)
            return None if found.outcome is Answered.DENIED else str(found.subject)

    def _fulfil(self, controller: ControllerId, request: RequestId) -> bool:
        with self.eraser.disposer.database.transaction(controller) as tx:
            if actions.find(tx, request) is None:
                return False
            actions.fulfil(tx, self.eraser.tools.clock, request, by=SYSTEM)
        return True
