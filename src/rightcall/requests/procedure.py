"""Answering a request for erasure: carry it out, then say so. Never the other way round."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import Json
from rightcall.erasure.procedure import Eraser
from rightcall.ids import ControllerId, ErasureId, RequestId, SubjectId
from rightcall.procedures.ports import Steps
from rightcall.requests import actions


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAnswer:
    """The procedure `answer_erasure`. The erasure has the request's id."""

    eraser: Eraser

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, request, subject = (UUID(argument) for argument in arguments)
        steps.run("begin", partial(self._begin, ControllerId(controller), RequestId(request)))
        self.eraser.erase(steps, ControllerId(controller), ErasureId(request), SubjectId(subject))
        steps.run("fulfil", partial(self._fulfil, ControllerId(controller), RequestId(request)))
        return None

    def _begin(self, controller: ControllerId, request: RequestId) -> bool:
        with self.eraser.disposer.database.transaction(controller) as tx:
            actions.begin(tx, request)
        return True

    def _fulfil(self, controller: ControllerId, request: RequestId) -> bool:
        with self.eraser.disposer.database.transaction(controller) as tx:
            actions.fulfil(tx, self.eraser.tools.clock, request, by=SYSTEM)
        return True
