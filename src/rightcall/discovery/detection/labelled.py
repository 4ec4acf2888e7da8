"""Numbers typed in a hurry, which only a word before them tells: a NINO or a DNI in small letters."""

import re
from collections.abc import Iterator, Mapping

from stdnum.es import dni, nie

from rightcall.discovery.detection.context import Stance
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page

_FAR = 60
_FORMS: Mapping[Kind, re.Pattern[str]] = {
    Kind.UK_NINO: re.compile(
        r"(?<![0-9A-Za-z])(?!bg|gb|nk|kn|tn|nt|zz|qq)[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z]"
        r"(?:([ -]?)[0-9]{2}\1[0-9]{2}\1[0-9]{2}\1|[ ]?[0-9]{6}[ ]?)[a-d](?![0-9A-Za-z])"
    ),
    Kind.ES_DNI: re.compile(r"(?<![0-9A-Za-z])[0-9]{8}[ -]?[a-z](?![0-9A-Za-z])"),
    Kind.ES_NIE: re.compile(r"(?<![0-9A-Za-z])[xyz][ -]?[0-9]{7}[ -]?[a-z](?![0-9A-Za-z])"),
}
_WHY = {
    Kind.ES_DNI: "8 digits and their check letter, a small one",
    Kind.ES_NIE: "x, y or z, 7 digits and their check letter, all small",
    Kind.UK_NINO: "two letters that are issued, 6 digits and a letter from A to D, all small",
}


NINO = rb"(?i:\b[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z][ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[a-d]\b)"
_ABOUT_PAY = re.compile(
    r"\b(?:payroll|payslips?|pay ?slips?|p ?(?:45|46|60|800)|hmrc|inland revenue|paye|tax codes?|emergency tax|dwp|pensions?"
    r"|benefits?|universal credit|job ?centre|employ(?:er|ee|ees|ment)|starter|(?:pay|paid) (?:weekly|monthly)"
    r"|week 1 basis|salary|wages|student loan|maternity"
    r"|statutory sick|ssp|smp|self[- ]assessment|tax return|attachment of earnings|contributions)\b",
    re.IGNORECASE,
)
_ABOUT = 120


def ninos_beside_pay(page: Page) -> Iterator[Finding]:
    """In small letters with no word for them, where pay, tax or a pension is spoken of."""
    for match in _FORMS[Kind.UK_NINO].finditer(page.plain):
        start, end = match.span()
        if _ABOUT_PAY.search(page.plain, max(0, start - _ABOUT), end + _ABOUT) is not None:
            why = f"{_WHY[Kind.UK_NINO]}; pay, tax or a pension is spoken of beside it"
            if found := page.weighed(Kind.UK_NINO, start, end, 0.6, why):
                yield found


def small(page: Page) -> Iterator[Finding]:
    if not page.mentions_any(tuple(_FORMS)):
        return
    for kind, form in _FORMS.items():
        if page.mentions_any((kind,)):
            behind = 0
            for low, high in _stretches(page, kind):
                match = form.search(page.plain, max(low, behind), high)
                if match is not None and (found := _told(page, kind, *match.span())) is not None:
                    behind = found.end
                    yield found


def _stretches(page: Page, kind: Kind) -> Iterator[tuple[int, int]]:
    for place in page.mentioned(kind):
        yield place, place + 2 * _FAR
    if page.columns is not None:
        yield from page.columns.fields(page.plain, kind)


def _told(page: Page, kind: Kind, start: int, end: int) -> Finding | None:
    label = page.label(start, end)
    is_named = label is not None and not label.is_behind and label.is_near and label.stance(kind) is Stance.FOR
    if not is_named and (label is not None or not page.mentions(kind, start)):
        return None
    judge = {Kind.ES_DNI: dni.is_valid, Kind.ES_NIE: nie.is_valid}.get(kind)
    if judge is not None and not judge(page.plain[start:end].upper()):
        return None
    return page.weighed(kind, start, end, 0.7, _WHY[kind], needs_word=is_named)
