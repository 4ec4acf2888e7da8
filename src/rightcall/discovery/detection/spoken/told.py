"""Numbers in speech that only the question tells: accounts at banks, passports, driving licences and plates."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from rightcall.discovery.detection import banks, papers
from rightcall.discovery.detection.context import words_of
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.spoken import british
from rightcall.discovery.detection.spoken.asked import Asked, Where, has_unit, names
from rightcall.discovery.detection.spoken.asked import asked as asked_before
from rightcall.discovery.detection.spoken.asking import Cues
from rightcall.discovery.detection.spoken.chains import Chain
from rightcall.discovery.detection.spoken.floor import Floor, Line
from rightcall.discovery.detection.spoken.judging import heard, how, spelled
from rightcall.discovery.detection.spoken.letters import put_right, readings, stream
from rightcall.discovery.detection.spoken.numerals import anyones
from rightcall.discovery.detection.spoken.reading import Part

_PAPERS = (Kind.PASSPORT, Kind.DRIVING_LICENCE, Kind.VEHICLE_PLATE)
_SURE, _ABOUT = 0.85, 250
_READ_BACK, _SHORTEST_PLATE, _LONGEST_PLATE = 4, 3, 9
_LIKELY, _ABOUT_A_CAR = 0.6, 160
_CAR = re.compile(
    r"(?<![^\W_])(?:cars?|vehicles?|vans?|lorry|truck|motorbikes?|motorcycle|plates?|autos?|wagen|fahrzeugs?|motorrad|lkw|voitures?"
    r"|véhicules?|camion(?:nette)?|moto|bil(?:en|er)?|køretøj(?:et)?|varevogn(?:en)?|fordon(?:et)?|skåpbil(?:en)?)(?![^\W_])",
    re.IGNORECASE,
)
_WORD = "account number"
_ASKED_REACH, _PAIRED = 40, 0.9
_LEAST_ACCOUNT, _MOST_ACCOUNT = 6, {4: 10, 5: 10, 6: 8, 8: 10}
_CODES = (
    (re.compile(r"(?<![^\W_])(?:reg|registrerings?)(?![^\W_])|registrerings?nummer", re.IGNORECASE), (4,)),
    (re.compile(r"(?<![^\W_])clearing", re.IGNORECASE), (4, 5)),
    (re.compile(r"(?<![^\W_])(?:blz|bankleitzahl)", re.IGNORECASE), (8,)),
    (re.compile(r"code (?:banque|guichet|de la banque)", re.IGNORECASE), (5,)),
    (re.compile(r"(?<![^\W_])(?:sort(?:[ -]?code)?|bank|branch|cheque(?: ?book)?|check)(?![^\W_])", re.IGNORECASE), (6,)),
)
"""How many digits the bank's code has that a question asks for beside the account."""
_BRITISH, _SIX = 14, 6
_OF_AN_ACCOUNT, _PLAIN = re.compile("kont|account|compte"), re.compile("[0-9 ]+")
_WHOLE_ACCOUNTS = (("da", 10), ("sv", 7))
_NORDIC, _FEWEST_OF_BOTH = frozenset(("da", "sv")), 11
_BESIDE = re.compile(
    r"([^\W\d_]+(?:[ -](?:code|nr|nummer|nummeret|numret|number))?)(?: ?[,/&+] ?| )"
    r"(?:(?:og|och|and|und|et|plus) )?(?:[^\W\d_]+ )?$",
    re.IGNORECASE,
)
"""What is asked for in the same breath."""
_CODE_OF_IT = re.compile(r"\bsort[ -]?code (?:number )?(?:on|of|for|from|to|with|at) (?:[^\W\d_]+ ){0,2}$", re.IGNORECASE)
"""As in "the sort code on the account"."""
_LEAST_AGAIN, _SEVERAL = 4, 2
_ANSWERS, _FEW_BEFORE, _ANSWER_REACH = 5, 4, 90
"""So many lines behind the question, and words before the plate in its line."""
_OF_A_CALL = frozenset((Kind.PHONE,))


def asked_for(floor: Floor, chain: Chain, lead: Sequence[Part], asked: Asked) -> Iterator[Finding]:
    """`lead`: letters right before the number."""
    if has_unit(floor.text, chain) and not any(map(asked.is_for, _PAPERS)):
        return
    if not (asked.is_binding and asked.meanings) or _is_of_the_call(asked):
        yield from _plate_of_a_car(floor, chain, lead)
        yield from british.both(floor, chain) if not (lead or asked.is_for(Kind.PHONE)) else ()
        return
    if asked.is_for(Kind.BANK_ACCOUNT) and (chain.has_words or _asks_for_a_code(floor, chain, asked)) and not lead:
        yield from _accounts(floor, chain, asked)
    for kind in _PAPERS:
        if asked.is_for(kind) and (found := _paper(floor, chain, lead, kind, asked)):
            yield found


def _is_of_the_call(asked: Asked) -> bool:
    """Somebody said turns ago that somebody would ring."""
    return asked.meanings == _OF_A_CALL and asked.where is Where.BEFORE and asked.turns_back > 1


def _asks_for_a_code(floor: Floor, chain: Chain, asked: Asked) -> bool:
    """Of a bank, or in words that are only said: then it may be answered in digits. So may any question where the answer is told
    in pieces, which nobody writes."""
    is_code = asked.phrase in words_of(Kind.BANK_ACCOUNT, "code")
    is_plain = chain.has_words or _PLAIN.fullmatch(floor.text, chain.start, chain.end) is not None
    in_pieces = bool(chain.corrected) or any(each.line.number != chain.line.number for each in chain.stretches)
    return floor.is_talk(chain.line) and (is_code or in_pieces or (is_plain and asked.phrase not in words_of(Kind.BANK_ACCOUNT)))


def _accounts(floor: Floor, chain: Chain, asked: Asked) -> Iterator[Finding]:
    """As the judge of what is written weighs it, behind the words of the question: first as what these ask for."""
    if pair := _code_and_account(floor, chain, asked):
        yield from pair
        return
    if code := _code_of_both(floor, chain, asked):
        yield code
        return
    around = floor.text[max(0, chain.start - _ABOUT) : chain.start].lower()
    is_at_bank = banks.speaks_of_a_bank(around)
    numbers = [spelled(each) for each in chain.said()]
    is_code = asked.phrase in words_of(Kind.BANK_ACCOUNT, "sort_code") and names(floor, asked, chain.start)
    for lead, said in product((f"{asked.phrase}: ", f"{_WORD}: ")[: 1 if is_code else 2], numbers):
        page = Page(lead + said.digits)
        found = banks.account(page, len(lead), len(page.text))
        if found is not None:
            sure = max(found.confidence, _SURE if is_at_bank and found.type == Kind.BANK_ACCOUNT else 0.0)
            why = found.why.partition(";")[0] + how(chain) + asked.in_words()
            yield heard(found.type, said.parts, floor.text, sure, why, said.digits)
            return


def plates(floor: Floor, cues: Cues) -> Iterator[Finding]:
    """Those that stand as they are written in an answer, whose question asked for one."""
    if not floor.has_conversation:
        return
    behind = 0
    for cue in cues.within(0, len(floor.text)):
        if Kind.VEHICLE_PLATE in cue.meanings:
            number = floor.line_at(cue.start).number
            for each in range(max(behind, number + 1), min(number + _ANSWERS, floor.last) + 1):
                behind = each + 1
                yield from _typed(floor, cues, floor.line(each))


def _typed(floor: Floor, cues: Cues, line: Line) -> Iterator[Finding]:
    """The longest near the beginning of the line."""
    found = list(papers.typed_plates(floor.text, line.start, min(line.end, line.start + _ANSWER_REACH)))
    start, end = max(found, key=lambda span: span[1] - span[0], default=(line.start, line.start))
    if not found or not floor.is_talk(line) or len(floor.text[line.start : start].split()) > _FEW_BEFORE:
        return
    question = asked_before(floor, cues, start, end)
    if question.is_binding and question.is_for(Kind.VEHICLE_PLATE):
        why = f"letters and digits in the form of plates{question.in_words()}"
        yield Finding(start=start, end=end, type=Kind.VEHICLE_PLATE, confidence=_LIKELY, why=why)


def _code_of_both(floor: Floor, chain: Chain, asked: Asked) -> Finding | None:
    """The code by itself, where both were asked for."""
    for said in chain.said() if asked.where is Where.BEFORE else ():
        if len(_said(said)) in _sizes_of_code(floor, asked):
            why = f"{len(_said(said))} digits of a bank's code{how(chain)}{asked.in_words()}"
            return heard(Kind.BANK_CODE, said, floor.text, _PAIRED, why, _said(said))
    return None


def _sizes_of_code(floor: Floor, asked: Asked) -> tuple[int, ...]:
    before = floor.text[max(0, asked.at - _ASKED_REACH) : asked.at]
    if _CODE_OF_IT.search(before) is not None:
        return (_SIX,)
    beside = _BESIDE.search(before)
    asked_in = f"{beside[1] if beside else ''} {asked.phrase}"
    return next((sizes for form, sizes in _CODES if form.search(asked_in)), ())


def _code_and_account(floor: Floor, chain: Chain, asked: Asked) -> list[Finding]:
    """Both in one breath, where both were asked for: the code ends where a part ends that makes it as long as such codes are."""
    named = _sizes_of_code(floor, asked)
    for size in named or _sizes_by_breaths(floor, chain, asked):
        for said in chain.said():
            cut = _cut(said, size)
            code, account = said[:cut], said[cut:]
            if not named and cut and not _begins_anew(chain, said, account):
                continue
            if cut and _LEAST_ACCOUNT <= len(_said(account)) <= _MOST_ACCOUNT[size]:
                why = f"{size} digits of a bank's code and those of an account{how(chain)}{asked.in_words()}"
                return [
                    heard(kind, parts, floor.text, _PAIRED, why, _said(parts))
                    for kind, parts in ((Kind.BANK_CODE, code), (Kind.BANK_ACCOUNT, account))
                ]
    return []


def _sizes_by_breaths(floor: Floor, chain: Chain, asked: Asked) -> tuple[int, ...]:
    """Of a code that was not asked for by a name: six of fourteen in English; four in Danish and Swedish, eight in German.
    Behind a word for an account there is no code, nor where the code was asked for just before."""
    is_nordic = not _NORDIC.isdisjoint(chain.languages)
    is_of_account = asked.where is Where.OWN and _OF_AN_ACCOUNT.search(asked.phrase) is not None
    if not chain.has_words or (is_of_account and not (is_nordic and len(chain.digits) >= _FEWEST_OF_BOTH)):
        return ()
    before = floor.text[max(0, asked.at - _ABOUT) : max(0, asked.at)]
    if _OF_AN_ACCOUNT.search(asked.phrase) and any(form.search(before) for form, _ in _CODES[:2]):
        return ()
    if "en" in chain.languages:
        is_led = chain.stretches[0].tokens[0].text in anyones("pronouns")
        return (6,) if len(chain.digits) == _BRITISH + is_led else ()
    if is_nordic:
        return (4,)
    return (8,) if "de" in chain.languages else ()


def _begins_anew(chain: Chain, said: Sequence[Part], account: Sequence[Part]) -> bool:
    """Some words stand before the account, or it is as long as those of its country are; in English only where no words stand
    elsewhere, as they do behind an account that is said first."""
    breaths = {each.start for each in chain.stretches if each.start > said[0].start}
    begins = bool(account) and account[0].start in breaths
    if "en" in chain.languages:
        return len(_said(said)) == _BRITISH and (begins or not breaths)
    is_whole = any(each in chain.languages and len(_said(account)) == size for each, size in _WHOLE_ACCOUNTS)
    return begins or (bool(account) and is_whole)


def _cut(said: Sequence[Part], size: int) -> int:
    """Behind how many parts so many digits are said; 0 where no part ends there."""
    total = 0
    for place, part in enumerate(said, 1):
        total += len(part.readings[0])
        if total >= size:
            return place if total == size else 0
    return 0


def again(floor: Floor, chain: Chain, lead: Sequence[Part], near: Sequence[Finding]) -> Iterator[Finding]:
    """What was told shortly before (`near`) and is read back, whoever does."""
    if code := british.code_behind(floor, chain, near):
        yield code
    known = {_bare(each.written.reveal("hear a number again")): each for each in near if each.written is not None}
    if not known or (not lead and len(chain.digits) not in map(len, known)):
        yield from _both_again(floor, chain, known)
        return
    has_letters = bool(lead) and any(not each.isdigit() for each in known)
    spelled_out = [[*lead, *stream(floor, chain)]] if has_letters else []
    for parts in (*islice(chain.said(), _READ_BACK), *spelled_out):
        found = known.get("".join(part.readings[0] for part in parts))
        if found is not None and found.type != Kind.CARD_CODE:
            sure = max(found.confidence, _PAIRED) if found.type == Kind.BANK_CODE else found.confidence
            yield heard(found.type, parts, floor.text, sure, f"told before{how(chain)}, and here again", _said(parts))
            return


def _both_again(floor: Floor, chain: Chain, known: Mapping[str, Finding]) -> Iterator[Finding]:
    """Several that were told before, read back in one breath."""
    if sum(len(each) >= _LEAST_AGAIN and each in chain.digits for each in known) < _SEVERAL:
        return
    pieces: list[Part] = []
    for part in next(chain.said()):
        pieces.append(part)
        found = known.get(_said(pieces))
        if found is not None and len(_said(pieces)) >= _LEAST_AGAIN and found.type != Kind.CARD_CODE:
            why = f"told before{how(chain)}, and here again"
            yield heard(found.type, pieces, floor.text, max(found.confidence, _PAIRED), why, _said(pieces))
            pieces = []


def _bare(written: str) -> str:
    return "".join(filter(str.isalnum, written))


def _said(parts: Sequence[Part]) -> str:
    return "".join(part.readings[0] for part in parts)


def _paper(floor: Floor, chain: Chain, lead: Sequence[Part], kind: Kind, asked: Asked) -> Finding | None:
    said = [*lead, *stream(floor, chain)]
    if kind is Kind.VEHICLE_PLATE and (plate := _plate(said, chain)):
        why = f"{len(_said(plate))} letters and digits, in the form of plates, said in words{asked.in_words()}"
        return heard(kind, plate, floor.text, _SURE, why, _said(plate))
    for whole in put_right(said):
        parts = [Part(part.start, part.end, part.readings[:1]) for part in whole]
        for last in range(len(parts), 0, -1):
            written = _said(parts[:last])
            if papers.may_be(kind, written):
                why = f"{len(written)} letters and digits, as such papers have, said in words{asked.in_words()}"
                return heard(kind, parts[:last], floor.text, _SURE, why, written)
    return None


def _plate_of_a_car(floor: Floor, chain: Chain, lead: Sequence[Part]) -> Iterator[Finding]:
    """Where no word asks for it: in the form of plates, where a car is spoken of."""
    if not lead or not _CAR.search(floor.text, max(0, lead[0].start - _ABOUT_A_CAR), lead[0].start):
        return
    if plate := _plate([*lead, *stream(floor, chain)], chain):
        why = "letters and digits in the form of plates, said in words; a car is spoken of before"
        yield heard(Kind.VEHICLE_PLATE, plate, floor.text, _LIKELY, why, _said(plate))


def _plate(said: Sequence[Part], chain: Chain) -> Sequence[Part] | None:
    """The first way to put it right of which all is a plate; else the first that begins with one."""
    ways = [whole[:_LONGEST_PLATE] for whole in put_right(said)]
    begun = (whole[:last] for whole in ways for last in range(len(whole) - 1, _SHORTEST_PLATE - 1, -1))
    for whole in (*ways, *begun):
        for reading in readings(whole):
            if papers.is_plate(_said(reading), chain.languages):
                return reading
    return None
