"""What another system let go of, and a later scan sees there again: the system had not said what is so, or a copy of its own
brought it back. The erasure is open again, a person has to look, and it is over when a scan sees it no more. While it is known
where it lay, the system is asked again to let go of it; what it says of that ends nothing.

And what a system kept, or where other words stand now, so that nothing was touched: once a scan sees it there no more, it is
looked at again, and is gone where nothing in its row tells of it.

And what stands elsewhere in a system that called all of it gone, and was never seen there before: a row that was moved, or
somebody who came back. That is told to a person and opens nothing, as long as it is known by what the person was known.

Once that is forgotten, nothing is let go of by itself: whoever answers for the system does that.
"""

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.erasure.elsewhere import actions
from rightcall.erasure.elsewhere.books import store as book_store
from rightcall.erasure.elsewhere.errands import store as errand_store
from rightcall.erasure.elsewhere.places import store as place_store
from rightcall.erasure.elsewhere.statements import SeenAgain, SeenElsewhere
from rightcall.ids import ErasureId, SystemId
from rightcall.ledger.actions import append


def look(tx: Transaction, clock: Clock, system: SystemId) -> list[ErasureId]:
    """After a scan: the erasures of which something is seen again, or no more, or not where it was. Each goes on at once."""
    now = clock.now()
    seen = place_store.seen_again(tx, system)
    for erasure, places in seen.items():
        errand_store.was_seen_again(tx, erasure, system, now)
        book_store.unsettle(tx, erasure)
        append(tx, SeenAgain(at=now, controller=tx.of, erasure=erasure, system=system, places=places))
    for erasure, records in errand_store.seen_elsewhere(tx, system):
        append(tx, SeenElsewhere(at=now, controller=tx.of, erasure=erasure, system=system, records=records))
    no_more = place_store.seen_no_more(tx, system)
    actions.is_gone(tx, clock, [holding for gone in no_more.values() for holding in gone])
    errand_store.is_seen_no_more(tx, sorted({*seen, *no_more}), system)
    touched = sorted({*seen, *no_more, *place_store.to_look_at_again(tx, system)})
    for erasure in touched:
        book_store.make_due(tx, erasure, now)
    return touched
