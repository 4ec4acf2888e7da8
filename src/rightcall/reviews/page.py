"""A review's document as a page: one file without anything from elsewhere, light or dark as the reader's screen is, and on A4 in
print. It says what the JSON says, in its order, and a note where nothing was written."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; --ink: #1d2429; --soft: #5a656d; --line: #d9dee2; --ground: #fdfdfc; --note: #f2f0e8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8eb; --soft: #9aa6ae; --line: #39434a; --ground: #14191d; --note: #22282b; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.25rem; max-width: 46rem; color: var(--ink); background: var(--ground);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
p { margin: .2rem 0 .6rem; } .soft, dt, th { color: var(--soft); } .note { background: var(--note); padding: .8rem 1rem; }
dl { display: grid; grid-template-columns: 11rem 1fr; gap: .25rem 1rem; margin: .5rem 0; } dd { margin: 0; }
table { width: 100%; border-collapse: collapse; margin: .5rem 0; } code { font-size: .85em; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } blockquote { margin: .4rem 0; padding-left: 1rem; border-left: 3px solid var(--line); }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
@page { size: A4; margin: 18mm; }
@media print { :root { --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --note: #fff; }
  body { padding: 0; max-width: none; font-size: 10.5pt; } h2 { break-after: avoid; } tr, dl, blockquote { break-inside: avoid; }
  .note { border: 1px solid var(--line); } }
"""
_TITLES = {"rightcall-dpia/1": "Data protection impact assessment", "rightcall-lia/1": "Balancing test of legitimate interests"}
_NOT_WRITTEN = '<p class="note">Not written. What is not known here is listed at the end.</p>'


def page(document: Mapping[str, Any]) -> str:
    """HTML, UTF-8. Every word of the document is escaped."""
    title = _TITLES[document["format"]]
    purpose, controller = document["purpose"], document["controller"]
    body = [
        f"<h1>{title}</h1>",
        f"<p>{escape(purpose['title'])}</p>",
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


def _status(document: Mapping[str, Any]) -> Iterable[str]:
    review = document["review"]
    yield _list(
        {
            "Where it stands": f"{review['stage']}, version {review['version']}",
            "Last day": review["expires_on"],
            "Needed": "yes" if document["needed"] else "not by what was declared",
            "Contact": document["controller"]["contact"],
        }
    )
    if review["why_not_in_force"]:
        yield f'<div class="note">{"".join(f"<p>{escape(each)}</p>" for each in review["why_not_in_force"])}</div>'


def _dpia(document: Mapping[str, Any]) -> Iterable[str]:
    yield "<h2>1. What is done, and why</h2>"
    yield from _description(document)
    yield "<h2>2. Necessity and proportion</h2>"
    yield _paragraph(document["necessity"]["written"])
    yield from _alternatives(document["necessity"]["alternatives"])
    yield "<h2>3. Who could be hurt, and how</h2>"
    yield _risks(document["risks"])
    yield "<h2>4. What is done about it</h2>"
    yield _paragraph(document["measures"])
    yield "<h2>5. Whom it was put to</h2><h3>The DPO's advice</h3>"
    yield _paragraph(document["consultation"]["dpo"])
    yield "<h3>What the people concerned say</h3>"
    yield _paragraph(document["consultation"]["people_concerned"])


def _lia(document: Mapping[str, Any]) -> Iterable[str]:
    written = document["balancing"] or {}
    for name, heading in (("purpose", "1. The interest"), ("necessity", "2. Necessity"), ("balance", "3. The balance")):
        yield f"<h2>{heading}</h2>"
        yield _paragraph(written.get(name))
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
    yield _list({name.replace("_", " "): value for name, value in purpose.items()})
    yield "<h3>As was declared</h3>"
    yield _list({name.replace("_", " "): value for name, value in described["declared"].items()})
    for notice in document["notices"]:
        yield f"<h3>What people are told ({escape(notice['language'])}, version {notice['version']})</h3>"
        yield f"<blockquote>{escape(notice['text'])}</blockquote>"


def _alternatives(alternatives: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    yield "<h3>What would need less data</h3>"
    yield _table(("Alternative", "Enough", "Why"), [(each["what"], each["enough"], each["why"]) for each in alternatives])


def _risks(risks: Sequence[Mapping[str, Any]]) -> str:
    rows = [(each["who"], each["how"], each["likelihood"], each["severity"], each["done"]) for each in risks]
    return _table(("Who", "How", "Likely", "How bad", "What is done"), rows)


def _end(document: Mapping[str, Any]) -> Iterable[str]:
    yield "<h2>Signatures</h2>"
    rows = [(each["role"], each["capacity"], each["signed_at"], each["signer"]) for each in document["signatures"]]
    yield _table(("Role", "Speaks", "Signed", "Token"), rows) if rows else "<p>Nobody has signed.</p>"
    yield from _verdicts(document)
    yield "<h2>What is not known</h2><ul>"
    yield from (f"<li>{escape(each)}</li>" for each in document["unknown"])
    yield "</ul>"
    review = document["review"]
    yield _list(
        {"Review": review["id"], "Digest": review["digest"], "Statement": review["statement"], "Made": document["made_at"]}
    )


def _verdicts(document: Mapping[str, Any]) -> Iterable[str]:
    verdict, counted = document["verdict"], document["verdicts"]
    if verdict is not None:
        yield f"<h2>May it be used so?</h2><p>{escape(verdict['outcome'])}</p>"
        yield _table(("Rule", "Says", "Instead"), [(each["rule"], each["says"], each["instead"]) for each in verdict["reasons"]])
    if counted is not None:
        yield f"<h2>Verdicts since {escape(counted['since'][:10])}</h2>"
        yield _table(
            ("Act", "Outcome", "How many"), [(each["act"], each["outcome"], each["count"]) for each in counted["counts"]]
        )
    if document["uses_not_named"]:
        yield "<h2>Uses that it does not name</h2>" + _paragraph(", ".join(document["uses_not_named"]))


def _paragraph(text: str | None) -> str:
    return _NOT_WRITTEN if text is None else f"<p>{escape(text)}</p>"


def _list(values: Mapping[str, object]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(plain(value))}</dd>' for name, value in values.items())}</dl>"


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(plain(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def plain(value: object) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
