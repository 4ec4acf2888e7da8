"""Pages made from templates: each face's own, in the one frame, in the reader's tongue. Everything that is not markup of ours is
escaped; a name that a template uses and was not given is an error, never an empty place."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from rightcall.design.assets import asset
from rightcall.design.breaking import breaking
from rightcall.design.tongues import Tongue
from rightcall.languages import Text, fallbacks

_OWN = Path(__file__).parent


Said = Callable[..., Any]
"""How a face says what only it knows: it takes a tongue first, or the page's context where it is marked so, then what is to be
said."""


class Sheets:
    """The templates of one face, in the folder `pages` beside its routes; `says`: filters of its own, by name."""

    def __init__(self, folder: Path, **says: Said) -> None:
        self._folder = folder
        self._says = tuple(says.items())

    def page(self, name: str, tongue: Tongue, given: Mapping[str, Any]) -> str:
        """The page of `name`.html, with what it was given."""
        return breaking(_environment(self._folder, tongue, self._says).get_template(f"{name}.html").render(**given))


@cache
def _environment(folder: Path, tongue: Tongue, says: tuple[tuple[str, Said], ...]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, _OWN]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = tongue.words
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension's own
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]  # likewise
    environment.globals.update(tongue=tongue, asset=asset, own_lang=own_lang)
    environment.filters.update(
        number=tongue.number,
        percent=tongue.percent,
        day=tongue.day,
        moment=tongue.moment,
        instant=tongue.instant,
        time=tongue.time,
        listed=partial(_listed, tongue),
        month=tongue.month,
        country=tongue.country,
        lasted=tongue.lasted,
        said_in=_said_in,
        own=own,
        worded=worded,
        short=_short,
    )
    environment.filters.update({name: said if _wants_page(said) else partial(said, tongue) for name, said in says})
    return environment


def _wants_page(said: Said) -> bool:
    return hasattr(said, "jinja_pass_arg")


def _short(id: UUID) -> str:
    """What tells one id from those beside it: its end, since all begin with when they were made."""
    return str(id)[-8:]


def _said_in(key: object, words: Mapping[object, str]) -> str:
    return words[key]


def _listed(tongue: Tongue, words: list[str]) -> Markup:
    """Of words that may hold markup of ours."""
    return Markup(tongue.listed([escape(each) for each in words]))  # noqa: S704 - each of them was escaped


@pass_context
def own(context: Context, words: str) -> str:
    """Words of the company's own, marked where they are in another language than the page (WCAG 2.2, 3.1.2): `own_language`, as
    the page was given it."""
    marked = own_lang(context)
    return Markup("<span{}>{}</span>").format(marked, words) if words and marked else words


@pass_context
def worded(context: Context, text: Text) -> str:
    """Marked where it is in another language than the page."""
    is_other = text.language and fallbacks(text.language)[-1] != context["tongue"].code
    return Markup('<span lang="{}">{}</span>').format(text.language, text.words) if is_other else text.words


@pass_context
def own_lang(context: Context) -> Markup:
    """For an element that can have nothing marked within it, such as an option to choose."""
    language = str(context.get("own_language", ""))
    is_other = language and language.partition("-")[0] != context["tongue"].code
    return Markup(' lang="{}"').format(language) if is_other else Markup("")
