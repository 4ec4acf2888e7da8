"""Records in other systems that may be the person's, and of which nobody has said whose they are: a request that needs everything
about the person waits for that word, and goes on without them only by somebody's, with a reason.

The days of the law run on meanwhile. What it went on without, the answer, the package and the certificate tell.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.actors import Actor
from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.linking import actions as linking
from rightcall.errors import Conflict
from rightcall.ids import ControllerId, LinkId, RequestId
from rightcall.procedures.ports import Steps
from rightcall.requests import actions, proving, store
from rightcall.requests.course import store as course
from rightcall.requests.model import Missing, Step, WithoutReason
from rightcall.requests.record import get, step
from rightcall.requests.statements import RequestGoneWithout
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault


def go_on_without(tx: Transaction, clock: Clock, request: RequestId, *, reason: WithoutReason, by: Actor) -> int:
    """It waits no longer for the records that wait now; for others that come up it does. How many those are. Conflict where it
    waits for none."""
    found = get(tx, request)
    if Missing.DOUBTFUL_RECORDS not in proving.missing_of(tx, clock, found):
        raise Conflict("This request does not wait for anybody's word on records. Look at it to see what it waits for.")
    records = proving.doubtful_records(tx, found)
    course.change(tx, request, without=records)
    said = RequestGoneWithout(
        at=clock.now(), controller=tx.of, request=request, records=records, reason=reason, actor=by.id, role=by.role
    )
    step(tx, clock, request, Step.GONE_WITHOUT, by, said=said, detail=reason.value)
    proving.look_again(tx, clock, request)
    return records


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The procedure `look_at_requests`: somebody said whose a record is, so whom it may have been about may wait no longer; what
    it tells of them besides is theirs from then on."""

    database: Database
    vault: Vault
    clock: Clock

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, link = ControllerId(UUID(arguments[0])), LinkId(UUID(arguments[1]))
        return steps.run("look again", partial(self._look, controller, link))

    def _look(self, controller: ControllerId, link: LinkId) -> int:
        with self.database.transaction(controller) as tx:
            people = linking.asked_about(tx, link)
            for other in store.waiting_of(tx, [each for of in people for each in joining.hold(tx, of)]):
                actions.look_again(tx, self.vault, self.clock, other.id)
        return len(people)
