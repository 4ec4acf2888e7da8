"""What of a person's things is told to them: neither what was begun and cut before anything was said, nor a stretch that was cut
out for a hold of which they must not be told, or which is over: of that the recording it was cut out of tells all there is."""

from collections.abc import Sequence

from rightcall.database.connection import Transaction
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.model import Holding
from rightcall.recordings import actions as recordings


def tellable(tx: Transaction, found: Sequence[Holding]) -> list[Holding]:
    silent = recordings.silent_among(tx, [each.id for each in found])
    cuts = [each.id for each in found if each.is_cut]
    standing = holds.standing(tx, cuts) if cuts else []
    told = {part.holding for hold in standing if hold.untold is None for part in hold.slices}
    return [each for each in found if each.id not in silent and (not each.is_cut or each.id in told)]
