"""What holds around a question whoever speaks: whose law applies, whether the purpose was reviewed, what was found about it."""

from collections.abc import Iterable

from rightcall.calls.model import Party
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.ethics.actions import flagged, on_trial
from rightcall.policy.model import Place, PlaceSource, RuleSet
from rightcall.recordings.rules import Circumstances
from rightcall.reviews import actions as reviews


def circumstances(tx: Transaction, parties: Iterable[Party], *, rules: RuleSet, clock: Clock) -> Circumstances:
    """Of a conversation among `parties`, now. `rules` are those of the deployment. A purpose of which no review is in force is
    not among the reviewed: what needs one cannot be told then, and that means no."""
    return Circumstances(
        places=places(tx, parties), reviewed=reviews.reviewed(tx, clock, rules), costly=flagged(tx), on_trial=on_trial(tx)
    )


def places(tx: Transaction, parties: Iterable[Party]) -> frozenset[Place]:
    """Every place whose law applies: where the controller is, where a number belongs, and where somebody says that they live."""
    own = {Place(place=place, by=PlaceSource.CONTROLLER) for place in controllers.get(tx).jurisdictions}
    return frozenset(own.union(*(_of_party(party) for party in parties)))


def _of_party(party: Party) -> set[Place]:
    told = ((party.number_place, PlaceSource.NUMBER), (party.marks.residence, PlaceSource.RESIDENCE))
    return {Place(place=place, by=by) for place, by in told if place is not None}
