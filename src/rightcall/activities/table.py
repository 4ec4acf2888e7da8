"""The record as a table for a spreadsheet: RFC 4180, UTF-8, one line an activity, and a last one for what stands in none. No cell
begins as a formula does."""

import csv
import io
from collections.abc import Iterable

from rightcall.activities.model import Activity, Kept, Recipient, Record
from rightcall.activities.rules import words_of
from rightcall.activities.saying import BASES, PEOPLE, STANDINGS, amount, recipient_in_words, term_in_words, use_in_words

HEADS = (
    "controller",
    "contact",
    "purpose",
    "title",
    "justification",
    "kind_of_purpose",
    "stands",
    "basis_for_customers",
    "basis_for_own_people",
    "legal_duty",
    "people",
    "categories_declared",
    "held_now",
    "kept_for",
    "may_be_used_by",
    "used",
    "recipients",
    "third_countries",
    "asked_in",
    "gaps",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(record: Record) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for activity in record.activities:
        writer.writerow([_cell(each) for each in _row(record, activity)])
    if record.unpurposed or record.nobodys or record.gaps:
        writer.writerow([_cell(each) for each in _in_no_activity(record)])
    return out.getvalue()


def _in_no_activity(record: Record) -> Iterable[str]:
    told = {
        "controller": record.controller.name,
        "contact": record.controller.contact,
        "title": "In no activity: without a purpose, of nobody that is known, or not known",
        "held_now": _listed(map(_kept, (*record.unpurposed, *record.nobodys))),
        "gaps": _listed(map(words_of, record.gaps)),
    }
    return [told.get(head, "") for head in HEADS]


def _row(record: Record, activity: Activity) -> Iterable[str]:
    purpose = activity.purpose
    return (
        record.controller.name,
        record.controller.contact,
        purpose.key,
        purpose.title,
        purpose.justification,
        purpose.dpv_purpose,
        STANDINGS[activity.standing],
        BASES[purpose.lawful_basis],
        BASES[purpose.staff_basis],
        purpose.legal_duty or "",
        PEOPLE,
        _listed(purpose.data_categories),
        _listed(map(_kept, activity.kept)),
        term_in_words(purpose.term_days),
        _listed(sorted(role.value for role in purpose.may_use)),
        _listed(map(use_in_words, activity.uses)),
        _listed(map(recipient_in_words, activity.recipients)),
        _listed(map(_transfer, activity.transfers)),
        _listed(activity.languages),
        _listed(map(words_of, activity.gaps)),
    )


def _kept(kept: Kept) -> str:
    return f"{kept.category} in {kept.system or 'Rightcall'}: {amount(kept)}"


def _transfer(recipient: Recipient) -> str:
    lets = "nothing declared that lets it" if recipient.safeguard is None else recipient.safeguard.value.replace("_", " ")
    return f"{recipient.country} ({lets})"


def _listed(each: Iterable[str]) -> str:
    return "; ".join(each)


def _cell(text: str) -> str:
    """A spreadsheet computes what begins like a formula; behind an apostrophe it does not."""
    return f"'{text}" if text.startswith(_FORMULA) else text
