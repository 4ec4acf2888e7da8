"""Looking again at every record, as `rightcall links run` does, page by page, and saying what became of them."""

from collections.abc import Callable
from functools import partial

from rightcall.discovery.joins import actions as proposals
from rightcall.discovery.linking.model import Tally
from rightcall.discovery.linking.rules import MOST_HOLDERS
from rightcall.discovery.mapping import actions as mapping
from rightcall.discovery.revisiting import actions as revisiting
from rightcall.ids import ControllerId, LinkId
from rightcall.wiring import House


def link_all(house: House, controller: ControllerId, told: Callable[[str], None]) -> Tally:
    """`told` hears how far it is."""
    tally, after = Tally(), None
    while True:
        told(f"Looking at records: {tally.records:,} so far…")
        page = partial(revisiting.link_next, vault=house.vault, clock=house.clock, tally=tally, after=after)
        after = house.database.run(controller, page)
        if after is None:
            return tally


def map_all(house: House, controller: ControllerId) -> None:
    """What is somebody's now is on the data map."""
    after: str | None = None
    while True:
        page = partial(mapping.map_everywhere_next, vault=house.vault, clock=house.clock, after=after)
        after = house.database.run(controller, page)
        if after is None:
            return


def propose_all(house: House, controller: ControllerId) -> int:
    """Everybody is compared, not only who got a record lately. How many wait."""
    after: LinkId | None = None
    while True:
        after = house.database.run(controller, partial(proposals.propose_next, vault=house.vault, clock=house.clock, after=after))
        if after is None:
            break
    with house.database.transaction(controller) as tx:
        return proposals.count_waiting(tx)


def tell(tally: Tally) -> None:
    linked = f"{tally.certain:,} certain, {tally.likely:,} likely"
    print(f"{tally.records:,} records: {linked}, {tally.doubtful:,} doubtful, {tally.new:,} new")
    for why, number in sorted(tally.unlinked.items()):
        print(f"  {number:,} with nobody: {_WHY[why]}")
    if tally.followed:
        print(f"{tally.followed:,} linked before say more: {tally.findings:,} findings are their people's, by the same links")
    if tally.over:
        print(f"{tally.over:,} linked before say something else now: those links are over, and they are counted above")


_WHY = {
    "no_clue": "nothing in it tells of a person",
    "no_identifier": "a name or an address alone tells nobody",
    "several_people": "it speaks of more than one person",
    "shared": f"its number or address is that of more than {MOST_HOLDERS} people, or of somebody whom nothing tells from it",
    "not_ours": "somebody unknown, in a system that serves no purpose of yours",
}
