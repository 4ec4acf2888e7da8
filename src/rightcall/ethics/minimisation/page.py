"""The pictures with their tables, as one page that can be mailed, printed and read on a phone. It asks nobody for anything."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from rightcall.ethics.minimisation.drawing import plot
from rightcall.ethics.minimisation.model import Figures, Proposal, Term
from rightcall.ethics.minimisation.saying import STATES, at_least, days, percent, proposal_says, term_says, unread_says
from rightcall.ids import PurposeId, SystemId

_STYLE = """
:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:60rem;font:1rem/1.5 system-ui,sans-serif;background:#fff;color:#1d2433}
svg{display:block;width:100%;max-width:34rem;height:auto;margin:1rem 0}h1{font-size:1.3rem}h2{font-size:1.1rem}h3{font-size:1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem}
td:not(:first-child){font-variant-numeric:tabular-nums}tr{border-top:1px solid #c9cfda}
@media (prefers-color-scheme:dark){body{background:#161b24;color:#eef1f6}tr{border-color:#434c5c}}
"""


def page(
    found: Sequence[Figures], proposals: Sequence[Proposal], keys: Mapping[PurposeId, str], systems: Mapping[SystemId, str]
) -> str:
    """An HTML document; `keys` names the purposes, `systems` the systems."""
    body = "".join(_purpose(figures, proposals, keys[figures.purpose], systems) for figures in found)
    nothing = "" if found else "<p>No look has been made yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Minimisation</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>Do we need all of it?</h1>{nothing}{body}"
        "<p>Counted from the log of uses. A system that does not tell what is read of it is not seen. What is proposed changes"
        " nothing by itself: it becomes a review of the purpose, which people in two roles sign.</p></body></html>"
    )


def _purpose(figures: Figures, proposals: Sequence[Proposal], key: str, systems: Mapping[SystemId, str]) -> str:
    its = [each for each in proposals if each.what.purpose == figures.purpose]
    said = "".join(f"<li>{escape(proposal_says(each.what))} <b>{escape(STATES[each.state])}</b> ({each.id})</li>" for each in its)
    unread = "".join(f"<li>{escape(line)}</li>" for line in unread_says(figures, systems))
    grounds = ", ".join(f"{count:,} {ground.value.replace('_', ' ')}" for ground, count in figures.uses.items())
    never = ", ".join(role.value for role in figures.never) or "none"
    return (
        f"<h2>{escape(key)}</h2><p>{escape(term_says(figures.term))}</p>"
        f"{plot(figures, key)}{_terms(figures.term)}{_fields(figures)}"
        f"<p>Uses from {figures.since:%Y-%m-%d} to {figures.until:%Y-%m-%d}, by ground: {grounds}; {figures.refused:,} were"
        f" refused. Roles that may use it and never did: {never}.</p>"
        + (f"<h3>Never read, or not known</h3><ul>{unread}</ul>" if unread else "")
        + (f"<h3>Proposals</h3><ul>{said}</ul>" if said else "")
    )


def _terms(term: Term) -> str:
    rows = (
        (days(each.days), f"{each.watched:,}", f"{each.late:,}", percent(each.high), at_least(each.within))
        for each in term.points
    )
    return _table(("Term", "Watched to the end", "Read later", "At most", "Uses within"), rows)


def _fields(figures: Figures) -> str:
    rows = ((each.field, f"{each.uses:,}", f"{each.last_at:%Y-%m-%d}") for each in figures.fields)
    return _table(("Field that was read", "Uses", "Last"), rows) if figures.fields else ""


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>' for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
