"""PowerPoint: slides, notes and comments, in order; properties and links."""

import re

from rightcall.adapters.systems.formats.documents import fits
from rightcall.adapters.systems.formats.model import Format, Told, Within
from rightcall.adapters.systems.formats.office import beside, written
from rightcall.adapters.systems.formats.packages import opened
from rightcall.adapters.systems.formats.stream import Stream

_SLIDE = re.compile(r"ppt/(slide|notesSlide|comment)s/[A-Za-z_]*?(\d+)\.xml")
_WORDS = {"slide": "slide", "notesSlide": "notes", "comment": "comments"}


def parts(name: str, stream: Stream, within: Within) -> Told:
    with opened(stream, within) as package:
        found = [each for member in package.names if (each := _SLIDE.fullmatch(member))]
        for each in sorted(found, key=lambda one: (int(one[2]), one[1])):
            yield from written(name, package, each[0], f"{_WORDS[each[1]]} {each[2]}")
        yield from beside(name, package, within)


FORMAT = Format(
    name="PPTX",
    fits=fits,
    marker="ppt/presentation.xml",
    parts=parts,
    endings=(".pptx", ".pptm"),
    reads="Text of slides, notes and comments, properties, links, embedded files",
    leaves="Pictures; macros; the old binary format (`.ppt`)",
)
