"""Sound, by its first bytes."""

from rightcall.adapters.systems.formats.model import Format, Head
from rightcall.adapters.systems.formats.parsers import parser

KINDS: tuple[tuple[int, bytes, str], ...] = (
    (8, b"WAVE", "wav"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (4, b"ftyp", "mov"),
    (0, b"#!AMR", "amr"),
    (0, b".snd", "au"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
)


def kind_of(head: bytes) -> str | None:
    return next((kind for at, mark, kind in KINDS if head.startswith(mark, at)), None)


def fits(head: Head) -> bool:
    return kind_of(head.bytes) is not None


FORMAT = Format(
    name="sound",
    fits=fits,
    parts=parser("sound_tags"),
    endings=(".wav", ".mp3", ".ogg", ".opus", ".flac", ".m4a", ".mp4", ".amr", ".au", ".wma"),
    reads=(
        "Its tags (RIFF INFO and bext, ID3, Vorbis, MP4); a file beside it (`call.json`, `.xml`, `.csv`, "
        "`.txt`, `.vtt`, `.srt`) as its own"
    ),
    leaves="What is said in it: sound is not listened to, and that is told of each",
)
