"""Ages below eighteen, of somebody; and the years of school that tell as much."""

import re
from collections.abc import Mapping

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.written.lexicon import Word, fold
from rightcall.discovery.detection.written.turns import TURN

_GROWN = 18
_REACH, _FAR = 26, 90
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty",
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn"
    " achtzehn neunzehn zwanzig",
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
    " dix-neuf vingt",
    "nul et to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tyve",
    "noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo",
)
_VALUES = {word: value for each in _NUMBERS for value, word in enumerate(each.split())}
_ARTICLES = frozenset(("ein", "un", "et", "ett", "to", "one"))
"""Numbers that are also other words."""
_NUMBER = rf"(?:[0-9]{{1,2}}|{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
_AGE = rf"(?<![\w.,-])(?P<age>{_NUMBER})"
_CHILD = (
    r"(?:(?:grand|step|god|foster )?(?:son|daughter|child|dau|dtr)|kid|boy|girl|lad|toddler|infant|baby|nephew|niece|pupil"
    r"|sibling"
    r"|(?:little |baby )?(?:brother|sister)|twins?|youngest|eldest|oldest|little one|jüngster?|älteste[rn]?|yngste|ældste"
    r"|yngsta|äldsta|aînée?|cadette?|benjamine?"
    r"|sohn|tochter|kind|junge|mädchen|enkel(?:in|kind)?|neffe|nichte|baby|zwillinge"
    r"|(?:petit-)?fils|(?:petite-)?fille|enfant|garçon|neveu|nièce|bébé|jumeaux|jumelles"
    r"|(?:(?<=mein )|(?<=meine )|(?<=unser )|(?<=unsere ))kleine[rn]?|kleinster?|mindste|minsta|lillen"
    r"|(?:(?<=ma )|(?<=mon )|(?<=notre ))petite?"
    r"|søn|datter|barn|barnebarn|dreng|pige|son|dotter|barnbarn|pojke|flicka|kille|tjej|tvillinger|tvillingar)"
)
_CHILDREN = (
    rf"(?:{_CHILD}s?|children|(?:grand)?kids|kinder|söhne|töchter|jungs|børn|sønner|døtre|drenge|piger|børnebørn"
    r"|söner|döttrar|pojkar|flickor|tjejer|killar|barnen|barnet|børnene|sønnen|datteren|drengen|pigen|sonen|dottern|pojken"
    r"|flickan|teenagers?)"
)
_UNIT = (
    r"(?:[ -]?(?:(?:years?|yrs?|jahren?|ans|års?)(?:[ -](?:olds?|alt|gam(?:mel|melt|mal|malt|la|le)))?|y/?o|yo"
    r"|months?(?:[ -]olds?)?|weeks?(?:[ -]olds?)?|monate|wochen|mois|måneder|månader)(?!\w))"
)
_AND = r"(?:(?:, ?| ?& ?| and | und | et | og | och | or )"
_SAYS = (
    r"(?:(?: who| that|, who| som| der|,? die|,? qui)?(?: is|['’]s| was| are|['’]re| were| ist| sind| wird| er| är| blir"
    r"| bliver| a| ont| n['’]a que| n['’]ont que"
    r"| turned| turns| turning| fyller| fylder|, aged?| aged?| of| på| de| âgée?s? de| im alter von)"
    r"|,? (?:aged?|they(?: are|['’]re)|he['’]s|she['’]s|he is|she is|(?:er|sie) (?:ist|sind|wird)|(?:ils?|elles?) (?:a|ont)"
    r"|(?:han|hun|hon|de) (?:er|är|blir|bliver|fyller|fylder))"
    r"| under| unter)"
    r"(?: (?:only|just|about|nearly|almost|both|still|now|erst|gerade|jetzt|knapp|kun|bare|lige|bara|nu|snart|næsten"
    r"|seulement|bientôt))?(?: turned| turning| coming up| going on)?"
)
_NOT_YEARS = (
    r"(?! ?(?:%|[.:,][0-9]|minut|hour|o['’]?clock|p\.?m|a\.?m|pound|euro|dollar|kr|£|€|times|uhr|stund|heure|timer|timmar"
    r"|kl\b|gb|mb|of\b|days"
    r"|tage|jours|dage|dagar|feet|cm|kg|stone|people|percent|prozent)|[0-9]|\w)"
)
_AGES = rf"(?P<age>{_NUMBER})(?![\w-])(?P<more>{_AND}(?:{_SAYS} )?{_NUMBER}(?![\w-])){{0,3}})(?P<unit>{_UNIT})?(?: and a half)?"
_BEHIND = re.compile(
    rf"\b(?P<child>{_CHILDREN})\b(?:(?:(?P<between>(?: [^\W\d_]{{2,14}}){{1,2}}?)??(?P<rest>{_SAYS} {_AGES}"
    rf"| \((?:aged? )?{_AGES.replace('?P<', '?P<in_')}\)))"
    rf"|[:=,]? {_AGES.replace('?P<', '?P<bare_')}(?:(?=[,.;)\n]|$)|(?<=år|re|rs|ns|ld)(?! (?:ago|sedan|siden|her|später|later))))"
    rf"{_NOT_YEARS}",
    re.IGNORECASE,
)
"""A word for a child and how old it is: `datter på 9`, `kids (6, 9)`, `my boys they are six and eight`, `Son 15`."""
_NAMED = re.compile(
    rf"\b(?:[Mm]other|[Mm]um|[Dd]ad|[Ff]ather|[Pp]arent|[Mm]utter|[Vv]ater|[Mm]ère|[Pp]ère|[Mm]or|[Ff]ar|[Mm]amman?|[Pp]appan?)"
    rf" (?:of|to|von|de|d['’]|til|till|av|af) ?(?:[A-ZÀ-Þ][\w'’-]+ ?){{1,3}}\((?P<age>{_NUMBER})(?P<unit>(?i:{_UNIT}))?\)"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_AGE}[ -](?:(?:years?|yrs?)[ -]olds?|Jahre alt|år gam(?:mel|melt|mal|malt|la|le)"
        r"|jährige[mnrs]?|åri(?:g|ga|ge|gt|ngen|ng))(?!\w)",
        rf"\b(?:er|är|bliver|blir|blev|fyller|fylder|fyldte|fyllde|på) {_AGE} år(?! (?:siden|sedan|garanti|gammel?t?\w* bil)|\w)",
        rf"\b(?:ist|wird|wurde|erst|gerade) {_AGE} Jahre?(?! (?:alt|her|lang|gültig)|\w)",
        rf"(?:\b(?:j['’]ai|a|as|ai|âgée? de)|qui a) {_AGE} ans(?! de\b| et demi de)",
        rf"\baged?:? {_AGE}(?![\w.%-])",
    )
)
_MINOR = re.compile(r"\b(?:minors?|under-?age),? $", re.IGNORECASE)
_OF_A_MINOR = re.compile(
    rf"\b(?:minors?|under-?age|minderjährige?[mnrs]?|mineure?s?|mindreårige?|minderårig[at]?),? \(?{_AGE}(?P<unit>{_UNIT})",
    re.IGNORECASE,
)
"""As notes have it: `user is a minor, 15 years`."""
_OF_CHILD = re.compile(rf"{_CHILDREN}\b", re.IGNORECASE)
_JOINED = re.compile(
    rf"\b(?P<age>{'|'.join(_VALUES)})(?:jährige[mnrs]?|åri(?:g|ga|ge|gt|ngen|ng))(?: {_CHILD})?(?!\w)", re.IGNORECASE
)
_INFANT = re.compile(
    r"(?<![\w.,-])(?P<age>[0-9]{1,2}|[^\W\d_]{2,9})[ -](?:(?:months?|weeks?|days?)[ -]old|(?:Monate|Wochen|Tage) alt"
    r"|(?:måneder|uger) gam(?:mel|melt|le)|(?:månader|veckor) gam(?:mal|malt|la))(?!\w)",
    re.IGNORECASE,
)
_YOUNG = re.compile(
    rf"\b(?:{_CHILD}s?|brother|sister|he|she|he's|she's|i'm|im|student|er|sie|ich|il|elle|j'ai|han|hun|jeg|hon|jag|elev"
    r"|schüler(?:in)?|élève)\b",
    re.IGNORECASE,
)
_ONESELF = re.compile("j['’]ai ", re.IGNORECASE)
_OF_A = re.compile(r"\ban? $", re.IGNORECASE)
_DOES = re.compile(
    r" (?:opened|bought|has|had|is|was|who|used|called|made|signed|can|could|got|took|ordered|rang|wants|needs)\b", re.IGNORECASE
)
_WHOSE = re.compile(
    r"(?:\b(?:mum|mom|dad|mother|father|parent|guardian) (?:of|to) (?:an?|one|two)|\b(?:my|our|his|her|their|the)"
    r"|(?:\b(?:have|has|had|got|with|adults?(?:,| and| plus| with))|['’]ve) (?:an?|one|two)) $",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:$|[.,!?\n]| (?:is|was|has|had|needs|got|gets|who|and|with|will|can|have|goes|started|keeps|just|as well|too|doesn['’]t"
    r"|isn['’]t|won['’]t|can['’]t|didn['’]t|wants|broke|lost|fell|ate|took|put|ran|bought|spent|said|says|did|threw|uses"
    rf"|plays|loves|hates|at|so|because|but|when|{_CHILD}|[a-z]{{3,}}ed)\b)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    rf"(?:(?:how old|what age)(?:['’]s| is| are) (?:he|she|they|you|both|the (?:patient|{_CHILDREN})"
    rf"|(?:your|his|her|their) (?:{_CHILDREN}|(?!car|phone|boiler|house)\w+))"
    r"|(?:wie|hvor|hur) (?:alt|gammel|gammelt|gamle|gammal|gammalt|gamla) (?:ist|sind|bist|er|är)(?: denn| eigentlich| egentlig)?"
    rf" (?:er|sie|du|han|hun|hon|de|(?:das|die|der|ihre?n?|din|dit|dine|ditt|dina)? ?{_CHILDREN})"
    r"|quel âge (?:a-t-(?:il|elle)|ont-(?:ils|elles)|il a|elle a"
    rf"|(?:a|ont) (?:votre|vos|le|la|les|ton|ta|tes|l['’])? ?{_CHILDREN}))"
    rf"\b[^\n]{{0,24}}\n{TURN}(?:(?:yes|uh|um|er|well|oh|ja|oui|euh|he['’]s|she['’]s|they['’]re|they are|i['’]m|he is"
    rf"|she is|(?:er|sie) ist|(?:il|elle) a|(?:han|hun|hon) (?:er|är)"
    r"|only|just|about|nearly)[ ,]+){0,4}"
    rf"(?P<age>{_NUMBER})(?![\w-])(?P<more>{_AND}{_NUMBER}(?![\w-])){{0,3}})(?P<unit>{_UNIT})?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"(?:any|how many|have you(?: got)?|do you have(?: any)?) {_CHILDREN}\b[^\n]{{0,30}}\n{TURN}"
    rf"(?:(?:yes|yeah|uh|um|er|well|just|two|three|four|they['’]re|they are|aged|of them)[ ,]+){{0,4}}"
    rf"(?P<age>{_NUMBER})(?![\w-])(?P<more>{_AND}{_NUMBER}(?![\w-])){{1,3}})(?P<unit>{_UNIT})?{_NOT_YEARS}",
    re.IGNORECASE,
)
"""How old they are, told where it was asked whether there are any."""
_ASKS_FOR_ANY = ("any ", "you ")
"""With which all end that ask so."""
_MONTHS = re.compile(
    rf"\b{_CHILD} (?:de|âgée? de) (?P<age>[0-9]{{1,2}}|[^\W\d_]{{2,9}}) (?:mois|semaines)(?!\w)"
    rf"|\b(?:she|he)(?:['’]s| is) (?P<months>[0-9]{{1,2}}|[^\W\d_]{{2,9}}) (?:months|weeks)(?! (?:late|behind|ago|away"
    rf"|in))(?!\w)",
    re.IGNORECASE,
)
_GRADE = r"(?:1?[0-9](?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh)"
_CLASS = re.compile(
    rf"\b(?:in|into|starting|starts|started|joining) (?:year|yr) (?:[1-9]|1[0-3]|one|two|three|four|five|six|seven|eight"
    rf"|nine|ten|eleven)(?!\w|[.][0-9])(?! of\b)"
    rf"|\byear (?:[1-9]|1[0-3]) (?:pupil|student|boy|girl|child)|\b(?:in|into|starting|started) (?:the )?{_GRADE} grade\b"
    rf"|\b{_GRADE}[ -]graders?\b"
    r"|\b(?:starts|starting|started|start) (?:in |at )?"
    r"(?:reception|(?:(?:primary|secondary|infant|junior|high|big|nursery)[ -])?school)\b"
    r"|\b(?:in der|in die|der|die) (?:[1-9]|1[0-3]|ersten?|zweiten?|dritten?|vierten?|fünften?|sechsten?|siebten?|achten?"
    r"|neunten?|zehnten?)\.? klasse\b"
    r"|\b(?:går|starter|begynder|börjar|gick|gik) i (?:[0-9]|10|første|anden|tredje|fjerde|femte|sjette|syvende|ottende"
    r"|niende|nulte)\.? klasse\b"
    r"|\b(?:går|börjar|gick) i (?:[1-9]an|ettan|tvåan|trean|fyran|femman|sexan|sjuan|åttan|nian|årskurs [1-9]|(?:första"
    r"|andra|tredje|fjärde|femte|sjätte|sjunde|åttonde|nionde) klass)(?!\w)",
    re.IGNORECASE,
)
_WHOLE, _TURNS, _IST, _HAS, _AGED = _FORMS
_TEENS = (
    "eleven twelve thirteen fourteen fifteen sixteen seventeen zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn tretten fjorten"
    " femten seksten sytten tretton fjorton femton sexton sjutton"
)
_SELF = re.compile(
    r"\b(?:i['’]?m|i am|(?:he|she)(?:['’]s| is|['’]ll be| will be)|ich bin|(?:er|sie) ist|(?:jeg|han|hun) er|(?:jag|han|hon) är)"
    r"(?: only| just| still| not| erst| gerade| kun| bare| bara| lige)? "
    rf"(?P<age>{'|'.join(_TEENS.split())})(?:{_UNIT})?(?=$|[.,!?\n]"
    r"| (?:and|so|but|does|do|can|is|my|in(?= (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|a ))"
    r"|next|soon|till|until|yet|und|aber|og|men|och|kan)\b)",
    re.IGNORECASE,
)
"""Who calls is a child, or of whom is spoken."""
_TURNING = re.compile(
    rf"\b(?:he|she|they)(?: (?:only |just )?turn(?:s|ed)?|['’]s turning|['’]re turning) {_AGE}{_NOT_YEARS}", re.IGNORECASE
)
_SHORT = re.compile(rf"{_AGE}[ -]?y/?o(?: {_CHILD}s?)?(?!\w)", re.IGNORECASE)
"""As "my 12 y/o son" in a note."""
_CHILD_WORDS = (
    "infant infants dau dtr son sons daughter daughters grandson granddaughter child children kid kids grandkids boy boys girl"
    " girls lad toddler"
    " baby nephew niece twins teenager teenagers brother"
    " sister stepson stepdaughter sohn söhne tochter töchter kind kinder junge jungs mädchen enkel enkelin neffe nichte"
    " zwillinge fils fille filles enfant"
    " enfants garçon garçons neveu nièce bébé jumeaux jumelles søn sønner sønnen datter datteren døtre barn barnet barnen"
    " børn børnene drengen pigen sonen dottern pojken flickan dreng drenge pige piger barnebarn tvillinger"
    " dotter döttrar söner barnbarn pojke pojkar flicka flickor kille tjej tvillingar youngest eldest oldest siblings jüngste"
    " kleiner kleine kleinen kleinste kleinster petit petite petits petites mindste minsta lillen"
    " jüngster älteste ältester yngste ældste yngsta äldsta aîné aînée cadet cadette benjamin benjamine"
)
_PARENTS = "mother mum dad father parent mutter vater mère père mor far mamma mamman pappa pappan"
_JOINED_WORDS = " ".join(
    f"{number}{end}"
    for number in _VALUES
    for end in (
        "jährige", "jähriger", "jähriges", "jährigen", "jährigem", "årig", "årige", "åriga", "årigt", "åring", "åringen",
    )
)  # fmt: skip
_BY_WORD = {
    "old olds alt gammel gammelt gamle gammal gammalt gamla": (_WHOLE, _INFANT, _ASKED),
    "jährige jähriger jähriges jährigen jährigem årig årige åriga årigt": (_WHOLE,),
    "yo y": (_SHORT,),
    "år": (_TURNS, _OF_A_MINOR),
    "jahr jahre": (_IST, _OF_A_MINOR),
    "ans": (_HAS, _OF_A_MINOR),
    "years": (_OF_A_MINOR,),
    "mois semaines months": (_MONTHS,),
    "aged age": (_AGED, _ASKED),
    "year yr reception school grade grader graders klasse klass ettan tvåan trean fyran femman sexan sjuan åttan nian årskurs": (
        _CLASS,
    ),
    _CHILD_WORDS: (_BEHIND, _COUNTED),
    _PARENTS: (_NAMED,),
    _JOINED_WORDS: (_JOINED,),
    _TEENS: (_SELF,),
    "turn turns turned turning": (_TURNING,),
}
_NEEDED = {_NAMED: "(", _ASKED: "\n", _COUNTED: "\n"}
"""What stands in each of the long ones: looked for first, since that is quick."""
TRIGGERS: Mapping[bytes, tuple[re.Pattern[str], ...]] = {
    fold(word): forms for listed, forms in _BY_WORD.items() for word in listed.split()
}
"""By the word that each form of an age has."""


def age(text: str, word: Word) -> Finding | None:
    for form in TRIGGERS[word.folded]:
        if parts := _told(text, word, form):
            why = "an age below eighteen, or a year of school; a word for a person stands beside it"
            start, end = parts[0][0], parts[-1][1]
            return Finding(start=start, end=end, type=Kind.MINOR, confidence=0.75, why=why, parts=parts if len(parts) > 1 else ())
    return None


_Parts = tuple[tuple[int, int], ...]


def _told(text: str, word: Word, form: re.Pattern[str]) -> _Parts:
    if form is _BEHIND:
        low, high = word.start, word.end + _FAR
        match = form.match(text, low, high) if _may_say_a_number(text[low:high].partition("\n")[0]) else None
        return _told_of(match) if match is not None else ()
    low, high = max(0, word.start - _REACH), word.end + (_FAR if form in _NEEDED else _REACH)
    if form is _COUNTED and not any(each in text[low : word.start].lower() for each in _ASKS_FOR_ANY):
        return ()
    if form in _NEEDED and (text.find(_NEEDED[form], low, high) < 0 or not _may_say_a_number(text[low:high])):
        return ()
    match = form.search(text, low, high)
    if match is None or not match.start() <= word.start < match.end():
        return ()
    return _JUDGES.get(form, _aged)(text, match)


def _may_say_a_number(said: str) -> bool:
    """Quick, and never a no where one does: of most children that are spoken of nobody says how old they are."""
    return not said.isascii() or not _FIGURES.isdisjoint(_FIGURE.findall(said.lower()))


_FIGURE, _FIGURES = re.compile("[a-z]+|[0-9]"), frozenset((*_VALUES, *"0123456789"))


def _aged(text: str, match: re.Match[str]) -> _Parts:
    return ((match.start("age"), match.end()),) if _is_of_a_child(text, match) else ()


def _of_school(text: str, match: re.Match[str]) -> _Parts:
    is_said = _YOUNG.search(_sentence_before(text, match.start())) or _YOUNG.match(text[match.end() :][:20].lstrip(" ,"))
    return (match.span(),) if is_said else ()


def _of_months(_text: str, match: re.Match[str]) -> _Parts:
    written = match["age"] or match["months"]
    return (match.span(),) if _years(written) is not None else ()


def _of_oneself(_text: str, match: re.Match[str]) -> _Parts:
    return ((match.start("age"), match.end()),)


def _of_teens(_text: str, match: re.Match[str]) -> _Parts:
    years = _years(match["age"])
    return (match.span(),) if years is not None and years < _GROWN else ()


def _told_of(match: re.Match[str]) -> _Parts:
    """The word for a child and its age, less what stands between: its name may."""
    found = next(each for each in ("", "in_", "bare_") if match[f"{each}age"])
    if not _is_young(match[f"{found}age"], match[f"{found}unit"], match[f"{found}more"]):
        return ()
    start, end = match.span("rest")
    return (
        (match.span("child"), (start + len(match["rest"]) - len(match["rest"].lstrip(" ,")), end))
        if match["between"]
        else (match.span(),)
    )


def _answers(_text: str, match: re.Match[str]) -> _Parts:
    more = match["more"] if "more" in match.re.groupindex else ""
    is_a_part = match.re in (_NAMED, _OF_A_MINOR)
    end = match.end("unit" if match["unit"] else "age") if is_a_part else match.end()
    return ((match.start("age"), end),) if _is_young(match["age"], match["unit"], more) else ()


_JUDGES = {
    _CLASS: _of_school,
    _MONTHS: _of_months,
    _NAMED: _answers,
    _OF_A_MINOR: _answers,
    _ASKED: _answers,
    _COUNTED: _answers,
    _SELF: _of_oneself,
    _TURNING: _of_teens,
}


def _is_young(written: str, unit: str | None, more: str) -> bool:
    years, unit = _years(written), (unit or "").lower().lstrip(" -")
    if written.lower() in _ARTICLES and not unit and not more:
        return False
    return years is not None and (years < _GROWN or unit.startswith(_SHORT_UNITS))


_SHORT_UNITS = ("mo", "må", "we", "wo")


def _years(written: str) -> int | None:
    return int(written) if written.isdigit() else _VALUES.get(written.lower())


def _sentence_before(text: str, start: int) -> str:
    return re.split(r"[.!?](?:\s|$)|\n", text[max(0, start - 70) : start])[-1]


def _is_of_a_child(text: str, match: re.Match[str]) -> bool:
    years = _years(match["age"])
    if years is None or (match.re is not _INFANT and years >= _GROWN):
        return False
    before = _sentence_before(text, match.start())
    after = text[match.end() : match.end() + 14].lstrip(" ,-")
    if _OF_CHILD.search(match[0]) or _ONESELF.match(match[0]) or _YOUNG.search(before) or _YOUNG.match(after):
        return True
    if match.re is _AGED and _MINOR.search(before) is not None:
        return True
    if match.re is _AGED and _OF_CHILD.search(_line_before(text, match.start())):
        return True
    if _OF_A.search(before) is not None and _DOES.match(text, match.end()) is not None:
        return True
    return _WHOSE.search(before) is not None and _GOES_ON.match(text, match.end()) is not None


def _line_before(text: str, start: int) -> str:
    line = text.rfind("\n", 0, start)
    return text[max(0, line - _FAR) : line].rpartition("\n")[2] if line > 0 and start - line < _REACH * 2 else ""
