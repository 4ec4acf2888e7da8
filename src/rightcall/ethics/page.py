"""The picture with its table, as one page that can be mailed, printed and read on a phone. It asks nobody for anything."""

from collections.abc import Mapping
from html import escape

from rightcall.ethics.drawing import forest
from rightcall.ethics.model import Bar, Parity, Row
from rightcall.ethics.saying import HEADS, NAMES, sizes_told, told
from rightcall.ids import PurposeId

_STYLE = """
:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:60rem;font:1rem/1.5 system-ui,sans-serif;background:#fff;color:#1d2433}
svg{display:block;width:100%;max-width:34rem;height:auto;margin:1rem 0}h1{font-size:1.3rem}h2{font-size:1.05rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem}
tr{border-top:1px solid #c9cfda}.gap{font-weight:600}
@media (max-width:40rem){thead{position:absolute;left:-999rem}tr{display:block;padding:.4rem 0}
td,tbody th{display:flex;gap:.75rem;padding:.1rem 0}td::before{content:attr(data-is);flex:0 0 8rem;color:#5a6478}}
@media (prefers-color-scheme:dark){body{background:#161b24;color:#eef1f6}tr{border-color:#434c5c}td::before{color:#a9b3c4}}
"""


def page(parity: Parity, keys: Mapping[PurposeId, str], bar: Bar) -> str:
    """An HTML document; `keys` names the purposes."""
    counted = "Nothing was counted yet." if parity.counted_at is None else f"Counted: {parity.counted_at:%Y-%m-%d %H:%M} UTC."
    looked = "No look has been made yet." if parity.looked_at is None else f"Last look: {parity.looked_at:%Y-%m-%d %H:%M} UTC."
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Parity</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        "<h1>Do those who say no fare as well?</h1>"
        f"<p>Calls that ended from {parity.since:%Y-%m-%d} to {parity.until:%Y-%m-%d}. {counted} {looked}"
        f" A gap is told only by what all looks so far have shown ({parity.tested} measures of purposes together), and only where"
        " it is large enough to matter: outside the shaded stretch.</p>"
        f"{forest(parity, keys, bar)}{_table(parity, keys)}{_sizes(parity, keys)}"
        "<p>This observes; it cannot tell why. Calls with a no and with a yes may differ in more than the answer.</p>"
        "</body></html>"
    )


def _table(parity: Parity, keys: Mapping[PurposeId, str]) -> str:
    """Nothing where there is nothing to compare: the picture says so."""
    if not parity.rows:
        return ""
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Measure", *HEADS))
    body = "".join(_row(row, keys) for row in parity.rows)
    return f"<h2>The same as a table</h2><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: Row, keys: Mapping[PurposeId, str]) -> str:
    name = f"{keys[row.purpose]}: {NAMES[row.measure]}" + ("" if row.notice is None else f" (notice {row.notice})")
    kind = "gap" if row.flag is not None else "calm"
    cells = "".join(
        f'<td data-is="{head}" class="{kind}">{escape(text)}</td>' for head, text in zip(HEADS, told(row), strict=True) if text
    )
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _sizes(parity: Parity, keys: Mapping[PurposeId, str]) -> str:
    """Nothing where there was no call."""
    lines = "".join(f"<li><b>{escape(name)}</b>: {said}.</li>" for name, said in sizes_told(parity, keys))
    return f"<h2>How many calls, in tens</h2><ul>{lines}</ul>" if lines else ""
