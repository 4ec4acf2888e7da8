"""The picture of parity: a forest plot as one SVG that needs nothing else, light or dark as the reader's screen is.

One line a measure: where the difference is, its interval, nought, the stretch that is too small to matter, and how many calls. A
gap is told by shape and words, not by colour alone. Drawn for the width of a phone; wider, it grows.
"""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby

from rightcall.ethics import rules
from rightcall.ethics.model import BOTH_WAYS, Bar, Comparison, Finding, Parity, Row
from rightcall.ethics.saying import FINDINGS, NAMES, pairs
from rightcall.ids import PurposeId

_WIDTH = 360
_LEFT, _RIGHT = 14, _WIDTH - 14
_TOP, _HEAD, _LINE, _FOOT = 8, 32, 50, 46
_LEAST_REACH = 0.15
_STYLE = """
.parity{--ink:#22262a;--soft:#5a6269;--rule:#dedbd3;--band:#f3f1ea;--paper:#fff;--calm:#1f6357;--gap:#9b2c1f;
background:var(--paper);font:12px system-ui,sans-serif}
@media (prefers-color-scheme:dark){.parity{--ink:#e6e4df;--soft:#a6adb2;--rule:#33383b;--band:#262b2e;--paper:#15181a;
--calm:#7fc4b3;--gap:#f0907f}}
.parity text{fill:var(--ink)}.parity .soft{fill:var(--soft);font-size:11px}.parity .head{font-weight:600;font-size:13px}
.parity .paper{fill:var(--paper)}.parity .band{fill:var(--band)}.parity .rule{stroke:var(--rule)}
.parity .nought{stroke:var(--soft);stroke-dasharray:3 3}.parity .calm{stroke:var(--calm);fill:var(--calm)}
.parity .gap{stroke:var(--gap);fill:var(--gap)}.parity .says-gap{fill:var(--gap);font-weight:600;font-size:11px}
"""


def size(parity: Parity) -> tuple[int, int]:
    """Width and height of the picture, so that a page keeps its place free."""
    rows = [row for row in parity.rows if row.notice is None]
    heads = sum(1 for _ in groupby(rows, key=lambda row: row.purpose)) or 1
    return _WIDTH, _TOP + heads * _HEAD + len(rows) * _LINE + _FOOT


def forest(parity: Parity, keys: Mapping[PurposeId, str], bar: Bar) -> str:
    """`keys` names the purposes. Rows of single notices are left to the table."""
    rows = [row for row in parity.rows if row.notice is None]
    reach = _reach(rows)
    parts, top = [], _TOP
    for purpose, of_purpose in groupby(rows, key=lambda row: row.purpose):
        parts.append(f'<text class="head" x="{_LEFT}" y="{top + 16}">{escape(_short(keys[purpose]))}</text>')
        top += _HEAD
        for row in of_purpose:
            parts += _drawn(row, top, reach, bar)
            top += _LINE
    if not rows:
        nothing = "Nothing was counted yet." if parity.counted_at is None else "Nothing to compare yet."
        parts.append(f'<text x="{_LEFT}" y="{top + 16}">{nothing}</text>')
        top += _HEAD
    parts += _axis(top, reach) if rows else []
    height = size(parity)[1]
    return (
        f'<svg class="parity" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-labelledby="parity-title"><title id="parity-title">{escape(_title(parity))}</title><style>{_STYLE}</style>'
        f'<rect class="paper" width="{_WIDTH}" height="{height}"/>{"".join(parts)}</svg>'
    )


def _title(parity: Parity) -> str:
    gaps = sum(row.finding is Finding.GAP for row in parity.rows)
    return (
        f"Calls with a no beside calls with a yes, {parity.since:%Y-%m-%d} to {parity.until:%Y-%m-%d}: "
        f"{len(parity.rows)} measures of purposes, {gaps} with a gap"
    )


def _reach(rows: Iterable[Row]) -> float:
    """As far as the axis goes either way."""
    ends = [abs(end) for row in rows if row.comparison for end in (row.comparison.effect.low, row.comparison.effect.high)]
    return min(1.0, max([_LEAST_REACH, *ends]) * 1.08)


def _drawn(row: Row, top: int, reach: float, bar: Bar) -> list[str]:
    found = row.comparison
    is_gap = row.finding is Finding.GAP
    name = escape(NAMES[row.measure])
    says = "says-gap" if is_gap else "soft"
    said = f'<text x="{_LEFT}" y="{top + 12}">{name}</text>'
    said += f'<text class="{says}" x="{_RIGHT}" y="{top + 12}" text-anchor="end">{escape(FINDINGS[row.finding])}</text>'
    if found is None:
        return [said]
    gap = bar.gap[row.measure]
    begins = -gap if row.measure in BOTH_WAYS else -reach
    left, right = _at(max(begins, -reach), reach), _at(min(gap, reach), reach)
    band = f'<rect class="band" x="{left:.1f}" y="{top + 17}" width="{right - left:.1f}" height="12"/>'
    nought = f'<line class="nought" x1="{_at(0, reach):.1f}" x2="{_at(0, reach):.1f}" y1="{top + 15}" y2="{top + 31}"/>'
    return [band, nought, said, *_marks(found, top + 23, reach, "gap" if is_gap else "calm")]


def _marks(found: Comparison, y: int, reach: float, kind: str) -> list[str]:
    low, high, at = (_at(end, reach) for end in (found.effect.low, found.effect.high, found.effect.value))
    ends = "".join(f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 4}" y2="{y + 4}"/>' for x in (low, high))
    line = f'<line class="{kind}" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" stroke-width="2"/>'
    if kind == "gap":
        mark = f'<path class="gap" d="M{at:.1f} {y - 6}l6 6-6 6-6-6z"/>'
    else:
        mark = f'<circle class="calm" cx="{at:.1f}" cy="{y}" r="4"/>'
    count = f"{rules.in_tens(found.noes)} no, {rules.in_tens(found.yeses)} yes"
    figures = f'<text class="soft" x="{_LEFT}" y="{y + 16}">{escape(pairs(found.effect))}</text>'
    return [line, ends, mark, figures, f'<text class="soft" x="{_RIGHT}" y="{y + 16}" text-anchor="end">{count}</text>']


def _axis(last: int, reach: float) -> list[str]:
    parts = [f'<line class="rule" x1="{_LEFT}" x2="{_RIGHT}" y1="{last}" y2="{last}"/>']
    for end in _ticks(reach):
        x = _at(end, reach)
        parts.append(f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="{last}" y2="{last + 4}"/>')
        parts.append(f'<text class="soft" x="{x:.1f}" y="{last + 16}" text-anchor="middle">{_signed(end)}</text>')
    parts.append(f'<text class="soft" x="{_LEFT}" y="{last + 33}">← the yes has more</text>')
    parts.append(f'<text class="soft" x="{_RIGHT}" y="{last + 33}" text-anchor="end">the no has more, in pairs of 100 →</text>')
    return parts


def _ticks(reach: float) -> list[float]:
    step = next(step for step in (0.05, 0.1, 0.2, 0.5) if reach / step <= 4 or step == 0.5)
    most = int(reach / step)
    return [number * step for number in range(-most, most + 1)]


def _at(value: float, reach: float) -> float:
    return _LEFT + (value + reach) / (2 * reach) * (_RIGHT - _LEFT)


def _signed(end: float) -> str:
    return f"{100 * end:+.0f}" if end else "0"


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"
