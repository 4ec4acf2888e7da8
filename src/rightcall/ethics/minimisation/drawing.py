"""The picture of a purpose's term: when what is kept is read, and how much would still be read after a shorter term. One SVG that
needs nothing else, light or dark as the reader's screen is; its table stands beside it on the page.

Above, uses by the age of what was read, in bars; a bar of uses for a case is told by a mark, not by colour alone. Below, for each
term that is tried, the share of holdings that would be read after it, with the upper end of its interval and the line that it
must stay under. Both go by the same axis of days, which is drawn by its square root so that the first weeks can be seen.
"""

from html import escape
from math import sqrt

from rightcall.ethics.minimisation.model import TOLERATED, Figures, Point, Term, TermFinding, UsesAtAge
from rightcall.ethics.minimisation.saying import days, percent, term_says

_WIDTH = 360
_LEFT, _RIGHT = 44, _WIDTH - 14
_BARS_TOP, _BARS_BOTTOM = 52, 132
_LATE_TOP, _LATE_BOTTOM = 172, 262
_HEIGHT = 332
_MOST_LETTERS = 44
"""Of the heading, so that it does not run out of the picture."""
_MOST_SHOWN = 0.05
_STYLE = """
.less{--ink:#22262a;--soft:#5a6269;--rule:#dedbd3;--band:#f3f1ea;--paper:#fff;--calm:#1f6357;--mark:#7a5200;
background:var(--paper);font:12px system-ui,sans-serif}
@media (prefers-color-scheme:dark){.less{--ink:#e6e4df;--soft:#a6adb2;--rule:#33383b;--band:#262b2e;--paper:#15181a;
--calm:#7fc4b3;--mark:#e3b860}}
.less text{fill:var(--ink)}.less .soft{fill:var(--soft);font-size:10px}.less .head{font-weight:600;font-size:13px}
.less .paper{fill:var(--paper)}.less .band{fill:var(--band)}.less .rule{stroke:var(--rule)}
.less .calm{stroke:var(--calm);fill:var(--calm)}.less .mark{stroke:var(--mark);fill:var(--mark)}
.less .says{fill:var(--mark);font-weight:600;font-size:11px}.less .bar{stroke:var(--soft);stroke-dasharray:3 3}
"""


def plot(figures: Figures, key: str) -> str:
    """`key` names the purpose."""
    term = figures.term
    length = f": a term of {days(term.days)}"
    parts = [
        f'<text class="head" x="14" y="20">{escape(_short(key, _MOST_LETTERS - len(length)))}{length}</text>',
        *_enough(term),
        *_bars(term),
        *_late(term),
        *_axis(term),
    ]
    title = f"{key}: {term_says(term)}"
    return (
        f'<svg class="less" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-labelledby="less-title"><title id="less-title">{escape(title)}</title><style>{_STYLE}</style>'
        f'<rect class="paper" width="{_WIDTH}" height="{_HEIGHT}"/>{"".join(parts)}</svg>'
    )


def _enough(term: Term) -> list[str]:
    """The stretch of the term that would go, shaded, and the day it would end on."""
    if term.finding is not TermFinding.SHORTER or term.enough_days is None:
        return []
    x = _at(term.enough_days, term.days)
    at, anchor = (x + 4, "start") if x < (_LEFT + _RIGHT) / 2 else (x - 4, "end")
    enough = f"{days(term.enough_days)} {'is' if term.enough_days == 1 else 'are'} enough"
    return [
        f'<rect class="band" x="{x:.1f}" y="{_BARS_TOP}" width="{_RIGHT - x:.1f}" height="{_LATE_BOTTOM - _BARS_TOP}"/>',
        f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{_BARS_TOP - 8}" y2="{_LATE_BOTTOM}"/>',
        f'<text class="says" x="{at:.1f}" y="{_BARS_TOP + 2}" text-anchor="{anchor}">{enough}</text>',
    ]


def _bars(term: Term) -> list[str]:
    said = [f'<text class="soft" x="14" y="{_BARS_TOP - 14}">Uses by how old the data was (◆ some of them for a case)</text>']
    shown = [each for each in term.ages if each.age_days <= term.days]
    if not shown:
        return [*said, f'<text class="soft" x="{_LEFT}" y="{_BARS_BOTTOM - 30}">Nothing was read for this purpose yet.</text>']
    highest = max(each.uses for each in shown)
    said.append(f'<text class="soft" x="{_LEFT - 4}" y="{_BARS_TOP + 12}" text-anchor="end">{_counted(highest)}</text>')
    for each in shown:
        said += _bar(each, highest, term.days)
    return [*said, f'<line class="rule" x1="{_LEFT}" x2="{_RIGHT}" y1="{_BARS_BOTTOM}" y2="{_BARS_BOTTOM}"/>']


def _bar(each: UsesAtAge, highest: int, term_days: int) -> list[str]:
    x = _at(each.age_days, term_days)
    wide = max(1.5, _at(each.age_days + 1, term_days) - x - 0.5)
    tall = max(1.0, (_BARS_BOTTOM - _BARS_TOP - 8) * each.uses / highest)
    bar = f'<rect class="calm" x="{x:.1f}" y="{_BARS_BOTTOM - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}" stroke="none"/>'
    if not each.cases:
        return [bar]
    top, middle = _BARS_BOTTOM - tall - 6, x + wide / 2
    return [bar, f'<path class="mark" d="M{middle:.1f} {top - 4:.1f}l4 4-4 4-4-4z"/>']


def _late(term: Term) -> list[str]:
    said = [f'<text class="soft" x="14" y="{_LATE_TOP - 12}">Holdings read after such a term, and at most so many (95 %)</text>']
    for share in (0.0, TOLERATED, _MOST_SHOWN):
        y = _up(share)
        kind = "bar" if share == TOLERATED else "rule"
        said.append(f'<line class="{kind}" x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        said.append(f'<text class="soft" x="{_LEFT - 4}" y="{y + 3:.1f}" text-anchor="end">{percent(share)}</text>')
    shown = [each for each in term.points if each.watched]
    if not shown:
        said.append(
            f'<text class="soft" x="{_LEFT + 6}" y="{_LATE_BOTTOM - 40}">Nothing was watched to the end of the term yet.</text>'
        )
    for each in shown:
        said += _interval(each, term.days)
    return said


def _interval(point: Point, term_days: int) -> list[str]:
    x, low, high = _at(point.days, term_days), _up(point.late / point.watched), _up(point.high)
    line = f'<line class="calm" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}" stroke-width="2"/>'
    if point.high > _MOST_SHOWN:
        end = f'<path class="calm" d="M{x - 4:.1f} {high + 5:.1f}l4-5 4 5z"/>'
    else:
        end = f'<line class="calm" x1="{x - 4:.1f}" x2="{x + 4:.1f}" y1="{high:.1f}" y2="{high:.1f}"/>'
    return [line, end, f'<circle class="calm" cx="{x:.1f}" cy="{low:.1f}" r="2.5"/>']


def _axis(term: Term) -> list[str]:
    said, last = [], -100.0
    for age in (0, *(each.days for each in term.points), term.days):
        x = _at(age, term.days)
        said.append(f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="{_LATE_BOTTOM}" y2="{_LATE_BOTTOM + 4}"/>')
        if x - last >= 24 and (age == term.days or _RIGHT - x >= 24):
            said.append(f'<text class="soft" x="{x:.1f}" y="{_LATE_BOTTOM + 16}" text-anchor="middle">{age}</text>')
            last = x
    said.append(f'<text class="soft" x="{_RIGHT}" y="{_LATE_BOTTOM + 30}" text-anchor="end">days old →</text>')
    lines = (f"{term.watched:,} holdings were watched to the end of the term;", f"{term.needed:,} are needed to tell.")
    return [*said, *(f'<text class="soft" x="14" y="{_LATE_BOTTOM + 46 + 13 * n}">{line}</text>' for n, line in enumerate(lines))]


def _at(age: float, term_days: int) -> float:
    return _LEFT + sqrt(min(age, term_days) / term_days) * (_RIGHT - _LEFT)


def _up(share: float) -> float:
    return _LATE_BOTTOM - min(share, _MOST_SHOWN) / _MOST_SHOWN * (_LATE_BOTTOM - _LATE_TOP)


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _counted(count: int) -> str:
    """In at most four signs, for there is no room for more."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.0f}k" if count < 1_000_000 else f"{count / 1_000_000:.0f}M"
