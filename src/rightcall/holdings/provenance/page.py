"""The picture of provenance with its table, as one page that can be mailed, printed and read aloud. It asks nobody for
anything."""

from collections.abc import Mapping, Sequence
from html import escape

from rightcall.holdings import saying
from rightcall.holdings.map.page import notes
from rightcall.holdings.provenance.drawing import drawn, fell, from_what, heading, how, when, where
from rightcall.holdings.provenance.grouping import Group, Picture, grouped
from rightcall.holdings.provenance.model import Trace
from rightcall.ids import PurposeId, SystemId

_STYLE = """
:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:76rem;font:1rem/1.5 system-ui,sans-serif;background:#fff;color:#1d2433}
.wide{overflow-x:auto;margin:1rem 0}.wide svg{display:block}h1{font-size:1.3rem}h2{font-size:1.05rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem}
tr{border-top:1px solid #c9cfda}.fell{font-weight:600}
@media (max-width:40rem){thead{position:absolute;left:-999rem}tr{display:block;padding:.4rem 0}
td,tbody th{display:flex;gap:.75rem;padding:.1rem 0}td::before{content:attr(data-is);flex:0 0 7rem;color:#5a6478}}
@media (prefers-color-scheme:dark){body{background:#161b24;color:#eef1f6}tr{border-color:#434c5c}td::before{color:#a9b3c4}}
"""
HEADS = ("Where", "How it came", "From what", "For what", "Until", "To heed")


def page(
    trace: Trace,
    purposes: Mapping[PurposeId, str],
    systems: Mapping[SystemId, str],
    title: str,
    not_known: Sequence[str] = (),
    looked_at: Sequence[str] = (),
) -> str:
    """An HTML document; `purposes` and `systems`: what each is called; `not_known`: sentences on what may be held beside it;
    `looked_at`: who looked at the person, in words."""
    picture = grouped(trace)
    more = " There is more than is shown here." if trace.cut else ""
    beside = notes(not_known) + _looks(looked_at)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(title)}</h1><p>{len(trace.items)} things that are or were held, from their origins on the left to what was"
        f" made from them on the right.{more} Things of one sort that came the same way are one box.</p>{beside}"
        f'<div class="wide" tabindex="0">{drawn(picture, systems, title)}</div>{_table(picture, purposes, systems)}</body></html>'
    )


def _looks(looked_at: Sequence[str]) -> str:
    if not looked_at:
        return ""
    return f"<h2>Looked at</h2><ul>{''.join(f'<li>{escape(each)}</li>' for each in looked_at)}</ul>"


def _table(picture: Picture, purposes: Mapping[PurposeId, str], systems: Mapping[SystemId, str]) -> str:
    if not picture.groups:
        return ""
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("What", *HEADS))
    rows = "".join(_row(group, picture, purposes, systems) for group in picture.groups)
    return f"<h2>The same as a table</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def cells(group: Group, picture: Picture, purposes: Mapping[PurposeId, str], systems: Mapping[SystemId, str]) -> tuple[str, ...]:
    """What is told of it under each of `HEADS`; the last is empty where there is nothing to heed."""
    terms = [term for each in group.holdings for term in each.terms]
    days = [saying.day(each) for each in sorted({term.last_day for term in terms if term.last_day is not None})]
    kept = sorted({purposes.get(term.purpose, "a purpose") for term in terms})
    return (
        ", ".join(dict.fromkeys(where(each, systems) for each in group.holdings)),
        f"{how(group)}, {when(group)}",
        _origins(group, picture, systems),
        ", ".join(kept) or "nobody has said",
        "nobody has said" if not days else days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}",
        "; ".join([*([it] if (it := fell(group)) else []), *([] if group.first.is_there else ["no longer there"])]),
    )


def _row(group: Group, picture: Picture, purposes: Mapping[PurposeId, str], systems: Mapping[SystemId, str]) -> str:
    told = "".join(
        f'<td data-is="{head}"{" class=fell" if head == HEADS[-1] and cell else ""}>{escape(cell or "–")}</td>'
        for head, cell in zip(HEADS, cells(group, picture, purposes, systems), strict=True)
    )
    return f'<tr><th scope="row">{escape(heading(group))}</th>{told}</tr>'


def _origins(group: Group, picture: Picture, systems: Mapping[SystemId, str]) -> str:
    said = []
    for arrow in (each for each in picture.arrows if each.made.nth == group.nth):
        part = arrow.derivations[0].part if len(arrow.derivations) == 1 else None
        said.append(heading(arrow.origin) if part is None else f"{heading(arrow.origin)} ({saying.part(part)})")
    if group.calls:
        heard = group.first.heard if len(group.holdings) == 1 else None
        call = "a call" if len(group.calls) == 1 else f"{len(group.calls)} calls"
        said.append(call if heard is None else f"{call} ({saying.heard(heard)})")
    return "; ".join(said) or from_what(group, systems)
