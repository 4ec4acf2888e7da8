"""The data map as a page: a table of systems and categories that can be mailed, printed and read on a phone."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from rightcall.holdings import saying
from rightcall.holdings.categories import Sensitivity
from rightcall.holdings.map.model import Cell, People
from rightcall.ids import SystemId

_STYLE = """
:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:60rem;font:1rem/1.5 system-ui,sans-serif;background:#fff;color:#1d2433}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin-bottom:.2rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem}
tr{border-top:1px solid #c9cfda}td.n{text-align:right;font-variant-numeric:tabular-nums}.grave,.heed{font-weight:600}
.heed{color:#b3261e}
@media (max-width:40rem){thead{position:absolute;left:-999rem}tr{display:block;padding:.4rem 0}td.n{text-align:left}
td,tbody th{display:flex;gap:.75rem;padding:.1rem 0}td::before{content:attr(data-is);flex:0 0 8rem;color:#5a6478}}
@media (prefers-color-scheme:dark){body{background:#161b24;color:#eef1f6}tr{border-color:#434c5c}.heed{color:#ff8a80}
td::before{color:#a9b3c4}}
"""
_HEADS = ("Sensitivity", "Items", "People", "Without a purpose", "Past term", "About nobody we know")


def page(cells: Sequence[Cell], people: People, systems: Mapping[SystemId, str], not_known: Sequence[str] = ()) -> str:
    """An HTML document; `systems`: what each is called; `not_known`: sentences on what the map does not know yet."""
    items, bare = sum(cell.items for cell in cells), sum(cell.without_purpose for cell in cells)
    over, nobodys = sum(cell.past_term for cell in cells), sum(cell.nobodys for cell in cells)
    tables = "".join(
        _table(name_of(system, systems), list(of_system), people)
        for system, of_system in groupby(cells, key=lambda cell: cell.system)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Data map</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>What is held, and where</h1><p>{items:,} things in {len({cell.system for cell in cells})} systems;"
        f" {bare:,} without a purpose, {over:,} past their term. Beside them {nobodys:,} were found about nobody we know."
        f" {escape(counted_when(people))}</p>{notes(not_known)}{tables or '<p>Nothing is held.</p>'}</body></html>"
    )


def counted_when(people: People) -> str:
    """A sentence where people were not counted for this very look; else nothing."""
    if people.is_now:
        return ""
    if people.at is None:
        return "How many people each is about is not counted yet: the worker does that."
    return f"How many people each is about was counted at {people.at:%Y-%m-%d %H:%M} UTC; all else is of now."


def name_of(system: SystemId | None, systems: Mapping[SystemId, str]) -> str:
    return "Rightcall" if system is None else systems.get(system, str(system))


_COMMAND = re.compile(r"`([^`]+)`")


def marked(text: str) -> str:
    """Escaped; what stands between backticks is shown as what one types."""
    return _COMMAND.sub(r"<code>\1</code>", escape(text))


def figured(figure: int | None) -> str:
    return "not yet" if figure is None else f"{figure:,}"


def notes(not_known: Sequence[str]) -> str:
    """So that nobody takes what is shown for all there is; nothing where it is."""
    if not not_known:
        return ""
    return f"<h2>Not known yet</h2><ul>{''.join(f'<li>{marked(each)}</li>' for each in not_known)}</ul>"


def _table(name: str, cells: Sequence[Cell], people: People) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Category", *_HEADS))
    rows = "".join(_row(cell, people.about(cell)) for cell in cells)
    return f"<h2>{escape(name)}</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(cell: Cell, people: int | None) -> str:
    figures = zip(_HEADS[1:], (cell.items, people, cell.without_purpose, cell.past_term, cell.nobodys), strict=True)
    heeded = _HEADS[3:]
    told = "".join(
        f'<td class="n{" heed" if head in heeded and figure else ""}" data-is="{head}">{figured(figure)}</td>'
        for head, figure in figures
    )
    grave = "" if cell.sensitivity is Sensitivity.ORDINARY else ' class="grave"'
    sensitivity = f'<td{grave} data-is="Sensitivity">{saying.GRAVE[cell.sensitivity]}</td>'
    return f'<tr><th scope="row">{escape(saying.category(cell.category))}</th>{sensitivity}{told}</tr>'
