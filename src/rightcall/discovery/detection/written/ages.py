"""Ages below eighteen, of somebody."""

import re
from collections.abc import Mapping

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.written.lexicon import Word, fold

_GROWN = 18
_REACH = 26
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen",
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn",
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept",
    "nul et to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten",
    "noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton",
)
_VALUES = {word: value for each in _NUMBERS for value, word in enumerate(each.split())}
_AGE = rf"(?<![\w.,-])(?P<age>[0-9]{{1,2}}|{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
_CHILD = (
    r"(?:(?:grand|step|god|foster )?(?:son|daughter|child)|kid|boy|girl|lad|toddler|baby|nephew|niece|pupil"
    r"|(?:little |baby )?(?:brother|sister)|twins?"
    r"|sohn|tochter|kind|junge|mädchen|enkel(?:in|kind)?|neffe|nichte|baby"
    r"|(?:petit-)?fils|(?:petite-)?fille|enfant|garçon|neveu|nièce|bébé|jumeaux"
    r"|søn|datter|barn|barnebarn|dreng|pige|son|dotter|barnbarn|pojke|flicka|kille|tjej|tvillinger|tvillingar)"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_AGE}[ -](?:(?:years?|yrs?)[ -]olds?|Jahre alt|år gam(?:mel|melt|mal|malt|la|le)"
        r"|jährige[mnrs]?|åri(?:g|ga|ge|gt|ngen|ng))(?!\w)",
        rf"\b(?:er|är|bliver|blir|blev|fyller|fylder|fyldte|fyllde|på) {_AGE} år(?! (?:siden|sedan|garanti|gammel?t?\w* bil)|\w)",
        rf"\b(?:ist|wird|wurde|erst|gerade) {_AGE} Jahre?(?! (?:alt|her|lang|gültig)|\w)",
        rf"(?:\b(?:a|as|ai|âgée? de)|qui a) {_AGE} ans(?! de\b| et demi de)",
        rf"\b{_CHILD}(?: [^\W\d_]+)? de {_AGE} ans(?!\w)",
        rf"\baged?:? {_AGE}(?![\w.%-])",
        rf"\b{_CHILD}(?: is| was|['’]s| who is|, who is| who['’]s| just turned| turned| turns| is only| is just) {_AGE}"
        r"(?=[.,!?\n]|$| (?:and|so|now|next|this|but|he|she|today)\b)",
    )
)
_OF_CHILD = re.compile(rf"{_CHILD}\b", re.IGNORECASE)
_INFANT = re.compile(
    r"(?<![\w.,-])(?P<age>[0-9]{1,2}|[^\W\d_]{2,9})[ -](?:(?:months?|weeks?|days?)[ -]old|(?:Monate|Wochen|Tage) alt"
    r"|(?:måneder|uger) gam(?:mel|melt|le)|(?:månader|veckor) gam(?:mal|malt|la))(?!\w)",
    re.IGNORECASE,
)
_OF_MONTHS = re.compile(
    rf"\b{_CHILD} (?:de|âgée? de) (?P<age>[0-9]{{1,2}}|[^\W\d_]{{2,9}}) (?:mois|semaines)(?!\w)", re.IGNORECASE
)
_YOUNG = re.compile(
    rf"\b(?:{_CHILD}s?|brother|sister|he|she|he's|she's|i'm|im|student|er|sie|ich|il|elle|j'ai|han|hun|jeg|hon|jag|elev"
    r"|schüler(?:in)?|élève)\b",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"\b(?:my|our|his|her|their|the) $", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:$|[.,!?\n]| (?:is|was|has|had|needs|got|gets|who|and|with|will|can|goes|started|keeps|just|as well|too|doesn['’]t"
    rf"|isn['’]t|won['’]t|{_CHILD})\b)",
    re.IGNORECASE,
)
_WHOLE, _TURNS, _IST, _HAS, _OF_YEARS, _AGED, _IS = _FORMS
_BY_WORD = {
    "old olds alt gammel gammelt gamle gammal gammalt gamla": (_WHOLE, _INFANT),
    "jährige jähriger jähriges jährigen jährigem årig årige åriga årigt": (_WHOLE,),
    "år": (_TURNS,),
    "jahr jahre": (_IST,),
    "ans": (_HAS, _OF_YEARS),
    "mois semaines": (_OF_MONTHS,),
    "aged age": (_AGED,),
    "son daughter grandson granddaughter kid boy girl lad toddler baby nephew niece": (_IS,),
}
TRIGGERS: Mapping[bytes, tuple[re.Pattern[str], ...]] = {
    fold(word): forms for listed, forms in _BY_WORD.items() for word in listed.split()
}
"""By the word that each form of an age has."""


def age(text: str, word: Word) -> Finding | None:
    low, high = max(0, word.start - _REACH), word.end + _REACH
    for form in TRIGGERS[word.folded]:
        match = form.search(text, low, high)
        if match is not None and match.start() <= word.start < match.end() and _is_of_a_child(text, match):
            return Finding(
                start=match.start("age"),
                end=match.end(),
                type=Kind.MINOR,
                confidence=0.75,
                why="an age below eighteen; a word for a person stands beside it",
            )
    return None


def _is_of_a_child(text: str, match: re.Match[str]) -> bool:
    written = match["age"].lower()
    years = int(written) if written.isdigit() else _VALUES.get(written)
    if years is None or (match.re not in (_INFANT, _OF_MONTHS) and years >= _GROWN):
        return False
    before = re.split(r"[.!?](?:\s|$)|\n", text[max(0, match.start() - 70) : match.start()])[-1]
    if _OF_CHILD.match(match[0]) or _YOUNG.search(before) or _YOUNG.match(text[match.end() : match.end() + 14].lstrip(" ,-")):
        return True
    return _WHOSE.search(before) is not None and _GOES_ON.match(text, match.end()) is not None
