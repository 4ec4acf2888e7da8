"""The latest checkpoint is kept beside the keys; and a ledger that does not go on from the one that is kept is told: somebody put
the database back by other means than `rightcall restore`, or changed it."""

import logging

from rightcall.adapters.kept_checkpoint import KeptCheckpoint
from rightcall.adapters.keys.signer import published_key
from rightcall.errors import Breach, Malformed
from rightcall.ledger import actions as ledger
from rightcall.ledger.kept import hold, read_kept
from rightcall.wiring import House

_log = logging.getLogger(__name__)


def keep(house: House) -> bool:
    """False: there is no more to do until the next round."""
    kept = KeptCheckpoint(house.settings.data)
    with house.database.system() as tx:
        note = ledger.latest_checkpoint(tx)
    before = kept.read()
    if note is not None and note != before and (before is None or _goes_on(house, before)):
        kept.write(note)
    return False


def _goes_on(house: House, note: str) -> bool:
    try:
        kept = read_kept(note, published_key(house.settings.data / "ledger-key"), house.settings.ledger_origin, [])
        with house.database.system() as tx:
            held = hold(kept, ledger.latest_head(tx).size, lambda size: ledger.root_at(tx, size))
    except (Breach, Malformed):
        _log.critical("the ledger and the checkpoint that is kept beside the keys are two histories")
        return False
    if held.lost:
        _log.critical("the ledger was put back to before the checkpoint that is kept beside the keys", extra={"lost": held.lost})
    return held.lost == 0
