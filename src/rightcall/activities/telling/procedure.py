"""Looking who is to be told of an erasure, once it has happened; and certifying anew when nobody is left to be told."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.activities.telling import actions
from rightcall.canonical import Json
from rightcall.erasure import actions as erasures
from rightcall.erasure.procedure import Eraser
from rightcall.ids import ControllerId, ErasureId
from rightcall.procedures.ports import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The procedures `plan_telling` and `certify_told`."""

    eraser: Eraser

    def plan(self, steps: Steps, *arguments: str) -> Json:
        controller, erasure = ControllerId(UUID(arguments[0])), ErasureId(UUID(arguments[1]))
        return steps.run("look whom to tell", partial(self._plan, controller, erasure))

    def certify(self, steps: Steps, *arguments: str) -> Json:
        controller, erasure = ControllerId(UUID(arguments[0])), ErasureId(UUID(arguments[1]))
        for each in steps.run("look for certificates", partial(self._to_certify, controller, erasure)):
            steps.run("certify anew", partial(self.eraser.certify, controller, ErasureId(UUID(each))))
        return None

    def _plan(self, controller: ControllerId, erasure: ErasureId) -> int:
        tools = self.eraser.tools
        with self.eraser.disposer.database.transaction(controller) as tx:
            return actions.plan(tx, tools.vault, tools.clock, erasure=erasure)

    def _to_certify(self, controller: ControllerId, erasure: ErasureId) -> list[str]:
        with self.eraser.disposer.database.transaction(controller) as tx:
            return [str(each) for each in erasures.to_certify_anew(tx, erasure=erasure)]
