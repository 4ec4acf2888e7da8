"""All that is known of what is held: where each thing lies, whether it can still be read and why not, what keeps it, what fell of
what it rests on, and who used it. Read once for a whole list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rightcall.database.connection import Transaction
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import FoundIn
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold
from rightcall.holdings.model import Holding
from rightcall.holdings.places import Place
from rightcall.holdings.provenance import actions as provenance
from rightcall.holdings.provenance.model import Derivation, Taint
from rightcall.holdings.uses import actions as every_use
from rightcall.holdings.uses.model import Use
from rightcall.ids import HoldingId, PurposeId
from rightcall.recordings.history import silent_among
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`dark`: for each purpose why it cannot be read, None where it can. `quarantined`: for which a yes that it needs is void.
    `origins`: what it was made from at once, part by part. `holds`: those that stand and keep it. `uses`: the newest first.
    `found_in`: of what another system keeps, which record says whose it is. `is_silent`: a recording that was cut before any
    sound came, so that nothing is in it to be heard."""

    holding: Holding
    place: Place | Dark
    dark: Mapping[PurposeId, Dark | None]
    quarantined: frozenset[PurposeId]
    taints: tuple[Taint, ...]
    origins: tuple[Derivation, ...]
    holds: tuple[Hold, ...]
    uses: tuple[Use, ...]
    found_in: FoundIn | None
    is_silent: bool = False

    @property
    def is_readable(self) -> bool:
        """For one of its purposes; what another system keeps is readable there as long as it is there."""
        return self.holding.is_there and (not self.holding.is_ours or None in self.dark.values())

    @property
    def kept_by(self) -> Hold | None:
        """Where nothing but a hold opens it, the one that is agreed to and ends last: its last day counts then."""
        agreed = [] if self.is_readable else [each for each in self.holds if each.agreed is not None]
        return max(agreed, key=lambda each: each.ends_on, default=None)


def whole(tx: Transaction, vault: Vault, found: Sequence[Holding]) -> list[Held]:
    """Each of these, in their order."""
    if not found:
        return []
    places, taints = holdings.places(tx, vault, found), provenance.taints_of(tx, vault, found)
    origins = provenance.origins_of(tx, found)
    standing = holds.standing(tx, [each.id for each in found])
    silent = silent_among(tx, [each.id for each in found if each.is_ours])
    links = linking.links_of(tx, [each.id for each in found if not each.is_ours])
    by_holding: dict[HoldingId, list[Use]] = {each.id: [] for each in found}
    for use in every_use.of_holdings(tx, list(by_holding)):
        if use.holding is not None:
            by_holding[use.holding].append(use)
    return [
        Held(
            holding=each,
            place=places[each.id],
            dark=holdings.readable(tx, vault, each),
            quarantined=holdings.quarantined(tx, each),
            taints=taints[each.id],
            origins=tuple(origins.get(each.id, ())),
            holds=tuple(hold for hold in standing if any(kept.holding == each.id for kept in hold.slices)),
            uses=tuple(by_holding[each.id]),
            found_in=links.get(each.id),
            is_silent=each.id in silent,
        )
        for each in found
    ]
