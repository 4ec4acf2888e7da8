"""WebVTT and SRT: each caption a turn, with its time and, where it is said, its speaker."""

import re
from collections.abc import Iterator
from html import unescape

from rightcall.adapters.systems.formats import transcript
from rightcall.adapters.systems.formats.breaking import Break
from rightcall.adapters.systems.formats.decoding import decoded, encoding_of, text_of
from rightcall.adapters.systems.formats.lines import Lines
from rightcall.adapters.systems.formats.model import Format, Head, Told, Within
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.text import prose
from rightcall.adapters.systems.formats.transcript import Said, Speakers
from rightcall.discovery.model import PassedOver, Reason

ENDINGS = (".vtt", ".srt")
_LONGEST = 1 << 16
"""Characters of one turn."""
_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_CUE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_BEGINS = re.compile(rf"WEBVTT(?:\s|$)|\s*\d+\s*\n{_CUE.pattern}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^>]{0,200}>")
_NAME = re.compile(r"\s*(?:-\s*)?([^\W\d_][\w .'()-]{0,40}):\s+(?=\S)")


def fits(head: Head) -> bool:
    return encoding_of(head.bytes) is not None and _BEGINS.match(text_of(head.bytes[:2048]).replace("\r", "")) is not None


def parts(name: str, stream: Stream, within: Within) -> Told:
    lines, speakers, notes = Lines(decoded(stream), within.limits.cell), Speakers(), _Notes(within.limits.cell)
    broken = Break()
    yield from transcript.turns(name, broken.before(_captions(lines, notes)), speakers, lines.taken)
    if notes.text:
        yield from prose(name, iter([(lines.taken(), notes.text)]), "notes")
    yield from speakers.prose(name)
    if lines.is_cut or notes.is_cut:
        yield PassedOver(object=name, reason=Reason.TOO_LONG)
    broken.tell()


class _Notes:
    """What stands outside of captions, no more than may be held."""

    def __init__(self, longest: int) -> None:
        self.text, self.is_cut, self._longest = "", False, longest

    def add(self, line: str) -> None:
        self.is_cut = self.is_cut or len(self.text) + len(line) > self._longest
        self.text += line[: max(0, self._longest - len(self.text))]


def _captions(lines: Lines, notes: _Notes) -> Iterator[Said]:
    """What stands outside of captions goes to `notes`. A caption that does not end is several turns."""
    at: float | None = None
    said: list[str] = []
    length = 0
    for line in lines:
        if (cue := _CUE.match(line)) is not None:
            yield from _turn(said, at)
            at, said, length = _seconds(cue), [], 0
        elif not line.strip():
            yield from _turn(said, at)
            at, said, length = None, [], 0
        elif at is not None:
            said.append(line.strip())
            length += len(line)
            if length > _LONGEST:
                yield from _turn(said, at)
                said, length = [], 0
        elif not line.strip().isdecimal():
            notes.add(line)
    yield from _turn(said, at)


def _turn(said: list[str], at: float | None) -> Iterator[Said]:
    if not said:
        return
    text = "\n".join(said)
    voice = _VOICE.match(text) or _NAME.match(text)
    speaker = unescape(voice[1]).strip() if voice else ""
    plain = unescape(_TAG.sub("", text[voice.end() :] if voice else text))
    yield Said(speaker, plain, at)


def _seconds(cue: re.Match[str]) -> float:
    return int(cue[1] or 0) * 3600 + int(cue[2]) * 60 + int(cue[3]) + int(cue[4].ljust(3, "0")) / 1000


FORMAT = Format(
    name="WebVTT and SRT",
    fits=fits,
    parts=parts,
    endings=ENDINGS,
    reads="Captions as turns with time and speaker; speakers' names; notes",
    leaves="Styles and positions",
)
