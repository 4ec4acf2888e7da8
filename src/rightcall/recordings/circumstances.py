"""What holds around a question whoever speaks: whose law applies, whether the purpose was reviewed, what was found about it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rightcall.calls.model import Party
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.database.together import beside
from rightcall.ethics.actions import flagged, on_trial
from rightcall.policy.adoption.model import InForce
from rightcall.policy.model import Place, PlaceSource, RuleSet
from rightcall.purposes.model import Purpose
from rightcall.recordings.rules import Circumstances
from rightcall.reviews import standing as reviews_standing


def circumstances(tx: Transaction, parties: Iterable[Party], *, rules: RuleSet, clock: Clock) -> Circumstances:
    """Of a conversation among `parties`, now. `rules` are those of the deployment. A purpose of which no review is in force is
    not among the reviewed: what needs one cannot be told then, and that means no."""
    costly = flagged(tx)
    return Circumstances(
        places=places(tx, parties),
        reviewed=reviews_standing.reviewed(tx, clock, rules),
        costly=costly,
        on_trial=on_trial(tx, costly),
    )


def common(tx: Transaction, clock: Clock, *, now: InForce, active: Sequence[Purpose]) -> Circumstances:
    """Around many questions at once: what holds whoever takes part. `now` and `active` were read in this transaction."""
    with beside(tx) as ask:
        controller, costly = ask(controllers.get), ask(flagged)
    own = frozenset(controller.value.jurisdictions)
    return Circumstances(
        places=frozenset(Place(place=place, by=PlaceSource.CONTROLLER) for place in own),
        reviewed=reviews_standing.reviewed_under(tx, clock, now, active, own),
        costly=costly.value,
        on_trial=on_trial(tx, costly.value),
    )


def among(around: Circumstances, parties: Iterable[Party]) -> Circumstances:
    """With the places that these parties bring."""
    return replace(around, places=around.places.union(*(_of_party(party) for party in parties)))


def places(tx: Transaction, parties: Iterable[Party]) -> frozenset[Place]:
    """Every place whose law applies: where the controller is, where a number belongs, and where somebody says that they live."""
    own = {Place(place=place, by=PlaceSource.CONTROLLER) for place in controllers.get(tx).jurisdictions}
    return frozenset(own.union(*(_of_party(party) for party in parties)))


def _of_party(party: Party) -> set[Place]:
    told = ((party.number_place, PlaceSource.NUMBER), (party.marks.residence, PlaceSource.RESIDENCE))
    return {Place(place=place, by=by) for place, by in told if place is not None}
