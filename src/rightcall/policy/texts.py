"""House rules as they are written: the texts of rule files and scenarios, before anything is read from them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file of rules, or of one scenario."""

    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody proposes: all house rules there should be, with their scenarios."""

    files: tuple[Text, ...]
    scenarios: tuple[Text, ...]
