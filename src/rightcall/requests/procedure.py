"""Answering a request for erasure: carry it out, then say so. Never the other way round.

After a restore an erasure may be known without its request, which came after the backup: then it is carried out all the same.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import Json
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
        controller, request, subject = (UUID(argument) for argument in arguments)
        if not steps.run("begin", partial(self._begin, ControllerId(controller), RequestId(request))):
            return None
        self.eraser.erase(steps, ControllerId(controller), ErasureId(request), SubjectId(subject))
        steps.run("fulfil", partial(self._fulfil, ControllerId(controller), RequestId(request)))
        return None

    def _begin(self, controller: ControllerId, request: RequestId) -> bool:
        """False where a person has denied the request meanwhile: then nothing is erased."""
        with self.eraser.disposer.database.transaction(controller) as tx:
            found = actions.find(tx, request)
            return found is None or actions.begin(tx, request).outcome is not Answered.DENIED

    def _fulfil(self, controller: ControllerId, request: RequestId) -> bool:
        with self.eraser.disposer.database.transaction(controller) as tx:
            if actions.find(tx, request) is None:
                return False
            actions.fulfil(tx, self.eraser.tools.clock, request, by=SYSTEM)
        return True
