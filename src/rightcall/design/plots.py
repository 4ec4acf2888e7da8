"""Plots, drawn here as SVG, each with its figures in a table for whoever would rather read, or hears the page.

They take their colours from the page, so that they are dark where it is, and need no script.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from rightcall.design.tongues import Tongue

_WIDE, _SPACE = 420, 28
_NAMES, _AMOUNTS = 160, 60
_HIGH, _FOOT = 140, 24


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    amount: float


def bars(title: str, rows: Sequence[Bar], tongue: Tongue) -> Markup:
    """Lying bars, the longest as wide as there is room."""
    most = max((each.amount for each in rows), default=0) or 1
    room = _WIDE - _NAMES - _AMOUNTS
    drawn = []
    for index, each in enumerate(rows):
        y, wide = index * _SPACE, each.amount / most * room
        drawn.append(
            f'<text x="{_NAMES - 10}" y="{y + 19}" text-anchor="end">{escape(_short(each.name))}</text>'
            f'<rect class="bar" x="{_NAMES}" y="{y + 5}" width="{wide:.1f}" height="{_SPACE - 9}" rx="2"/>'
            f'<text class="soft" x="{_NAMES + wide + 8:.1f}" y="{y + 19}">{tongue.number(each.amount)}</text>'
        )
    svg = _svg(title, max(1, len(rows)) * _SPACE, "".join(drawn))
    return _figure(title, svg, [(each.name, each.amount) for each in rows], tongue)


def over_time(title: str, points: Sequence[tuple[str, float]], tongue: Tongue, leads: Sequence[str] = ()) -> Markup:
    """One line, its first and last moment named below it and its highest value beside it. `leads`: of each point the list of what
    it counts."""
    if not points:
        return _figure(title, Markup(""), [], tongue)
    most = max(amount for _, amount in points) or 1
    step = (_WIDE - 60) / max(1, len(points) - 1)
    places = [(50 + index * step, 10 + (1 - amount / most) * (_HIGH - 20)) for index, (_, amount) in enumerate(points)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dot = f'<circle class="dot" cx="{places[-1][0]:.1f}" cy="{places[-1][1]:.1f}" r="3.5"/>'
    drawn = (
        f'<line class="axis" x1="50" x2="{_WIDE - 10}" y1="{_HIGH - 10}" y2="{_HIGH - 10}"/>'
        f'<text class="soft" x="42" y="14" text-anchor="end">{tongue.number(most)}</text>'
        f'<text class="soft" x="42" y="{_HIGH - 7}" text-anchor="end">{tongue.number(0)}</text>'
        f'<polyline class="line" points="{path}"/>{dot}'
        f'<text class="soft" x="50" y="{_HIGH + 14}">{escape(points[0][0])}</text>'
        f'<text class="soft" x="{_WIDE - 10}" y="{_HIGH + 14}" text-anchor="end">{escape(points[-1][0])}</text>'
    )
    return _figure(title, _svg(title, _HIGH + _FOOT, drawn), points, tongue, leads)


def _svg(title: str, high: int, drawn: str) -> Markup:
    # Every word in it is escaped where it is put in.
    return Markup(f'<svg viewBox="0 0 {_WIDE} {high}" role="img" aria-label="{escape(title)}">{drawn}</svg>')  # noqa: S704 - see above


def _figure(title: str, svg: Markup, rows: Sequence[tuple[str, float]], tongue: Tongue, leads: Sequence[str] = ()) -> Markup:
    gettext = tongue.words.gettext
    lines = Markup("").join(
        Markup("<tr><th scope='row'>{}</th><td class='number'>{}</td></tr>").format(name, _led(tongue.number(amount), lead))
        for (name, amount), lead in zip(rows, leads or [""] * len(rows), strict=True)
    )
    table = Markup("<details><summary class='small'>{}</summary><table class='rows'>{}</table></details>").format(
        gettext("The figures"), lines
    )
    return Markup("<figure class='plot'><figcaption>{}</figcaption>{}{}</figure>").format(title, svg, table)


def _led(amount: str, lead: str) -> Markup | str:
    return Markup("<a href='{}'>{}</a>").format(lead, amount) if lead else amount


def _short(name: str) -> str:
    """What there is room for beside a bar; the table has it whole."""
    return name if len(name) <= 18 else name[:17] + "…"
