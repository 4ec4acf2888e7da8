"""A labelled text, as all parts of the corpora make them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """One value: its stretches, and whether it is said in words."""

    type: str
    parts: tuple[tuple[int, int], ...]
    is_said: bool


@dataclass(frozen=True, slots=True)
class Document:
    text: str
    labels: tuple[Label, ...]
    language: str
    sort: str
    """`call_heard`, `call_written`, `note` or `mail`; of whole texts `heard`, `written`, `chat`, `note`, `mail` or `form`,
    and in the unseen part also `row` or `summary`."""
