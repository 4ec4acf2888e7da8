"""Where something about a person lies: in Rightcall itself or in another system, down to the field and the characters. What of a
place may tell about the person is wrapped, and sealed at rest under the person's key.
"""

import re
from dataclasses import dataclass

from rightcall.errors import Malformed
from rightcall.ids import HoldingId, ObjectId, SystemId
from rightcall.personal import Personal

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,62}")
_HEAD = re.compile(r"""[^\W\d][\w .:/'’"()#,&\[\]-]{0,62}""")
_LONG_NUMBER = re.compile(r"[0-9]{7}")


def is_plain(name: str) -> bool:
    """Whether a field's name looks like a schema's and like nothing about a person, so that it may stand in the clear."""
    return bool(_PLAIN.fullmatch(name)) and not _LONG_NUMBER.search(name)


def may_be_head(name: str) -> bool:
    """Whether it has the form of a table's head, which may be several words of any language. Whether it is one, and tells of
    nobody, is for whoever knows words of heads to say (`discovery.findings.rules.plain_field`)."""
    return bool(_HEAD.fullmatch(name)) and not _LONG_NUMBER.search(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something lies. `system` None: Rightcall itself. `field`: a plain name (`is_plain`, or a head), else it belongs into
    `path`.
    Characters from `start` to before `end` of the text. `object_name` (as it was when it was seen), `row` (its key) and
    `path` are sealed, and None in what was read back before it was opened."""

    system: SystemId | None = None
    object: ObjectId | None = None
    field: str | None = None
    start: int | None = None
    end: int | None = None
    object_name: Personal[str] | None = None
    row: Personal[str] | None = None
    path: Personal[str] | None = None

    def __post_init__(self) -> None:
        if self.field is not None and not may_be_head(self.field) and not is_plain(self.field):
            raise Malformed("This field's name may tell about a person. Give it as the path, which is sealed.")
        if (self.start is None) != (self.end is None) or (self.start is not None and not 0 <= self.start < (self.end or 0)):
            raise Malformed("Characters go from a start to an end behind it. Give both, or neither.")


OURS = Place()
"""In Rightcall itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a holding that another was made from: a field, a turn (counted from 1), a time in milliseconds from its
    beginning, characters. At least one of them."""

    origin: HoldingId
    field: str | None = None
    turn: int | None = None
    from_ms: int | None = None
    until_ms: int | None = None
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        if all(each is None for each in (self.field, self.turn, self.from_ms, self.start)):
            raise Malformed("Say which part: a field, a turn, a time or characters. The whole of it needs no part.")
        if self.field is not None and not is_plain(self.field):
            raise Malformed(
                "This field's name may tell about a person, and stands nowhere in the clear. Name the part otherwise."
            )
        if (self.start is None) != (self.end is None) or (self.start is not None and not 0 <= self.start < (self.end or 0)):
            raise Malformed("Characters go from a start to an end behind it. Give both, or neither.")
        if self.until_ms is not None and (self.from_ms is None or self.until_ms < self.from_ms):
            raise Malformed("A time goes from a moment until one that is not before it.")
