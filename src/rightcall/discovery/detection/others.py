"""Of whom a text tells who is not the one it is about: a husband, a daughter of nine. What is told of them, their illness as much
as their name, stands in the record of another, and is shown as of somebody else.

Whose an illness is, a faith or a union, is told by who is spoken of last before it in its sentence: `my husband Ole has cancer`,
and not `my husband drives me to the cancer ward`. Where that does not tell, it stays that of whom the record is about.
"""

import re
from collections.abc import Iterator

from rightcall.discovery.detection.model import SPECIAL, Finding, Kind

_WHOSE = (
    r"(?:my|his|her|their|our|your|mein\w{0,2}|dein\w{0,2}|sein\w{0,2}|ihr\w{0,2}|unser\w{0,2}|mon|ma|mes|son|sa|ses|notre|votre|leur"
    r"|min|mit|mine|din|sin|hans|hendes|hennes|deres|deras|vores|vor|vår)"
)
_KIN = (
    r"husband|wife|spouse|son|daughter|brother|sister|mother|father|mum|mom|dad|niece|nephew|cousin|aunt|auntie|uncle|grandson"
    r"|granddaughter|grandmother|grandfather|stepson|stepdaughter|boyfriend|girlfriend|fiancée?|neighbou?r|ex-husband|ex-wife"
    r"|ehemann|ehefrau|sohn|tochter|bruder|schwester|mutter|vater|oma|opa|enkel|enkelin|lebensgefährt(?:e|in)|nachbar(?:in)?"
    r"|mari|époux|épouse|fils|fille|frère|s(?:œ|oe)ur|mère|père|voisine?"
    r"|ægtefælle|mand|manden|kone|konen|søn|sønnen|datter|datteren|bror|broderen|søster|søsteren|moderen|faderen|samlever"
    r"|kæreste|kæresten|nabo|naboen|eksmand|ekskone"
    r"|make|maken|maka|makan|sonen|dotter|dottern|brodern|syster|systern|modern|fadern|sambo|sambon|granne|grannen"
)
_ONLY_OF_SOMEBODY = (
    r"partner|friend|boss|colleague|carer|mann|frau|freund(?:in)?|kollegin|kollege|femme|collègue|mor|far|kollega|man|fru|mamma"
    r"|pappa|kid|child|baby|kind|enfant|barn|barnebarn"
)
"""Said of kin, and of others: of kin only behind `my`, `his`."""
_LINK = r"[ ]?(?:[,:(][ ]?|[ ](?:is )?(?:called |named )?|[ ](?:heißt|hedder|heter|s['’]appelle)[ ])"
_IS_OF_KIN = re.compile(rf"(?:\b(?:{_KIN})|\b{_WHOSE} (?:\w+ )?(?:{_ONLY_OF_SOMEBODY})){_LINK}$", re.I)
_MENTIONS_KIN = re.compile(rf"\b(?:(?!mand\b|make\b|man\b)(?:{_KIN})|{_WHOSE} (?:\w+ )?(?:{_KIN}|{_ONLY_OF_SOMEBODY}))\b", re.I)
_LOOK_BACK = 48
OF_KIN = "somebody else, whom the record is not about: a word for kin leads into it"
_HIS_KIN = re.compile(
    r"husband|son|brother|father|dad|nephew|uncle|grandson|grandfather|stepson|boyfriend|ex-husband|ehemann"
    r"|mann|sohn|bruder|vater|opa|enkel|mari|époux|fils|frère|père|mand|manden|søn|sønnen|bror|broderen|far"
    r"|faderen|eksmand|make|maken|sonen|brodern|pappa",
    re.I,
)
_HER_KIN = re.compile(
    r"wife|daughter|sister|mother|mum|mom|niece|aunt|auntie|granddaughter|grandmother|stepdaughter"
    r"|girlfriend|ex-wife|ehefrau|frau|tochter|schwester|mutter|oma|enkelin|femme|épouse|fille|soeur|sœur"
    r"|mère|kone|konen|datter|datteren|søster|søsteren|mor|moderen|ekskone|maka|makan|dotter|dottern|syster"
    r"|systern|modern|fru|mamma",
    re.I,
)
_MINE = r"my|our|mein\w{0,2}|unser\w{0,2}|mon|ma|mes|notre|nos|min|mit|mine|mitt|mina|vores|vor|vår|vårt|våra"
_NOT_BY_ITSELF = r"(?:mand|make|man|modern|son(?!['’]s | (?:is|has|had|was|who|with|needs|suffers)\b))\b"
"""Words of another language too: `son cancer`."""
_TOLD_OF = re.compile(
    rf"\b(?:(?P<kin>(?:(?!{_NOT_BY_ITSELF})(?:{_KIN})|{_WHOSE} (?:\w+ )?(?:{_KIN}|{_ONLY_OF_SOMEBODY})))\b"
    rf"|(?P<own>i|i['’](?:m|ve|d|ll)|we|we['’]re|{_MINE}|your?|dit|din|dine|ditt|dina|ich|wir|je|j['’]\w*|nous|jeg|vi|jag"
    r"|they|they['’](?:re|ve)|them|their|ils|elles|leurs?|deras|deres"
    r"|customers?|cust|clients?|cliente?s?|caller|claimant|kunden?|kundin|anrufer(?:in)?|borger(?:en)?|klient(?:en)?)\b"
    r"|(?P<object>me|us|mir|mich|uns|moi|mig|os|oss)\b"
    r"|(?P<he>he|he['’]s|him|his|han|ham|hans|honom|il|lui)\b|(?P<she>she|she['’]s|her|hun|hende|hendes|hon|henne|hennes|elle)\b"
    r"|(?P<says>sa(?:ys|id|ying)|tell[s]?|told|thinks|called|calls|rang|rings|asks|asked|sagt|sagte|meint|ruft|rief|appelle"
    r"|siger|sagde|ringer|ringede|säger|sade|ringde)\b|(?P<word>[^\W\d_][\w'’-]*))",
    re.I,
)
_NAMED = re.compile(rf"(?i:\b(?:{_KIN})|\b{_WHOSE} (?:\w+ )?(?:{_ONLY_OF_SOMEBODY}))(?i:{_LINK})([A-ZÀ-Þ][a-zß-ÿ][\w'’-]*)")
_FOR_KIN = re.compile(rf"(?: \w+){{0,2}} (?:for|für|pour|til|till|åt) {_WHOSE} (?:\w+ )?(?:{_KIN}|{_ONLY_OF_SOMEBODY})\b", re.I)
_TOGETHER = re.compile(r"\b(?:and|und|et|og|och|&) $", re.I)
_ENDS = re.compile(r"[!?\n\t\x1f]|\.(?:\s|$)")
_SENTENCE, _NAMES_BACK, _SENTENCES = 160, 2000, 2


def is_of_kin(finding: Finding, text: str) -> bool:
    """Whether it tells of somebody by whose kin they are: a name behind such a word, the age of such a child, what they suffer
    from or believe."""
    before = text[max(0, finding.start - _LOOK_BACK) : finding.start]
    if finding.type == Kind.PERSON_NAME:
        return _IS_OF_KIN.search(before) is not None
    if finding.type == Kind.MINOR:
        near = before[-24:] + text[finding.start : finding.end]
        return _MENTIONS_KIN.search(re.split(r"[.!?\n]", near)[-1]) is not None
    return finding.type in SPECIAL and _is_said_of_kin(text, finding.start, finding.end)


def _is_said_of_kin(text: str, start: int, end: int) -> bool:
    if _FOR_KIN.match(text, end):
        return True
    if any(each.lastgroup == "own" for each in _TOLD_OF.finditer(text, start, end)):
        return False
    names = {match[1] for match in _NAMED.finditer(text, max(0, start - _NAMES_BACK), start)}
    pronouns, is_said = set[str](), False
    for number, sentence in enumerate(_sentences(text, start)):
        if number and not pronouns:
            return False
        for match in reversed(list(_TOLD_OF.finditer(sentence))):
            role = "kin" if match[0] in names else str(match.lastgroup)
            if role == "kin" and _agrees(match[0], pronouns):
                return not _is_of_both(sentence, match.start()) and not (is_said and not _is_my_own(match[0], pronouns))
            if role == "own" or (role == "object" and not pronouns):
                return False
            is_said = is_said or role == "says"
            pronouns |= {role} & {"he", "she"}
    return False


def _sentences(text: str, start: int) -> Iterator[str]:
    """That in which it stands, as far as there, and the one before."""
    parts = _ENDS.split(text[max(0, start - _SENTENCE) : start])
    yield from [each for number, each in enumerate(reversed(parts)) if each.strip() or not number][:_SENTENCES]


def _agrees(kin: str, pronouns: set[str]) -> bool:
    """`He` is a husband, and no wife."""
    word = kin.split()[-1]
    return not (("she" in pronouns and _HIS_KIN.fullmatch(word)) or ("he" in pronouns and _HER_KIN.fullmatch(word)))


def _is_my_own(kin: str, pronouns: set[str]) -> bool:
    """`My husband says he has`: whoever speaks is no he, as the customer of a note may be."""
    return bool(pronouns) and re.match(rf"(?:{_MINE}) ", kin, re.I) is not None


def _is_of_both(sentence: str, kin: int) -> bool:
    """`I and my husband have`."""
    joined = _TOGETHER.search(sentence, 0, kin)
    last = list(_TOLD_OF.finditer(sentence, 0, joined.start())) if joined is not None else []
    return bool(last) and last[-1].lastgroup in ("own", "object")
