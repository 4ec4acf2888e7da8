"""The picture of where things came from: boxes of holdings, from their origins on the left to what was made from them on the
right, as one SVG that needs nothing else, light or dark as the reader's screen is. What fell is told by words and a broken
edge, not by colour alone. It is drawn at the size of reading: for a narrow screen one box stands under the other, each a step
further in than what it came from. The table beside it says the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
_NARROW, _SIDE, _STEP, _DEEPEST, _BETWEEN = 350, 8, 22, 96, 12
_STYLE = """
.came{--ink:#22262a;--soft:#5a6269;--rule:#8b8f8b;--box:#fbfaf7;--paper:#fff;--first:#1f6357;--fell:#9b2c1f;
font:12.5px system-ui,sans-serif}
@media (prefers-color-scheme:dark){.came{--ink:#e6e4df;--soft:#a6adb2;--rule:#7a8185;--box:#1c2022;--paper:#15181a;
--first:#7fc4b3;--fell:#f0907f}}
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

    @property
    def high(self) -> int:
        """With nothing to spare."""
        return 26 + _LINE * (len(self.lines) + (self.fell is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    origin: str
    made: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a box stands: its upper left corner, and how large it is."""

    x: float
    y: float
    wide: float
    high: float

    @property
    def middle(self) -> float:
        return self.y + self.high / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    frames: Mapping[str, _Frame]
    ways: tuple[str, ...]
    width: int
    height: int


def drawn(picture: Picture, systems: Names, title: str, *, is_narrow: bool = False) -> str:
    """`systems`: what each is called. `title`: whose or what this is, in words without data about anybody. `is_narrow`: for a
    screen of 390, and no wider than that."""
    boxes, layout = _placed(picture, systems, is_narrow=is_narrow)
    parts, (width, height) = [f'<text x="{_EDGE}" y="36">Nothing is held.</text>'], _NOTHING
    if boxes:
        parts = [*layout.ways, *(_box(box, layout.frames[box.id]) for box in boxes)]
        width, height = layout.width, layout.height
    return (
        f'<svg class="came" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-labelledby="came-title"><title id="came-title">{escape(title)}</title><style>{_STYLE}</style>'
        f'<rect class="paper" width="{width}" height="{height}"/>{"".join(parts)}</svg>'
    )


def size(picture: Picture, systems: Names, *, is_narrow: bool = False) -> tuple[int, int]:
    """How wide and high it is: a page keeps the place for it before it comes."""
    boxes, layout = _placed(picture, systems, is_narrow=is_narrow)
    return (layout.width, layout.height) if boxes else _NOTHING


def _placed(picture: Picture, systems: Names, *, is_narrow: bool) -> tuple[list[_Box], _Layout]:
    boxes, ways = _boxes(picture, systems)
    return _one_below_another(boxes, ways) if is_narrow else (boxes, _laid_out(boxes, ways))


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


def _laid_out(boxes: Sequence[_Box], ways: Sequence[_Way]) -> _Layout:
    """From the left to the right: each part that hangs together below the one before."""
    known = {box.id: box for box in boxes}
    frames: dict[str, _Frame] = {}
    top = float(_EDGE)
    edges = list(dict.fromkeys((way.origin, way.made) for way in ways))
    for positions, _, _, _ in from_edges(edges, vertex_spacing=_ROW, minimum_length=1) if edges else ():
        across = {str(id): x for id, (x, _) in positions}
        ranks = sorted({y for _, (_, y) in positions}, reverse=True)
        least = min(across.values())
        for id, (_, y) in positions:
            box = known.get(str(id))
            if box is None:
                continue
            high = box.high if box.is_source else _HIGH
            above = (_HIGH - high) / 2
            frames[box.id] = _Frame(_EDGE + ranks.index(y) * _COLUMN, top + across[box.id] - least + above, _WIDE, high)
        top += max(across.values()) - least + _ROW
    width = round(max((frame.x for frame in frames.values()), default=0) + _WIDE + _EDGE)
    bends = {(way.origin, way.made): _bend(frames[way.origin], frames[way.made], way.says) for way in ways}
    return _Layout(frames=frames, ways=tuple(bends.values()), width=width, height=round(top - _ROW + _HIGH + _EDGE))


def _one_below_another(boxes: Sequence[_Box], ways: Sequence[_Way]) -> tuple[list[_Box], _Layout]:
    """For a narrow screen: each a step further in than the origin that it stands under. Its other origins it tells in words; what
    is only such a one is no box."""
    known, under = {box.id: box for box in boxes}, _stands_under(ways)
    depth = dict(_deep(under))
    told = [_with_origins(box, [way for way in ways if way.made == box.id], under, known) for box in boxes if box.id in depth]
    step = min(_STEP, _DEEPEST / max([1, *depth.values()]))
    frames: dict[str, _Frame] = {}
    y, high = float(_SIDE), {box.id: box.high for box in told}
    for id, deep in depth.items():
        x = _SIDE + deep * step
        frames[id] = _Frame(x, y, _NARROW - _SIDE - x, high[id])
        y += high[id] + _BETWEEN
    elbows = tuple(_elbow(frames[origin], frames[made], step / 2) for made, origin in under.items())
    return told, _Layout(frames=frames, ways=elbows, width=_NARROW, height=round(y - _BETWEEN + _SIDE))


def _stands_under(ways: Sequence[_Way]) -> dict[str, str]:
    """Of each that was made from something, the origin that has the longest history itself."""
    origins: dict[str, list[str]] = {}
    for way in ways:
        origins.setdefault(way.made, []).append(way.origin)

    def steps(id: str) -> int:
        return 1 + max(map(steps, origins[id])) if id in origins else 0

    return {made: max(several, key=steps) for made, several in origins.items()}


def _deep(under: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Each with how many steps in it stands, in the order of the page: what was made from one directly below it."""

    def below(id: str, deep: int) -> Iterator[tuple[str, int]]:
        yield id, deep
        for made in (made for made, origin in under.items() if origin == id):
            yield from below(made, deep + 1)

    for first in dict.fromkeys(under.values()):
        if first not in under:
            yield from below(first, 0)


def _with_origins(box: _Box, ways: Sequence[_Way], under: Mapping[str, str], known: Mapping[str, _Box]) -> _Box:
    """With what the way to it says, since there is no room beside it; and with those origins that do not stand above it."""
    above, at = [], under.get(box.id)
    while at is not None:
        above.append(at)
        at = under.get(at)
    words = [way.says for way in ways if way.says and way.origin == under.get(box.id)]
    for origin in (known[way.origin] for way in ways if way.origin not in above):
        name = " ".join(origin.lines) if origin.is_source else origin.lines[0]
        words.append(f"also from {name[:1].lower()}{name[1:]}")
    return replace(box, lines=(*box.lines, *words), told=(*(box.told or box.lines), *words)) if words else box


def _box(box: _Box, frame: _Frame) -> str:
    kind = "source" if box.is_source else "box"
    edge = " broken" if box.fell is not None else ""
    x, y = frame.x, frame.y
    told = ". ".join((*(box.told or box.lines), *([box.fell] if box.fell else [])))
    place = f'x="{x:.0f}" y="{y:.0f}" width="{frame.wide:.0f}" height="{frame.high:.0f}" rx="7"'
    parts = [f'<g><title>{escape(told)}</title><rect class="{kind}{edge}" {place}/>']
    for nth, line in enumerate(box.lines):
        word, most = ("what", _BOLD_LETTERS) if nth == 0 else ("soft", _LETTERS)
        parts.append(f'<text class="{word}" x="{x + 11:.0f}" y="{y + 20 + _LINE * nth:.0f}">{escape(_short(line, most))}</text>')
    if box.fell is not None:
        parts.append(
            f'<text class="fell" x="{x + 11:.0f}" y="{y + 20 + _LINE * len(box.lines):.0f}">{escape(_short(box.fell, 33))}</text>'
        )
    return "".join(parts) + "</g>"


def _bend(origin: _Frame, made: _Frame, says: str) -> str:
    x1, y1, x2, y2 = origin.x + origin.wide, origin.middle, made.x - 7, made.middle
    bend = max(40.0, (x2 - x1) / 2)
    line = f'<path class="way" d="M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"/>'
    if not says:
        return line + _tip(made)
    middle = f'x="{(x1 + x2) / 2:.0f}" y="{(y1 + y2) / 2 + 4:.0f}" text-anchor="middle"'
    return f'{line}{_tip(made)}<text class="says" {middle}>{escape(says)}</text>'


def _elbow(origin: _Frame, made: _Frame, in_: float) -> str:
    down = f"M{origin.x + in_:.0f} {origin.y + origin.high:.0f}V{made.middle:.0f}H{made.x - 2:.0f}"
    return f'<path class="way" d="{down}"/>{_tip(made)}'


def _tip(made: _Frame) -> str:
    return f'<path class="tip" d="M{made.x:.0f} {made.middle:.0f}l-9 -4.5v9z"/>'


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
