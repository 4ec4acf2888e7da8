"""Sentences that name a command lead to the room in which the same is done."""

from rightcall.cli.main import COMMANDS
from rightcall.console.places import ROOMS
from rightcall.console.steering import PLACES, steered
from rightcall.design.tongues import Tongue
from rightcall.procedures.rules import SAYS
from rightcall.safety.rules import ADVICE


def test_each_command_there_is_leads_to_a_room_there_is() -> None:
    assert set(PLACES) <= set(COMMANDS)
    assert set(PLACES.values()) <= {room.place for rooms in ROOMS.values() for room in rooms}


def test_what_needs_a_person_leads_where_they_do_it() -> None:
    for says in (*SAYS.values(), *ADVICE.values()):
        assert "`" not in steered(Tongue(), says), says
    held = steered(Tongue(), "Holds wait for a second person's word, and end without it: `rightcall hold list`.")
    assert held.endswith('end without it: <a href="/console/holds">Holds</a>.')


def test_what_is_done_by_command_alone_is_shown_and_nothing_else_is_markup() -> None:
    assert steered(Tongue(), "`rightcall drill` <b>now</b>") == "<code>rightcall drill</code> &lt;b&gt;now&lt;/b&gt;"
