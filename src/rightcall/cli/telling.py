"""What is told of a person's holdings: how many there are, how each came, who used it or looked at the person, and what fell."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from rightcall.api.holdings import HoldingShape, LeftShape
from rightcall.api.uses import UseShape, looks_told
from rightcall.cli.words import printable
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.holdings.model import Source
from rightcall.holdings.provenance.saying import FELL, FELL_ITSELF
from rightcall.holdings.uses.saying import moment, often

_MOST_ORIGINS = 3


def summed_up(items: Sequence[HoldingShape], *, is_all_known: bool) -> list[str]:
    """How many of what lies in which system now, and how many lie there no more, before each of them is told. Not `is_all_known`:
    something may be held all the same."""
    silent = sum(each.silent for each in items if is_there(each))
    there = [each for each in items if is_there(each) and not each.silent]
    gone = len(items) - len(there) - silent
    more = [f"{gone:,} more {'is' if gone == 1 else 'are'} there no more."] if gone else []
    if silent:
        more.append(f"{silent:,} more {'is a recording' if silent == 1 else 'are recordings'} in which no sound was kept.")
    if not there:
        so_far = "Of what is known so far, nothing is about this person."
        return ["Nothing is held about this person." if is_all_known else so_far, *more]
    by_system: dict[str, Counter[str]] = {}
    for each in there:
        by_system.setdefault(_system(each), Counter())[saying.category(Category(each.category))] += 1
    told = [
        f"  {system}: {found.total():,} ({', '.join(f'{number:,} {what}' for what, number in found.most_common())})"
        for system, found in sorted(by_system.items(), key=lambda pair: -pair[1].total())
    ]
    things = "1 thing is" if len(there) == 1 else f"{len(there):,} things are"
    return [f"{things} held about this person:", *told, *more]


def still_there(left: LeftShape | None) -> list[str]:
    """Of a person who was erased: where something about them lies still, and with whom that rests."""
    if left is None:
        return []
    day, show = saying.day(left.erased_at), f"`rightcall erasure show {left.erasure}`"
    if not left.there:
        return [f"This person was erased on {day}: {show}"]
    told = [
        f"  {each.system_name}: {each.places:,}{', and its keepers are to be told' if each.untold else ''}" for each in left.there
    ]
    return [f"This person was erased on {day}. As far as is known there lie still: {show}", *told]


def not_known(sentences: Sequence[str | None]) -> list[str]:
    """Told last, so that nobody takes what is shown for all there is."""
    told = [f"  {printable(each)}" for each in sentences if each]
    return ["Not known yet:", *told] if told else []


def print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def is_there(shape: HoldingShape) -> bool:
    return shape.disposed_at is None and shape.gone_at is None and shape.unlinked_at is None


def past_term(items: Sequence[HoldingShape], today: date) -> list[str]:
    """What other systems still keep though every purpose of it is over, by where it lies, with what to do."""
    late = Counter(_object(each) for each in items if is_there(each) and each.place.system is not None and _is_late(each, today))
    if not late:
        return []
    what = "Past its last day, and there still. Delete it there, then scan again:"
    return [what, *(f"  {number:,} in {where}" for where, number in late.most_common())]


def _is_late(shape: HoldingShape, today: date) -> bool:
    """As long as a hold keeps it, it stays."""
    days = [each.last_day for each in shape.purposes]
    return bool(days) and not shape.holds and all(day is not None and day < today for day in days)


def _object(shape: HoldingShape) -> str:
    name = shape.place.object_name or (f"object {shape.place.object}" if shape.place.object else "")
    return f"{_system(shape)}: {name}" if name else _system(shape)


def looked_at(looks: Sequence[UseShape]) -> list[str]:
    """Who looked at the person, the newest first."""
    return ["Looked at:", *(f"  {each}" for each in looks_told(looks))] if looks else []


def came(shape: HoldingShape) -> str:
    """found by a scan of crm, first seen on 26 Nov 2026 by the scan 0199…; a copy of what is in store"""
    at = saying.day(shape.provenance.at)
    if shape.provenance.source is Source.SCAN:
        by = "" if shape.scan is None else f" by the scan {shape.scan}"
        told = f"found by a scan of {_system(shape)}, first seen on {at}{by}"
    else:
        told = f"{saying.CAME[shape.provenance.source]} by {saying.ROLES[shape.provenance.actor.role]}, {at}"
    other = "; of somebody else whom this record names or quotes" if shape.of_another else ""
    copy = f"; a copy of what is in {', '.join(shape.copy_of)}" if shape.copy_of else ""
    return told + other + _from(shape) + copy + _again(shape)


def _again(shape: HoldingShape) -> str:
    where = " and in ".join(f"{each.object_name or f'object {each.object}'} in {each.system_name}" for each in shape.again)
    return f"; nearly all that lies with it is in {where} too, which nobody registered as a copy" if where else ""


def used(shape: HoldingShape, looks: Sequence[Sequence[UseShape]]) -> str:
    """Who used this very thing, and how often it was looked at together with others. `looks`: of the person, as each was one."""
    mine = frozenset(shape.looks)
    seen = sum(any(line.statement in mine for line in look) for look in looks)
    times = [f"used {often(len(shape.uses))}, last {_last(shape.uses[0])}"] if shape.uses else []
    looked = [f"looked at {often(seen)}"] if seen else []
    return ", ".join([*times, *looked]) or "never used"


def fell(shape: HoldingShape) -> list[str]:
    """What of it fell, or of what it came from."""
    itself = {FELL_ITSELF[each.reason] for each in shape.tainted if each.origin == shape.id}
    others = {f"rests on what {FELL[each.reason]}" for each in shape.tainted if each.origin != shape.id}
    return [*sorted(itself), *sorted(others)]


def _last(use: UseShape) -> str:
    return f"{moment(use.at)} by {saying.ROLES[use.by.role]} for {use.purpose_key}{' (refused)' if use.refused else ''}"


def _system(shape: HoldingShape) -> str:
    return "Rightcall" if shape.place.system is None else shape.place.system_name or "another system"


def _from(shape: HoldingShape) -> str:
    heard = "" if shape.heard is None or shape.heard.turn is None else f", turn {shape.heard.turn}"
    call = "" if shape.call is None else f", from call {shape.call}{heard}"
    origins = [f"{each.holding}{f' ({each.says})' if each.says else ''}" for each in shape.provenance.origins]
    more = [f"{len(origins) - _MOST_ORIGINS:,} other things"] if len(origins) > _MOST_ORIGINS else []
    made = " and ".join([*origins[:_MOST_ORIGINS], *more])
    return call + (f", made from {made}" if made else "")
