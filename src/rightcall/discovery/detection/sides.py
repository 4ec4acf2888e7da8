"""The two sides of a conversation: who works here, and who is the customer. Told by what the speakers are called, else by what
one says in the manner of those who answer: thanks for the call, an offer to help, a question for a name or a number.

Where neither tells, nobody is on a side. A conversation of two has two sides; of more, whoever is not told to be staff is not.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from rightcall.discovery.detection.roles import is_customer, is_staff
from rightcall.discovery.parts import Turn

_ANSWERS = re.compile(
    r"\b(?:(?:thanks|thank you|thankyou) for (?:calling|contacting|holding|your call)"
    r"|(?:how|what) (?:can|may|could) (?:i|we) (?:help|do for|assist)|(?:may|can|could) i (?:please )?(?:have|take|get) your"
    r"|(?:what is|what's|whats|confirm|verify) your (?:full |first |last |sur|customer |account |phone |e-?mail |date of |post)"
    r"|(?:am i|are you) speaking (?:with|to)|who am i speaking"
    r"|(?:wie|womit|was) kann ich (?:ihnen )?(?:helfen|weiterhelfen|tun|für sie)|(?:vielen )?dank für ihren anruf"
    r"|(?:wie|was) (?:ist|lautet) ihre?n? |(?:darf|dürfte|kann) ich (?:bitte )?ihre?n? |nennen sie mir "
    r"|(?:comment|que|en quoi) (?:puis[- ]je|je peux) (?:vous )?(?:aider|faire)|merci (?:d'avoir appelé|de votre appel)"
    r"|(?:quel|quelle) est votre |(?:puis-je|pourriez-vous|pouvez-vous) (?:avoir|prendre|me donner|me confirmer) "
    r"|(?:hvad|hvordan) kan (?:jeg|vi) hjælpe|tak fordi du ringe[rd]e?|(?:må|kan) jeg (?:få|bede om) (?:dit|din|dine)"
    r"|hvad er (?:dit|din) "
    r"|(?:vad|hur) kan (?:jag|vi) hjälpa|tack för att du ring(?:er|de)|(?:får|kan) jag (?:få|be om) (?:ditt|din)"
    r"|vad är (?:ditt|din) )",
    re.I,
)
_OWN_NAME = re.compile(
    r"(?:my name(?: is|'s)|this is|i(?:'m| am)|name is"
    r"|you(?:'re| are) (?:now )?(?:speaking|talking|through|connected) (?:with|to)|you (?:now )?(?:speak|talk) (?:with|to)"
    r"|mein name ist|hier (?:ist|spricht)|ich heiße|ich bin|sie sprechen (?:jetzt )?mit|am apparat(?: ist)?"
    r"|je m'appelle|je suis|mon nom est|vous parlez (?:avec|à)|vous êtes (?:bien )?(?:en ligne|en contact) avec|c'est|ici"
    r"|mit navn er|jeg hedder|du (?:taler|snakker) med|de taler med|det er|jeg er"
    r"|mitt namn är|jag heter|(?:du|ni) (?:pratar|talar) med|det här är|jag är"
    r")\W{1,3}$",
    re.I,
)
_ANSWERED = re.compile(
    r"[ ,]{1,2}(?:speaking|am apparat|am telefon|à l['’]appareil|à votre (?:écoute|service|appareil)"
    r"|i telefonen|i røret)\b",
    re.I,
)
"""What stands behind the name of whoever answers."""
_ANSWERING = re.compile(r"[^?]{0,60}[,:.!;–-][ ]|", re.I)
"""The company and a greeting, or nothing, before the name of whoever answers."""
_GREETED = re.compile(r"\b(?:mr|mrs|ms|miss|sir|madam|herr|frau|monsieur|madame|hr|fru|dear|kære|sehr geehrter?)\b", re.I)
_ENDS = re.compile(
    r"(?![ ,]{1,2}(?:this is|it['’]s|i['’]m|i am|hier (?:ist|spricht)|ich bin|c['’]est|ici|je suis"
    r"|det (?:här )?[eä]r|jeg er|jag är|her er)\b)"
    r"(?:[ ]*(?:[.,!;–-]|$)|[ ](?:here|hier|her|här)\b)",
    re.I | re.M,
)
"""Not where whoever speaks is still to be named: `Hello, Karl Holm, this is Havblik`."""
_LOOK_BACK = 40
_LINE = re.compile(r"^[ \t]*(?:[\[(]?[\d:.,\s-]{4,12}[\])]?[ \t]*)?([^\W\d_][\w .'()-]{0,30}):[ \t]", re.M)
_FEWEST = 2
_SHARE = 0.6


def side_of(name: str) -> bool | None:
    """Whether a speaker who is called that is of staff; None where the name does not tell."""
    if is_staff(name):
        return True
    return False if is_customer(name) else None


def sided(turns: Sequence[Turn], known: Collection[int] = ()) -> tuple[Turn, ...]:
    """Each with its side, as far as it is told. `known`: speakers who are of staff by what came before."""
    staff = frozenset(known) | _staff(turns)
    if not staff:
        return tuple(turns)
    return tuple(replace(turn, is_of_staff=turn.speaker in staff) for turn in turns)


def staff_in(turns: Sequence[Turn]) -> frozenset[int]:
    return frozenset(turn.speaker for turn in turns if turn.is_of_staff)


def is_own_name(text: str, start: int, end: int) -> bool:
    """Whether the name there is that of whoever says it."""
    return _OWN_NAME.search(text[max(0, start - _LOOK_BACK) : start]) is not None or _ANSWERED.match(text, end) is not None


def is_answered_with(text: str, start: int, end: int) -> bool:
    """Whether a turn with which somebody answers the telephone gives that name as theirs: `Havblik, Nora Friis, good morning`.
    Nobody is asked for by it, and nobody is greeted."""
    turn = text.rfind("\n", 0, start) + 1
    label = _LINE.match(text, turn)
    before = text[label.end() if label is not None else turn : start]
    is_named = _ANSWERING.fullmatch(before) is not None and _GREETED.search(before) is None
    return is_named and _ENDS.match(text, end) is not None


def is_written_talk(text: str) -> bool:
    """Whether its lines say who speaks, and some of whom we know on which side they are: `Agent: …`, `[00:12] Kunde: …`."""
    names = [match[1] for match in _LINE.finditer(text)]
    lines = sum(1 for line in text.splitlines() if line.strip())
    sides = {side_of(name) for name in names}
    return len(names) >= _FEWEST and len(names) >= _SHARE * lines and len(set(names)) > 1 and sides != {None}


class Lines:
    """Who speaks on the lines of a written conversation."""

    def __init__(self, text: str) -> None:
        found = list(_LINE.finditer(text)) if text else []
        self._begins = [match.start() for match in found]
        self._sides = [side_of(match[1]) for match in found]

    def side_at(self, place: int) -> bool | None:
        """Of which side the line is, or the nearest above that says who speaks."""
        number = bisect_right(self._begins, place) - 1
        return self._sides[number] if number >= 0 else None


def _staff(turns: Sequence[Turn]) -> frozenset[int]:
    speakers = {turn.speaker for turn in turns}
    if staff := staff_in(turns):
        return staff
    if customers := {turn.speaker for turn in turns if turn.is_of_staff is False}:
        return frozenset(speakers - customers) if len(speakers) == 2 else frozenset()
    said = Counter(turn.speaker for turn in turns if _ANSWERS.search(turn.text))
    most = said.most_common(2)
    if not most or len(speakers) < 2 or (len(most) > 1 and most[0][1] == most[1][1]):
        return frozenset()
    return frozenset({most[0][0]})
