"""What a command was given as text."""

from datetime import date
from uuid import UUID

from rightcall.errors import Malformed


def read_id(text: str, where: str) -> UUID:
    """`where`: what the person does to have one, as a sentence."""
    try:
        return UUID(text.strip())
    except ValueError as error:
        raise Malformed(f"That is no id. {where}") from error


def read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Malformed("That is no day. Write it as YYYY-MM-DD.") from error
