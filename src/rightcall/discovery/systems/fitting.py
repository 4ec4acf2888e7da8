"""Which names a shape fits: `*` stands for any characters, and all else for itself. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

DATABASES = frozenset({"postgresql", "mariadb", "sqlite"})
"""Their objects are tables, which are named by a schema and after nobody."""
_WITHIN = "!/"
_ALIKE = 0.6
_MOST_ALIKE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A shape of objects that no object fits, with the names that are like it; or, where it is a table's name, several tables of
    different schemas, which it is for all."""

    objects: str
    like: tuple[str, ...] = ()
    several: tuple[str, ...] = ()


def fits(shape: str, name: str) -> bool:
    """However either writes a letter that may be written as one sign or as two."""
    return _read(shape).fullmatch(_one(name)) is not None


def fits_object(shape: str, object: str, kind: str) -> bool:
    """A table is of the shape by its whole name, or by what it is called within its schema."""
    return fits(shape, object) or (kind in DATABASES and any(fits(shape, each) for each in _bare(object)))


def misfits(shapes: Iterable[str], objects: Collection[str], kind: str, tellable: Collection[str]) -> Iterator[Misfit]:
    """Of the shapes. `tellable`: the objects whose names may be told. A shape that may fit something within a file is not told,
    for its name is on no list."""
    for shape in dict.fromkeys(shapes):
        fitting = [each for each in objects if fits_object(shape, each, kind)]
        if not fitting and not (kind not in DATABASES and _may_fit_within(shape, objects)):
            yield Misfit(objects=shape, like=tuple(_like(shape, tellable, kind)))
        if len(fitting) > 1 and "*" not in shape:
            yield Misfit(objects=shape, several=tuple(sorted(fitting)))


@lru_cache(maxsize=512)
def _read(shape: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\*+", _one(shape))), re.DOTALL)


def _one(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _bare(table: str) -> Sequence[str]:
    """`customers` of `public.customers`; one that stands in quotation marks without them, too."""
    bare = table.partition(".")[2] or table
    return [bare, bare[1:-1].replace('""', '"')] if bare.startswith('"') else [bare]


def _may_fit_within(shape: str, objects: Collection[str]) -> bool:
    """Whether a beginning of it that ends in `*` or `!/` fits a file with what lies within."""
    beginnings = {shape[: at + 1] for at, sign in enumerate(shape) if sign == "*"}
    beginnings |= {shape[: at + len(_WITHIN)] for at in range(len(shape)) if shape.startswith(_WITHIN, at)}
    return any(fits(beginning, f"{name}{_WITHIN}") for beginning in beginnings for name in objects)


def _like(shape: str, tellable: Collection[str], kind: str) -> list[str]:
    known: dict[str, str] = {}
    for name in sorted(tellable):
        ends = _bare(name) if kind in DATABASES else [name.rpartition("/")[2]]
        for each in (name, *ends):
            known.setdefault(each.casefold(), name)
    wanted = shape.replace("*", "").casefold()
    return list(dict.fromkeys(known[each] for each in get_close_matches(wanted, known, n=_MOST_ALIKE, cutoff=_ALIKE)))
