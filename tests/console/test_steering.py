"""Sentences that name a command lead to the room in which the same is done."""

from types import SimpleNamespace

from jinja2 import Environment

from rightcall.actors import Role
from rightcall.cli.commands import COMMANDS
from rightcall.console.places import ROOMS
from rightcall.console.steering import PLACES, steered
from rightcall.design.tongues import Tongue
from rightcall.procedures.rules import SAYS
from rightcall.safety.rules import ADVICE
from rightcall.staff.rules import MAY


def test_each_command_there_is_leads_to_a_room_there_is() -> None:
    assert set(PLACES) <= set(COMMANDS)
    assert set(PLACES.values()) <= {room.place for rooms in ROOMS.values() for room in rooms}


def test_what_needs_a_person_leads_where_they_do_it() -> None:
    for says in (*SAYS.values(), *ADVICE.values()):
        assert "`" not in _said(says), says
    held = _said("Holds wait for a second person's word, and end without it: `rightcall hold list`.")
    assert held.endswith('end without it: <a href="/console/holds">Holds</a>.')


def test_what_is_done_by_command_alone_is_shown_and_nothing_else_is_markup() -> None:
    assert _said("`rightcall drill` <b>now</b>") == "<code>rightcall drill</code> &lt;b&gt;now&lt;/b&gt;"


def test_whoever_may_not_go_there_is_told_its_name_and_led_nowhere() -> None:
    says = "Look at it: `rightcall system show`."
    assert _said(says, Role.REVIEWER) == "Look at it: <strong>Systems</strong> (for other roles)."
    assert _said(says, Role.AUDITOR) == 'Look at it: <a href="/console/systems">Systems</a>.'


def _said(sentence: str, role: Role = Role.DPO) -> str:
    pages = Environment(autoescape=True)
    pages.filters["steered"] = steered
    inside = SimpleNamespace(may=lambda deed: role in MAY[deed])
    return pages.from_string("{{ it|steered }}").render(it=sentence, tongue=Tongue(), inside=inside)
