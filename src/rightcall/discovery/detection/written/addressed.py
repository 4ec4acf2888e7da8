"""What makes a name of a word that is a name too, such as `mark`, `dawn` or `rich`: that a family name follows, that somebody is
thanked or greeted by it, or that somebody tells by it who speaks."""

import re

from rightcall.discovery.detection.written.lexicon import Role
from rightcall.discovery.detection.written.resources import roles_of, words

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_LEAD = 28
_NEXT = re.compile(rf" ({_WORD})")
_SHORTEST_FAMILY = 4
_THANKED = re.compile(
    r"(?:thank you|thanks|thanks (?:so|very) much|thank you (?:so|very) much|cheers|bye|goodbye|hi|hello|hey|hiya|oh hi|morning"
    r"|sorry|lovely|perfect|got you|danke|tschüss|hallo|merci|bonjour|au revoir|tak|hej|farvel|tack|tack så mycket|mange tak) $",
    re.IGNORECASE,
)
_ENDS = re.compile(r" ?(?:[,.!?](?!\w)|is it\b|\r?\n|$)")
_SAYS = re.compile(
    r"(?:this is|it['’]?s|i['’]?m|i am|my name is|my name['’]s|hier ist|hier spricht|ich bin|mein name ist|det er|jeg er"
    r"|jeg hedder|det är|jag är|jag heter|c['’]est|je suis|je m['’]appelle) $",
    re.IGNORECASE,
)
_WHO_SPEAKS = re.compile(
    r" (?:from|speaking|calling|ringing|phoning|here|again|hier|am apparat|vom|von|fra|her|från|här|de chez"
    r"|du service|à l['’]appareil)\b",
    re.IGNORECASE,
)
_TURNED_TO = re.compile(r"(?:\b(?:OK|Okay|Right|Thanks|Sorry|Yes|No|Well|So|Great|Lovely|Perfect|Sure|Alright)|[a-zà-ÿ]{2}), $")
_TURNED_END = re.compile(r"(?:[?!]|[.](?=\s|$)|, [a-zà-ÿ])")
_CALLED = re.compile(r"(?:\b(?:is|was|be)|['’]s|he|she|they) (?:called|named)(?: is)? $", re.IGNORECASE)
_SOUGHT = re.compile(
    r"(?:speak to|speak with|spoke to|spoke with|talk to|talked to|ask for|put me through to|looking for|left for|contact|add"
    r"|sprechen|spreche mit|parler à|parlé à|tale med|talte med|tala med|prata med|talade med) $",
    re.IGNORECASE,
)
_SOUGHT_ENDS = re.compile(
    r" ?(?:[,.!?](?!\w)|\r?\n|$)| (?:please|or|and|about|again|in|to|bitte|oder|und|s['’]il|ou|tak|eller|og|och|tack)\b"
)
_IS_ON = re.compile(r" (?:speaking|am apparat|à l['’]appareil|i telefonen)\b", re.IGNORECASE)
_SPOKEN_TO = re.compile(
    r"(?:thank you|thanks|right|okay|ok|alright|all right|so|yeah|yes|hi|hello|hey|perfect|lovely|great|brilliant|sorry|bye|now"
    r"|well|got you|no worries|danke|also|gut|ja|merci|bien|alors|oui|tak|okay|fint|hej|tack|bra|okej) $",
    re.IGNORECASE,
)
_AFTER_FAMILY = re.compile(
    r" ?(?:[,.?!](?!\w)|\r?\n|$)| (?:that|who|she|he|i|i['’]m|rang|called|phoned|speaking|here|calling|from|and|my|his|her|said"
    r"|asked|born|dob|ich|jeg|jag|je|fra|från|vom|von)\b",
    re.IGNORECASE,
)


def is_pair(text: str, start: int, end: int) -> bool:
    """`rich okonkwo`, without capitals: a word that is a name, and a family name that is nothing else."""
    following = _NEXT.match(text, end)
    if following is None or text[start:end] in words("kin", "verbs") or not following[1].islower():
        return False
    roles = roles_of(following[1])
    return len(following[1]) >= _SHORTEST_FAMILY and bool(roles & Role.FAMILY) and not roles & (Role.GIVEN_WORD | Role.GIVEN)


def takes_family(text: str, start: int, end: int) -> bool:
    """Whether the family name at this place, which is a word too, ends what is said or goes on as one says more of somebody."""
    return text[start:end] not in words("kin", "verbs") and _AFTER_FAMILY.match(text, end) is not None


def is_turned_to(text: str, start: int, end: int) -> bool:
    """`thank you dawn`, `it's rich here`, `OK, Rich, the premium is …`."""
    if text[start:end].lower() not in words("kin", "names") or text[start:end].lower() in words("kin", "verbs"):
        return False
    before = text[max(0, start - _LEAD) : start]
    if _ENDS.match(text, end) and _THANKED.search(before):
        return True
    if _WHO_SPEAKS.match(text, end) and _SAYS.search(before):
        return True
    if _CALLED.search(before) or _IS_ON.match(text, end) or (_SOUGHT_ENDS.match(text, end) and _SOUGHT.search(before)):
        return True
    return text[start].isupper() and _TURNED_END.match(text, end) is not None and _TURNED_TO.search(before) is not None


def is_spoken_to(text: str, start: int) -> bool:
    """`Right mark all i need is …`, of a name that stands elsewhere in the text."""
    return _SPOKEN_TO.search(text, max(0, start - _LEAD), start) is not None
