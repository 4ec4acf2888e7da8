"""Pages made from templates: each face's own, in the one frame, in the reader's tongue. Everything that is not markup of ours is
escaped; a name that a template uses and was not given is an error, never an empty place."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rightcall.design.assets import asset
from rightcall.design.tongues import Tongue

_OWN = Path(__file__).parent


class Sheets:
    """The templates of one face, in the folder `pages` beside its routes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def page(self, name: str, tongue: Tongue, given: Mapping[str, Any]) -> str:
        """The page of `name`.html, with what it was given."""
        return _environment(self._folder, tongue).get_template(f"{name}.html").render(**given)


@cache
def _environment(folder: Path, tongue: Tongue) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, _OWN]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = tongue.words
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(tongue=tongue, asset=asset)
    environment.filters.update(
        number=tongue.number, percent=tongue.percent, day=tongue.day, moment=tongue.moment, listed=tongue.listed
    )
    return environment
