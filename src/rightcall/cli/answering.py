"""`--json` of a command that shows something: what the API answers to the same question, so that a program reads one form
wherever it asks. The API's code is loaded when it is asked, and not before."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rightcall.actors import SYSTEM
from rightcall.cli.place import controller_of
from rightcall.cli.signed_in import signed_in
from rightcall.later import later
from rightcall.settings import load_settings
from rightcall.staff.model import Deed

Ask = Callable[[Any], Any]
"""Given a door (`api.door`), what the API answers."""

_house_of, _door = later("rightcall.cli.home:house_of"), later("rightcall.api.door:Door")


def answer_signed(ask: Ask, deed: Deed, token: str, controller: str | None, data: Path | None) -> None:
    """As whoever has the token."""
    with _house_of(load_settings(data=data)) as house:
        who = signed_in(house.database, house.clock, token, deed, controller)
        found = ask(_door(house=house, controller=who.controller, actor=who.actor))
    print(found.model_dump_json(indent=2))


def answer_here(ask: Ask, controller: str | None, data: Path | None) -> None:
    """As whoever may use the machine: for what a command shows without a token."""
    with _house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        found = ask(_door(house=house, controller=owner, actor=SYSTEM))
    print(found.model_dump_json(indent=2))


def print_items(items: Sequence[dict[str, object]]) -> None:
    """A list of what no route answers, in the form that routes have."""
    print(json.dumps({"items": items, "next": None}, indent=2, default=str))
