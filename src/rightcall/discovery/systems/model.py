"""One other system of a controller. Its address holds credentials, and is sealed with a key of the system's own."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.discovery.ports import UNLIMITED, Ability, Load
from rightcall.errors import Malformed
from rightcall.ids import PurposeId, StatementId, SubjectId, SystemId
from rightcall.languages import Text, Texts, text_for
from rightcall.personal import Personal

_NAME = re.compile(r"[a-z](?:[a-z0-9]|-(?!-)){2,59}")
_LONG_NUMBER = re.compile(r"[0-9]{7}")
_MOST_OF_A_SHAPE = 200
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_ .-]{0,59}")
_CATEGORY = re.compile(r"pd:[A-Za-z]+")
MOST_TERM_DAYS = 36500
LONGEST_LABEL = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemName:
    """A reference and never a person: lower-case letters, digits and single hyphens."""

    text: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.text) or _LONG_NUMBER.search(self.text):
            raise Malformed(
                "Name the system by a reference: 3 to 60 lower-case letters, digits and single hyphens, beginning with a letter,"
                " and no more than six digits in a row, for example crm or ticket-dump-2026."
            )

    def __str__(self) -> str:
        return self.text


class TermFrom(StrEnum):
    """From when a term counts: the day on which a scan first saw it, or a date in a field of the same row."""

    FIRST_SEEN = "first_seen"
    FIELD = "field"


class Erases(StrEnum):
    """What may be let go of there, by word of whoever registered it: rows, fields and stretches of texts; or, where a source lets
    go of nothing smaller, whole objects too that tell of one person alone."""

    PARTS = "parts"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemUse:
    """What lies in such objects and fields serves this purpose. `objects` and `fields` are shapes: `*` stands for any characters,
    and all else for itself. A table is named with its schema, or without: then of whichever schema.
    `category` None: of any category. `term_days` None: as long as the purpose says."""

    purpose: PurposeId
    objects: str = "*"
    fields: str = "*"
    category: str | None = None
    term_from: TermFrom = TermFrom.FIRST_SEEN
    term_field: str | None = None
    term_days: int | None = None

    def __post_init__(self) -> None:
        if not all(0 < len(shape) <= _MOST_OF_A_SHAPE and shape.isprintable() for shape in (self.objects, self.fields)):
            raise Malformed(
                f"A shape of objects or fields is a name of at most {_MOST_OF_A_SHAPE} characters in one line, with * for any"
                " characters."
            )
        if self.category is not None and not _CATEGORY.fullmatch(self.category):
            raise Malformed("A category is one of DPV's of personal data, for example pd:TelephoneNumber.")
        if (self.term_field is not None) != (self.term_from is TermFrom.FIELD):
            raise Malformed("A term that counts from a field names it, and no other does.")
        if self.term_field is not None and not _FIELD.fullmatch(self.term_field):
            raise Malformed("The field that a term counts from is named as in the schema, for example created_at.")
        if self.term_days is not None and not 1 <= self.term_days <= MOST_TERM_DAYS:
            raise Malformed(f"A term has 1 to {MOST_TERM_DAYS} days.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNumber:
    """The form of the controller's own customer or case numbers: a name, and a regular expression of RE2."""

    name: str
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSystem:
    """`address` is a path or a URL with its credentials, as `rightcall scan` takes it. `erases` None: it is for reading alone.
    `corrects`: what is wrong there may be put right by us. `writing`: how to get in to do either, where that is another way."""

    name: SystemName
    address: Personal[str]
    regions: tuple[str, ...] = ()
    uses: tuple[SystemUse, ...] = ()
    numbers: tuple[OwnNumber, ...] = ()
    load: Load = UNLIMITED
    copy_of: tuple[SystemId, ...] = ()
    erases: Erases | None = None
    corrects: bool = False
    writing: Personal[str] | None = None

    def __post_init__(self) -> None:
        if self.writing is not None and self.erases is None and not self.corrects:
            raise Malformed(
                "An address for writing is for a system that may be erased in, or put right. Say so, or leave the address out."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is so from now on; None for what stays as it is. `erases_nothing`: it may not be erased in any more; `read_only`:
    nothing is changed there at all."""

    address: Personal[str] | None = None
    regions: tuple[str, ...] | None = None
    uses: tuple[SystemUse, ...] | None = None
    numbers: tuple[OwnNumber, ...] | None = None
    load: Load | None = None
    copy_of: tuple[SystemId, ...] | None = None
    erases: Erases | None = None
    erases_nothing: bool = False
    corrects: bool | None = None
    writing: Personal[str] | None = None
    read_only: bool = False

    def __post_init__(self) -> None:
        if self.read_only and (self.erases is not None or self.corrects or self.writing is not None):
            raise Malformed("A system is for reading alone, or may be erased in or put right. Say one of both.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a system is called to customers."""

    name: str
    labels: Texts
    own_language: str

    def to(self, language: str) -> Text:
        """Its label in this language, else in the controller's, else its name, which is in none."""
        return text_for(self.labels, language, self.own_language) or Text("", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredSystem:
    """`abilities`: as declared when it was last checked. `key`: what everything of it is sealed with. `copy_of`: it is known to
    hold again what these hold; itself, where it is known to hold the same in several objects. `load`: how hard it may be
    worked. `erases` None and not `corrects`: it was registered for reading alone. `labels`: what customers read instead of its
    name, by language. `keepers_language`: in which those who look after it are written to; None is the controller's."""

    id: SystemId
    name: SystemName
    kind: str
    key: SubjectId
    abilities: frozenset[Ability]
    regions: tuple[str, ...]
    uses: tuple[SystemUse, ...]
    numbers: tuple[OwnNumber, ...]
    copy_of: tuple[SystemId, ...]
    owner: Actor
    registered_at: datetime
    checked_at: datetime
    retired_at: datetime | None
    statement: StatementId
    load: Load = UNLIMITED
    erases: Erases | None = None
    corrects: bool = False
    labels: Texts = field(default_factory=dict, hash=False)
    keepers_language: str | None = None

    @property
    def originals(self) -> tuple[SystemId, ...]:
        """The other systems that it is known to hold again."""
        return tuple(each for each in self.copy_of if each != self.id)

    @property
    def is_erasable(self) -> bool:
        """Somebody wished it, and only what can also be looked for again, once it was erased, counts as erased."""
        return self.erases is not None and {Ability.ERASE, Ability.CONFIRM} <= self.abilities

    def for_customers(self, own_language: str) -> Called:
        return Called(name=self.name.text, labels=self.labels, own_language=own_language)
