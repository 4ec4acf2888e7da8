"""A review's document as a page: one file without anything from elsewhere, light or dark as the reader's screen is, and on A4 in
print. It says what the JSON says, in its order, and a note where nothing was written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from babel.dates import format_skeleton

STYLE = """
:root { color-scheme: light dark; --ink: #1d2429; --soft: #5a656d; --line: #d9dee2; --ground: #fdfdfc; --note: #f2f0e8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8eb; --soft: #9aa6ae; --line: #39434a; --ground: #14191d; --note: #22282b; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.25rem; max-width: 60rem; color: var(--ink); background: var(--ground);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
code, .digest { overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
p { margin: .2rem 0 .6rem; } .soft, dt, th { color: var(--soft); } .note { background: var(--note); padding: .8rem 1rem; }
dl { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .25rem 1rem; margin: .5rem 0; } dd { margin: 0; }
table { width: 100%; border-collapse: collapse; margin: .5rem 0; } code { font-size: .85em; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } caption { text-align: left; color: var(--soft); padding: .35rem 0; } tbody th { color: var(--ink); }
blockquote { margin: .4rem 0; padding-left: 1rem; border-left: 3px solid var(--line); }
@media screen and (max-width: 48rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; overflow-wrap: anywhere; }
  thead { display: none; } table, caption, tbody, tr, td, tbody th { display: block; }
  tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  td, tbody th { border: 0; padding: .1rem 0; } [data-is]::before { content: attr(data-is) ": "; color: var(--soft); } }
@page { size: A4; margin: 18mm; }
@media print { :root { --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --note: #fff; }
  body { padding: 0; max-width: none; font-size: 10.5pt; } h2 { break-after: avoid; } tr, dl, blockquote { break-inside: avoid; }
  .note { border: 1px solid var(--line); } }
"""
_TITLES = {"rightcall-dpia/1": "Data protection impact assessment", "rightcall-lia/1": "Balancing test of legitimate interests"}
_YES = ("proceed", "proceed_with_duties")
_WORDS = {
    "proceed": "yes",
    "proceed_with_duties": "yes, with duties",
    "not_right": "no: it would be lawful, and it is not right",
    "unlawful": "no: it is unlawful",
    "cannot_tell": "it cannot be told",
    "dpo": "data protection officer",
    "more": "more than 100,000",
    "up_to_1000": "up to 1,000",
    "up_to_10000": "up to 10,000",
    "up_to_100000": "up to 100,000",
}
_NAMES = {
    "staff_basis": "lawful basis for our own people",
    "term_days": "kept for days",
    "dpv_purpose": "kind of purpose",
    "may_use": "may be used by",
    "calls": "calls in thirty days",
    "unrecorded_line": "a line for agents that is not recorded",
    "other_proof": "how it can be proved otherwise",
    "criteria": "what was named as making a high risk likely",
}
_WRITTEN = {"title", "justification", "answer", "written", "purpose", "necessity", "balance", "measures", "dpo"}
_OWN = _WRITTEN | {"people_concerned", "who", "how", "done", "what", "why", "unrecorded_line", "other_proof"}
"""Under which names stands what the company wrote itself."""
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:\+00:00|Z)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TERM = re.compile(r"(?:dpv|pd):[A-Z][A-Za-z]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MACHINE_WORD = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_NOT_NEEDED = '<p class="soft">Not needed here, and not written.</p>'
_NOT_WRITTEN = '<p class="note">Not written. What is not known here is listed at the end.</p>'


class Exactly(str):
    """A name that is shown as it is."""

    __slots__ = ()


class Own(str):
    """What the company wrote, in the language that it writes its reviews in: marked, since headings are in English (WCAG 2.2,
    3.1.2)."""

    __slots__ = ("language",)
    language: str


def page(told: Mapping[str, Any]) -> str:
    """HTML, UTF-8. Every word of the document is escaped."""
    document = _owned(told, told["controller"]["language"])
    title = _TITLES[document["format"]]
    purpose, controller = document["purpose"], document["controller"]
    body = [
        f"<h1>{title}</h1>",
        f"<p>{_marked(purpose['title'])}</p>",
        f'<p class="soft">{escape(controller["name"])}, {escape(controller["address"])}</p>',
        *_status(document),
        *(_dpia(document) if document["format"] == "rightcall-dpia/1" else _lia(document)),
        *_end(document),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}: {escape(purpose['key'])}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>"
    )


def _owned(part: Any, language: str) -> Any:
    """The same, with what the company wrote known as such."""
    match part:
        case Mapping():
            return {name: _own(value, language) if name in _OWN else _owned(value, language) for name, value in part.items()}
        case list():
            return [_owned(each, language) for each in part]
        case _:
            return part


def _own(value: Any, language: str) -> Any:
    if not isinstance(value, str) or language.partition("-")[0] == "en":
        return _owned(value, language)
    own = Own(value)
    own.language = language
    return own


def _marked(value: object) -> str:
    said = escape(worded(value))
    return f'<span lang="{escape(value.language)}">{said}</span>' if isinstance(value, Own) else said


def _status(document: Mapping[str, Any]) -> Iterable[str]:
    review = document["review"]
    yield _list(
        {
            "Where it stands": f"{worded(review['stage'])}, version {review['version']}",
            "Last day": review["expires_on"],
            "Needed": "yes" if document["needed"] else "no, by what was declared and what the register says",
            **({"Because of": document["criteria"]} if document.get("criteria") else {}),
            "Written by": f"{worded(review['author']['role'])}, known here as {review['author']['id']}",
            "Drafted": review["drafted_at"],
            "Contact": document["controller"]["contact"],
            "Where the law is of": document["controller"]["jurisdictions"],
        }
    )
    if review["why_not_in_force"]:
        yield f'<div class="note">{"".join(f"<p>{escape(each)}</p>" for each in review["why_not_in_force"])}</div>'


def _dpia(document: Mapping[str, Any]) -> Iterable[str]:
    yield "<h2>1. What is done, and why</h2>"
    yield from _description(document)
    if document["legitimate_interests"] or document["balancing"] is not None:
        yield "<h3>The legitimate interest, and the balance</h3>"
        yield from _balancing(document)
    yield "<h2>2. Necessity and proportion</h2>"
    needed = document["needed"]
    yield _paragraph(document["necessity"]["written"], needed=needed)
    yield from _alternatives(document["necessity"]["alternatives"])
    yield "<h2>3. Who could be hurt, and how</h2>"
    yield _risks(document["risks"])
    yield "<h2>4. What is done about it</h2>"
    yield _paragraph(document["measures"], needed=needed)
    yield "<h2>5. Whom it was put to</h2><h3>The DPO's advice</h3>"
    yield _paragraph(document["consultation"]["dpo"], needed=needed)
    yield "<h3>What the people concerned say</h3>"
    yield _paragraph(document["consultation"]["people_concerned"], needed=needed)


def _balancing(document: Mapping[str, Any]) -> Iterable[str]:
    written = document["balancing"]
    if written is None:
        yield _paragraph(None)
        return
    for each in ("purpose", "necessity", "balance"):
        yield _paragraph(written[each])


def _lia(document: Mapping[str, Any]) -> Iterable[str]:
    written = document["balancing"] or {}
    for name, heading in (("purpose", "1. The interest"), ("necessity", "2. Necessity"), ("balance", "3. The balance")):
        yield f"<h2>{heading}</h2>"
        yield _paragraph(written.get(name), needed=document["needed"])
    yield from _alternatives(document["alternatives"])
    yield "<h2>Who could be hurt, and how</h2>"
    yield _risks(document["risks"])
    yield "<h2>What is done, and why</h2>"
    yield from _description(document)


def _description(document: Mapping[str, Any]) -> Iterable[str]:
    purpose, described = document["purpose"], document["description"]
    for each in described["answers"]:
        yield f"<h3>{escape(each['question'])}</h3>{_paragraph(each['answer'])}"
    yield "<h3>As the register says</h3>"
    yield _list({_NAMES.get(name, name.replace("_", " ")): value for name, value in purpose.items()})
    yield "<h3>As was declared</h3>"
    yield _list({_NAMES.get(name, name.replace("_", " ")): value for name, value in described["declared"].items()})
    for notice in document["notices"]:
        yield f"<h3>What people are told ({escape(notice['language'])}, version {notice['version']})</h3>"
        yield f'<blockquote lang="{escape(notice["language"])}">{escape(notice["text"])}</blockquote>'
        yield f'<p class="soft digest">SHA-256 {escape(notice["digest"])}</p>'


def _alternatives(alternatives: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    yield "<h3>What would need less data</h3>"
    yield _table(("Alternative", "Enough", "Why"), [(each["what"], each["enough"], each["why"]) for each in alternatives])


def _risks(risks: Sequence[Mapping[str, Any]]) -> str:
    rows = [(each["who"], each["how"], each["likelihood"], each["severity"], each["done"]) for each in risks]
    return _table(("Who", "How", "Likely", "How bad", "What is done"), rows)


def _end(document: Mapping[str, Any]) -> Iterable[str]:
    yield "<h2>Signatures</h2>"
    rows = [(each["role"], each["capacity"], each["signed_at"], each["signer"]) for each in document["signatures"]]
    yield _table(("Role", "Speaks", "Signed", "Known here as"), rows) if rows else "<p>Nobody has signed.</p>"
    yield from _verdicts(document)
    yield "<h2>What is not known</h2><ul>"
    yield from (f"<li>{escape(each)}</li>" for each in document["unknown"])
    yield "</ul>"
    review = document["review"]
    yield "<h2>What was signed</h2>"
    yield _list(
        {
            "Review": review["id"],
            "Digest of the review": review["digest"],
            "Digest of the register's entry": review["bound"]["register_entry"],
            "Digests of the notices": review["bound"]["notices"],
            "Digest of the rules": review["bound"]["rules"],
            "Overrides that stood": review["bound"].get("set_aside", []),
            "Statement in the ledger": review["statement"],
            "Made": document["made_at"],
        }
    )


def _verdicts(document: Mapping[str, Any]) -> Iterable[str]:
    verdict, counted = document["verdict"], document["verdicts"]
    if verdict is not None:
        yield f"<h2>May it be used so?</h2><p>{escape(worded(verdict['outcome']))}</p>"
        yield from _reasons(verdict)
    if counted is not None:
        yield f"<h2>Verdicts since {escape(_day(counted['since'][:10]))}</h2>"
        yield _table(
            ("Act", "Outcome", "How many"), [(each["act"], each["outcome"], each["count"]) for each in counted["counts"]]
        )
    if document["uses_not_named"]:
        yield "<h2>Uses that it does not name</h2>" + _paragraph(", ".join(document["uses_not_named"]).replace("_", " "))


def _reasons(verdict: Mapping[str, Any]) -> Iterable[str]:
    """What to do instead belongs to a no: a yes needs nothing instead."""
    is_yes, reasons = verdict["outcome"] in _YES, verdict["reasons"]
    if reasons:
        headings = ("Rule", "Ground", "Says", *(() if is_yes else ("Instead",)))
        names = ("rule", "ground", "says", *(() if is_yes else ("instead",)))
        yield _table(headings, [[Exactly(each[name]) for name in names] for each in reasons])
    if verdict["missing"]:
        yield _list({"What is not known": verdict["missing"]})
    yield _list({"Verdict": verdict["id"], "Asked": verdict["asked_at"], "Digest of the rules": verdict["rule_set"]})


def _paragraph(text: str | None, *, needed: bool = True) -> str:
    if text is None and not needed:
        return _NOT_NEEDED
    return _NOT_WRITTEN if text is None else f"<p>{_marked(text)}</p>"


def _list(values: Mapping[str, object]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{_marked(value)}</dd>' for name, value in values.items())}</dl>"


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    lines = "".join(f"<tr>{''.join(_cells(headings, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _cells(headings: Sequence[str], row: Sequence[object]) -> Iterable[str]:
    """Each says what it is, for where there is no room for columns."""
    for heading, cell in zip(headings, row, strict=True):
        yield f'<td data-is="{escape(heading)}">{_marked(cell)}</td>'


def plain(value: object) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _day(text: str) -> str:
    """27 May 2027, as pages write it."""
    return format_skeleton("yMMMd", date.fromisoformat(text), locale="en_GB")


def worded(value: object) -> str:
    """The same for people who know no machine's words: days and instants as pages write them, and words of lists in plain ones.
    What somebody wrote is a sentence, and stays as it is; so do names of rules and digests."""
    if isinstance(value, list):
        return ", ".join(map(worded, value)) or "none"
    if not isinstance(value, str) or isinstance(value, Exactly):
        return plain(value)
    if _INSTANT.fullmatch(value):
        return f"{_day(value[:10])} {value[11:16]} UTC"
    if _DAY.fullmatch(value):
        return _day(value)
    if _TERM.fullmatch(value):
        return _HUMP.sub(" ", value.partition(":")[2]).lower()
    return _WORDS.get(value) or (value.replace("_", " ") if _MACHINE_WORD.fullmatch(value) else value)
