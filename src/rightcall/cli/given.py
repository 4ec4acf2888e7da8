"""What a command was given as text."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.errors import Malformed, NotFound

T = TypeVar("T")


def read_id(text: str, where: str) -> UUID:
    """`where`: what the person does to have one, as a sentence."""
    try:
        return UUID(text.strip())
    except ValueError as error:
        raise Malformed(f"That is no id. {where}") from error


def one_of(known: Iterable[tuple[UUID, T]], given: str, what: str, shown_by: str) -> T:
    """The one whose id begins as was given. `what` it is, and the command that shows them."""
    beginning = given.strip().lower()
    found = [each for id, each in known if beginning and str(id).startswith(beginning)]
    if not found:
        raise NotFound(f"There is no such {what} at this controller. `{shown_by}` shows those there are.")
    if len(found) > 1:
        raise Malformed(f"There are {len(found)} of this controller whose id begins like this. Give more of it.")
    return found[0]


def read_role(given: str, may: Collection[Role], whose: str) -> Role:
    """`whose`: who has such a role, as "a token"."""
    roles = {role.value: role for role in may}
    if given not in roles:
        raise Malformed(f"There is no such role for {whose}. Choose one of {', '.join(sorted(roles))}.")
    return roles[given]


def read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Malformed("That is no day. Write it as YYYY-MM-DD.") from error
