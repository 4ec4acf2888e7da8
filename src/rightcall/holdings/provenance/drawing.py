"""The picture of where things came from: boxes of holdings, from their origins on the left to what was made from them on the
right, as one SVG that needs nothing else, light or dark as the reader's screen is. What fell is told by words and a broken
edge, not by colour alone. It is drawn at the size of reading: on a narrow screen one moves along it, and the table beside it
says the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from fast_sugiyama import from_edges

from rightcall.actors import Role
from rightcall.holdings import saying
from rightcall.holdings.model import Holding, HoldingKind, Source
from rightcall.holdings.provenance.grouping import Arrow, Group, Picture
from rightcall.holdings.provenance.saying import FELL, FELL_ITSELF
from rightcall.ids import SystemId

Names = Mapping[SystemId, str]
_WIDE, _HIGH, _COLUMN, _ROW, _EDGE = 244, 112, 372, 132, 16
_LETTERS, _LINE = 36, 16
_BOLD_LETTERS = 27
_NOTHING = (260, 60)
_STYLE = """
.came{--ink:#1d2433;--soft:#5a6478;--rule:#aab3c2;--box:#f4f6fa;--paper:#fff;--first:#2f5fa8;--fell:#b3261e;
font:12.5px system-ui,sans-serif}
@media (prefers-color-scheme:dark){.came{--ink:#eef1f6;--soft:#a9b3c4;--rule:#566072;--box:#222a37;--paper:#161b24;
--first:#8db4f0;--fell:#ff8a80}}
.came text{fill:var(--ink)}.came .what{font-weight:600;font-size:13.5px}.came .soft{fill:var(--soft)}
.came .fell{fill:var(--fell);font-weight:600}.came .paper{fill:var(--paper)}.came .box{fill:var(--box);stroke:var(--rule)}
.came .source{fill:var(--paper);stroke:var(--first)}.came .broken{stroke:var(--fell);stroke-dasharray:5 3;stroke-width:1.6}
.came .way{fill:none;stroke:var(--rule);stroke-width:1.4}.came .tip{fill:var(--rule)}
.came .says{fill:var(--soft);font-size:11px;paint-order:stroke;stroke:var(--paper);stroke-width:4px}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """A group of holdings, or what the first of them came from. `lines`: the heading and what follows. `told`: the same in whole,
    where lines are broken or shortened."""

    id: str
    lines: tuple[str, ...]
    told: tuple[str, ...] = ()
    fell: str | None = None
    is_source: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    origin: str
    made: str
    says: str = ""


def drawn(picture: Picture, systems: Names, title: str) -> str:
    """`systems`: what each is called. `title`: whose or what this is, in words without data about anybody."""
    boxes, ways = _boxes(picture, systems)
    places, width, height = _laid_out(ways)
    parts = [_way(way, places) for way in ways] + [_box(box, *places[box.id]) for box in boxes]
    if not boxes:
        parts, (width, height) = [f'<text x="{_EDGE}" y="36">Nothing is held.</text>'], _NOTHING
    return (
        f'<svg class="came" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-labelledby="came-title"><title id="came-title">{escape(title)}</title><style>{_STYLE}</style>'
        f'<rect class="paper" width="{width}" height="{height}"/>{"".join(parts)}</svg>'
    )


def size(picture: Picture, systems: Names) -> tuple[int, int]:
    """How wide and high it is: a page keeps the place for it before it comes."""
    _, ways = _boxes(picture, systems)
    _, width, height = _laid_out(ways)
    return (width, height) if ways else _NOTHING


def heading(group: Group) -> str:
    """Telephone number; 12 × telephone number; 14 things: name, telephone number."""
    sorts = list(dict.fromkeys(map(_sort, group.holdings)))
    if len(sorts) > 1:
        return f"{len(group.holdings)} things: {', '.join(sorts)}"
    return sorts[0][:1].upper() + sorts[0][1:] if len(group.holdings) == 1 else f"{len(group.holdings)} × {sorts[0]}"


def where(holding: Holding, systems: Names) -> str:
    """What may not be named is told by the end of its id, so that two files are two."""
    if holding.place.system is None:
        return "kept by Rightcall"
    place = holding.place
    field = "" if place.field is None else f", field {place.field}"
    named = "" if place.object is None else f", object …{str(place.object)[-6:]}"
    if place.object_name is not None:
        named = f", {place.object_name.reveal('show in which object')}"
    return f"in {systems.get(holding.place.system, 'another system')}{named}{field}"


def how(group: Group) -> str:
    """typed in by an agent"""
    came = " and ".join(dict.fromkeys(saying.CAME[each.provenance.source] for each in group.holdings))
    roles = list(dict.fromkeys(each.provenance.actor.role for each in group.holdings))
    return (
        came if roles != [group.first.provenance.actor.role] or roles[0] is Role.SYSTEM else f"{came} by {saying.ROLES[roles[0]]}"
    )


def when(group: Group) -> str:
    """2 Nov 2026; 5 Jan 2026 to 2 Nov 2026"""
    first, last = saying.day(group.first.made_at), saying.day(group.holdings[-1].made_at)
    return first if first == last else f"{first} to {last}"


def fell(group: Group) -> str | None:
    """found wrong; rests on what was found wrong"""
    if not group.taints:
        return None
    rests = "" if group.fell_itself else "rests on what "
    return "; ".join(rests + (FELL[reason] if rests else FELL_ITSELF[reason]) for reason in group.taints)


def from_what(group: Group, systems: Names) -> str:
    """What the first of them came from, where that is nothing that is held: a call, a form, a scan of a system."""
    lines = _source(group, systems).lines
    return " ".join([lines[0][:1].lower() + lines[0][1:], *lines[1:]])


def _boxes(picture: Picture, systems: Names) -> tuple[list[_Box], list[_Way]]:
    """Each group; and before those that came from nothing that is held, what they came from."""
    boxes: dict[str, _Box] = {}
    ways: list[_Way] = []
    derived = {arrow.made.nth for arrow in picture.arrows}
    for group in picture.groups:
        same = {where(each, systems) for each in group.holdings}
        place = where(group.first, systems).partition(",")[0] if len(same) > 1 else same.pop()
        there = "" if group.first.is_there else " · no longer there"
        told = (heading(group), place + there, how(group), when(group))
        lines = (heading(group), *_wrapped(place + there), how(group), when(group))
        boxes[f"g{group.nth}"] = _Box(id=f"g{group.nth}", lines=lines, told=told, fell=fell(group))
        if group.nth not in derived or group.calls:
            source = _source(group, systems)
            boxes.setdefault(source.id, source)
            ways.append(_Way(origin=source.id, made=f"g{group.nth}", says=_heard(group)))
    ways += [_Way(origin=f"g{each.origin.nth}", made=f"g{each.made.nth}", says=_parts(each)) for each in picture.arrows]
    return list(boxes.values()), ways


def _source(group: Group, systems: Names) -> _Box:
    """A call, or calls; a form, an import, an entry, a scan of a system."""
    if len(group.calls) == 1:
        return _Box(id=f"c{group.calls[0]}", lines=("A call", saying.day(group.first.made_at)), is_source=True)
    if group.calls:
        return _Box(id=f"cs{group.nth}", lines=(f"{len(group.calls)} calls",), is_source=True)
    source = group.first.provenance.source
    if source is Source.FORM:
        return _Box(id="form", lines=("A form", "filled in by the person"), is_source=True)
    system = "" if group.first.place.system is None else systems.get(group.first.place.system, "another system")
    lines = {
        Source.SCAN: ("A scan", f"of {system}" if system else ""),
        Source.ENTRY: ("An entry", f"in {system}" if system else ""),
        Source.IMPORT: ("An import", f"into {system}" if system else ""),
    }.get(source, (saying.CAME[source].capitalize(), ""))
    return _Box(id=f"s{source}{group.first.place.system}", lines=tuple(line for line in lines if line), is_source=True)


def _heard(group: Group) -> str:
    if len(group.holdings) > 1 or group.first.heard is None:
        return ""
    return saying.heard(group.first.heard)


def _parts(arrow: Arrow) -> str:
    parts = [each.part for each in arrow.derivations]
    if len(parts) > 1:
        return f"{len(parts)} times"
    return "" if parts[0] is None else saying.part(parts[0])


def _laid_out(ways: Sequence[_Way]) -> tuple[dict[str, tuple[float, float]], int, int]:
    """Where each box stands (its upper left corner), and how large all is: each part that hangs together below the one before."""
    places: dict[str, tuple[float, float]] = {}
    top = float(_EDGE)
    edges = list(dict.fromkeys((way.origin, way.made) for way in ways))
    for positions, _, _, _ in from_edges(edges, vertex_spacing=_ROW, minimum_length=1) if edges else ():
        across = {str(id): x for id, (x, _) in positions}
        ranks = sorted({y for _, (_, y) in positions}, reverse=True)
        least = min(across.values())
        for id, (_, y) in positions:
            places[str(id)] = (_EDGE + ranks.index(y) * _COLUMN, top + across[str(id)] - least)
        top += max(across.values()) - least + _ROW
    columns = max((x for x, _ in places.values()), default=0)
    return places, round(columns + _WIDE + _EDGE), round(top - _ROW + _HIGH + _EDGE)


def _box(box: _Box, x: float, y: float) -> str:
    kind = "source" if box.is_source else "box"
    edge = " broken" if box.fell is not None else ""
    high = 26 + _LINE * len(box.lines) if box.is_source else _HIGH
    y += (_HIGH - high) / 2
    told = ". ".join((*(box.told or box.lines), *([box.fell] if box.fell else [])))
    frame = f'x="{x:.0f}" y="{y:.0f}" width="{_WIDE}" height="{high}" rx="7"'
    parts = [f'<g><title>{escape(told)}</title><rect class="{kind}{edge}" {frame}/>']
    for nth, line in enumerate(box.lines):
        word, most = ("what", _BOLD_LETTERS) if nth == 0 else ("soft", _LETTERS)
        parts.append(f'<text class="{word}" x="{x + 11:.0f}" y="{y + 20 + _LINE * nth:.0f}">{escape(_short(line, most))}</text>')
    if box.fell is not None:
        parts.append(
            f'<text class="fell" x="{x + 11:.0f}" y="{y + 20 + _LINE * len(box.lines):.0f}">{escape(_short(box.fell, 33))}</text>'
        )
    return "".join(parts) + "</g>"


def _way(way: _Way, places: Mapping[str, tuple[float, float]]) -> str:
    (left, from_y), (right, to_y) = places[way.origin], places[way.made]
    x1, y1, x2, y2 = left + _WIDE, from_y + _HIGH / 2, right - 7, to_y + _HIGH / 2
    bend = max(40.0, (x2 - x1) / 2)
    line = f'<path class="way" d="M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"/>'
    tip = f'<path class="tip" d="M{x2 + 7:.0f} {y2:.0f}l-9 -4.5v9z"/>'
    if not way.says:
        return line + tip
    middle = f'x="{(x1 + x2) / 2:.0f}" y="{(y1 + y2) / 2 + 4:.0f}" text-anchor="middle"'
    return f'{line}{tip}<text class="says" {middle}>{escape(way.says)}</text>'


def _short(line: str, most: int) -> str:
    """Without its middle where it is too long: a file is told from another by how its name begins and ends."""
    if len(line) <= most:
        return line
    end = (most - 1) // 2
    return f"{line[: most - 1 - end].rstrip()}…{line[-end:].lstrip()}"


def _wrapped(line: str) -> list[str]:
    """In two lines at most, broken between words where there are any."""
    if len(line) <= _LETTERS:
        return [line]
    first = line.rfind(" ", 0, _LETTERS + 1)
    first = first if first > 0 else _LETTERS
    return [line[:first].rstrip(), _short(line[first:].lstrip(), _LETTERS)]


def _sort(holding: Holding) -> str:
    if holding.kind in (HoldingKind.STREAM, HoldingKind.TRANSCRIPT):
        return saying.KINDS[holding.kind]
    return saying.category(holding.category)
