"""What of a notice is for a screen. A notice is one text, known by its hash as a whole; whoever reads it on a screen answers with
buttons, so which key of a telephone to press is nothing that they can do. Such sentences are left out, and nothing is changed."""

from dataclasses import dataclass

from rightcall.purposes.cues import cues_of
from rightcall.purposes.model import Keypad, LawfulBasis, Notice
from rightcall.purposes.room import KEY, Room


@dataclass(frozen=True, slots=True)
class OnScreen:
    """`words`: the notice's own, in its order. `leaves_out`: the sentences that are for a telephone alone."""

    words: str
    leaves_out: tuple[str, ...]


def on_screen(notice: Notice) -> OnScreen:
    """All of it where it names no keys, or says nothing else."""
    keypad = notice.keypad
    if keypad is None:
        return OnScreen(notice.text, ())
    room = Room(notice.text, keypad=keypad, controller=None, basis=LawfulBasis.CONSENT, cues=cues_of(notice.language), named=None)
    said = [notice.text[each.start : each.end].strip() for each in room.sentences]
    out = tuple(each for each in said if _is_for_keys(room, keypad, each))
    kept = " ".join(each for each in said if each not in out)
    return OnScreen(kept, out) if kept else OnScreen(notice.text, ())


def _is_for_keys(room: Room, keypad: Keypad, sentence: str) -> bool:
    """It names both keys, or one of them and what that is for; a question is never left out."""
    keys = set(KEY.findall(sentence)) & {keypad.yes, keypad.no}
    if not keys or "?" in sentence:
        return False
    named = room.is_read and any(room.cues.has(sign, sentence) for sign in ("yes_key", "no_key"))
    return len(keys) == 2 or named
