"""The process that a PDF is read in: whoever wrote it may have meant to stop whoever reads it, and a page cannot be interrupted
from within. It asks for the document piece by piece, answers with what is in it, and can do nothing else: it writes no file, and
its memory and time are bounded by the system. It ends when its parent does.
"""

import io
import os
import resource
from typing import Any

from rightcall.adapters.systems.formats import pdf_pages
from rightcall.adapters.systems.formats.frames import Line
from rightcall.adapters.systems.formats.limits import Limits, Spent
from rightcall.adapters.systems.formats.model import Told, Within
from rightcall.adapters.systems.formats.sought import Sought
from rightcall.adapters.systems.formats.stream import PIECE, Readable, Stream
from rightcall.discovery.model import NotRead, PassedOver
from rightcall.discovery.parts import Prose

MOST_MEMORY = 2 << 30
_LATER_SECONDS = 30
"""After which the system ends what the parent did not."""


class _Asked(Sought):
    """The document, which lies with the parent."""

    def __init__(self, line: Line, size: int) -> None:
        super().__init__(size)
        self._line = line

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        self._line.tell({"at": self._at, "most": len(view)})
        piece = self._line.content()
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _read(line: Line, job: dict[str, Any]) -> None:
    limits = Limits(**job["limits"])
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    seconds = int(used.ru_utime + used.ru_stime) + limits.seconds + _LATER_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
    spent = Spent(limits=limits, packed=job["packed"], unpacked=job["unpacked"])
    file = io.BufferedReader(_Asked(line, job["size"]), PIECE)

    def look(name: str, raw: Readable, _: Within, /) -> Told:
        content = raw.read(-1)
        line.tell({"inner": name, "unpacked": spent.unpacked})
        line.send(content)
        return iter(())

    try:
        within = Within(look=look, limits=limits, spent=spent)
        for part in pdf_pages.parts(job["name"], Stream(file, spent, seekable=file), within):
            if isinstance(part, PassedOver):
                line.tell({"passed_over": part.reason.value})
            elif isinstance(part, Prose):
                for amount, text in part.pieces:
                    line.tell({"field": part.field, "amount": amount, "text": text, "unpacked": spent.unpacked})
    except NotRead as why:
        line.tell({"not_read": why.reason.value})
        return
    line.tell({"end": True})


def main() -> None:
    """Nothing but this line is ever written to."""
    line = Line(os.dup(0), os.dup(1))
    silence = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1, 2):
        os.dup2(silence, each)
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    line.tell({"ready": True})
    while (job := line.told()) is not None:
        _read(line, job)


if __name__ == "__main__":
    main()
