"""Of whom a text tells who is not the one it is about: a husband, a daughter of nine. What is told of them stands in the record
of another, and is shown as of somebody else."""

import re

from rightcall.discovery.detection.model import Finding, Kind

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


def is_of_kin(finding: Finding, text: str) -> bool:
    """Whether it tells of somebody by whose kin they are: a name behind such a word, and the age of such a child."""
    before = text[max(0, finding.start - _LOOK_BACK) : finding.start]
    if finding.type == Kind.PERSON_NAME:
        return _IS_OF_KIN.search(before) is not None
    if finding.type == Kind.MINOR:
        near = before[-24:] + text[finding.start : finding.end]
        return _MENTIONS_KIN.search(re.split(r"[.!?\n]", near)[-1]) is not None
    return False
