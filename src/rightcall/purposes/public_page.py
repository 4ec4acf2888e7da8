"""The privacy notice for the public as text and as one page of HTML that needs nothing else: no script, no font, no picture.

It follows a light or a dark screen, is read on a telephone, and prints.
"""

from functools import cache
from pathlib import Path
from textwrap import wrap

from jinja2 import Environment, StrictUndefined, Template

from rightcall.purposes.public import PublicNotice

_WIDE = 96
_FILES = Path(__file__).parent / "frames"


def text(notice: PublicNotice) -> str:
    """For a terminal, and for whoever reads with a screen reader."""
    lines = [notice.say(notice.title), ""]
    for each in notice.lead:
        lines += [*wrap(notice.say(each), _WIDE), ""]
    for part in notice.parts:
        lines += [notice.say(part.heading), "-" * len(notice.say(part.heading))]
        for line in part.lines:
            label = notice.label(line)
            said = f"{label}: {notice.say(line)}" if label else notice.say(line)
            lines += wrap(" ".join(said.split()), _WIDE, subsequent_indent="  ", break_long_words=False)
        lines.append("")
    return "\n".join(lines)


def page(notice: PublicNotice) -> str:
    """One HTML document. Every fact of the register is escaped."""
    return _template().render(notice=notice, style=_style())


@cache
@cache
def _style() -> str:
    return (_FILES / "notice.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((_FILES / "notice.html").read_text(encoding="utf-8"))
