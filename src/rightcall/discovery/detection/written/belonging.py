"""Whether somebody is said to be what a word names (`she is Kurdish`, `as a lifelong Conservative`), or to belong to what it
names (`joined the Greens`, `my Prospect rep`). Such words are said of much else too: of food, tongues, colours, streets."""

import re
from collections.abc import Sequence

from rightcall.discovery.detection.written.cues import listed
from rightcall.discovery.detection.written.lexicon import Role
from rightcall.discovery.detection.written.resources import roles_of

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MOST_SKIPPED = 6
_MOST_WIDER = 5
_NAMED = re.compile(r"[A-ZÀ-Þ][^\W\d_]+, $")
_ENDS = re.compile(r"[,.;)]|$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)*['’]?)[ -]?$")
_WORD_BEHIND = re.compile(r"[ -]([^\W\d_]+)")
_LONGEST_WORD = 24


def is_one(before: str, after: str, *, is_colour: bool) -> bool:
    """`before` and `after`: what of the same sentence stands beside the word. `is_colour`: then it may be said of things too."""
    tokens = _TOKEN.findall(before.rpartition(":")[2])
    if _says_is(tokens, after, is_colour=is_colour):
        return True
    behind = _WORD_BEHIND.match(after)
    if behind is not None and behind[1].lower() in listed("being", "of_people"):
        return True
    return not is_colour and _NAMED.search(before) is not None and _ENDS.match(after) is not None


def _says_is(tokens: Sequence[str], after: str, *, is_colour: bool) -> bool:
    """`He is a strict`, `we're Black and`, `ich bin`, and `weil ich` with `bin` behind."""
    words, at = _lower(tokens), _before_degrees(tokens)
    if at < 0:
        return False
    word, subject = words[at], words[at - 1] if at else ""
    subjects = listed("being", "subjects") if is_colour else listed("being", "subjects") | {"they", "they're", "people"}
    if word in listed("being", "becoming"):
        return not is_colour
    if word.endswith(("'m", "'re", "'s")):
        return word in subjects or word[:-2] in listed("person")
    if word in listed("being", "is"):
        is_left_out = at == 0 and not is_colour
        return is_left_out or subject in subjects or subject in listed("person") or bool(roles_of(subject) & Role.GIVEN)
    behind = _TOKEN.match(after.lstrip(" "))
    return word in subjects and (
        subject in listed("being", "is") or (behind is not None and behind[0].lower() in listed("being", "is"))
    )


def _before_degrees(tokens: Sequence[str]) -> int:
    """The last word that is no article, says not how much, and is not joined by an `and`; -1 where there is none."""
    words, at, least = _lower(tokens), len(tokens) - 1, len(tokens) - 1 - _MOST_SKIPPED
    while at > max(0, least):
        if words[at] in listed("being", "degrees"):
            at -= 1
        elif words[at] in listed("being", "and"):
            at -= 2
        else:
            break
    return at


def belongs(phrase: str, before: str, after: str) -> bool:
    """Whether the words before or behind say that somebody is in it, works or votes for it."""
    behind = _WORD_BEHIND.match(after)
    if behind is not None and behind[1].lower() in listed("belonging", "behind") and phrase not in listed("only_before"):
        return True
    tokens = _TOKEN.findall(before.rpartition(":")[2])
    words, at = _lower(tokens), len(tokens) - 1
    while at >= 0 and words[at] in listed("belonging", "small"):
        at -= 1
    if at >= 0 and words[at] in listed("belonging", "before"):
        return True
    is_within = phrase not in listed("not_within") and any(word in listed("belonging", "within") for word in words[at + 1 :])
    return is_within and _says_is(tokens[: at + 1], after, is_colour=False)


def widened(text: str, start: int, end: int, *, is_body: bool) -> tuple[int, int]:
    """With the words that belong to it: `a Unison branch` to `secretary`, `member of the` before `NEU`; `in the`."""
    first, at = start, start
    for _ in range(_MOST_WIDER):
        match = _WORD_BEFORE.search(text, max(0, at - _LONGEST_WORD), at)
        word = match[1].lower() if match is not None else ""
        is_wider = word in listed("belonging", "wider") or (is_body and word in listed("belonging", "within"))
        if match is None or not (is_wider or word in listed("belonging", "small")):
            break
        at = match.start()
        first = at if is_wider else first
    for _ in range(_MOST_WIDER):
        behind = _WORD_BEHIND.match(text, end)
        if behind is None or behind[1].lower() not in listed("belonging", "behind") | listed("being", "of_people"):
            break
        end = behind.end()
    return first, end


def _lower(tokens: Sequence[str]) -> list[str]:
    return [each.lower().replace("’", "'") for each in tokens]
