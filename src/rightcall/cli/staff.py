"""`rightcall staff`: the people who work here. For whoever runs it on this machine; in a browser an administrator does."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from rightcall.actors import SYSTEM, Role
from rightcall.cli.as_json import Commands
from rightcall.cli.given import one_of, read_role
from rightcall.cli.home import house_of
from rightcall.cli.lists import print_table
from rightcall.cli.place import (
    ControllerOption,
    DataOption,
    ObjectOption,
    controller_of,
    first_controller_of,
    make_data_folder,
    warn_of_misspelt,
)
from rightcall.cli.served import address_of
from rightcall.cli.words import said, words
from rightcall.database.connection import Transaction
from rightcall.ids import MemberId
from rightcall.personal import Personal
from rightcall.settings import Settings, load_settings
from rightcall.staff import leaving
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import Known, NewMember, SignUpLink
from rightcall.staff.members.rules import state_of
from rightcall.staff.openid import actions as openid
from rightcall.staff.passkeys import actions as passkeys
from rightcall.staff.rules import MEMBER_ROLES
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import Session
from rightcall.staff.sessions.rules import is_over
from rightcall.wiring import House, open_house

app = Commands(no_args_is_help=True, help="People who work here: take in, suspend, links to sign up, sessions.")
Whom = Annotated[str, typer.Argument(help="The member's id from `rightcall staff list`, or as much of it as tells it apart.")]
_ROLES = "agent, supervisor, reviewer, dpo, auditor or administrator."


@dataclass(frozen=True, slots=True)
class _Place:
    house: House
    tx: Transaction


@app.command(named=("link",))
def create(
    role: Annotated[str, typer.Option(help=_ROLES)],
    name: Annotated[str | None, typer.Option(help="What colleagues call them. Sealed. Left out: the role.")] = None,
    address: Annotated[
        str | None, typer.Option(help="The e-mail address that your OpenID provider knows them by. Sealed. Left out: none.")
    ] = None,
    data: DataOption = None,
    controller: ControllerOption = None,
) -> None:
    """Take somebody in. The last line is a link with which they add a passkey: once, within a day."""
    settings, wanted = load_settings(data=data), read_role(role, MEMBER_ROLES, "people")
    new = NewMember(
        role=wanted,
        name=Personal(name or ("DPO" if wanted is Role.DPO else wanted.value.capitalize())),
        address=None if address is None else Personal(address),
    )
    with _made(settings) as house:
        owner = first_controller_of(house.database, house.clock, controller)
        with house.database.transaction(owner.id) as tx:
            member = members.create(tx, house.vault, house.clock, new, by=SYSTEM)
            link = members.make_link(tx, house.clock, member.id, by=SYSTEM)
    words().print(f"A member of the role {wanted} at {owner.name}, with the id {member.id}.", markup=False)
    _show(settings, link)


@app.command("list")
def list_members(data: DataOption = None, controller: ControllerOption = None, as_json: ObjectOption = False) -> None:
    """Print who works here: role, state, ways to sign in, name, address, id."""
    with _place(data, controller) as place:
        known = members.known(place.tx, place.house.vault)
        keys, linked = passkeys.counts(place.tx), openid.linked(place.tx)
    rows = [_row(each, keys.get(each.member.id, 0), each.member.id in linked) for each in known]
    if as_json:
        print(json.dumps({"members": rows}))
        return
    lines = [(row["name"], row["address"], row["role"], row["state"], _ways(row), row["id"]) for row in rows]
    print_table(("Name", "Address", "Role", "State", "Signs in by", "Member"), lines)


@app.command(named=("link",))
def link(member: Whom, data: DataOption = None, controller: ControllerOption = None) -> None:
    """A new link to add a passkey with; the last line. Those made before, and not used, end."""
    with _place(data, controller) as place:
        made = members.make_link(place.tx, place.house.clock, _of(place.tx, member), by=SYSTEM)
        settings = place.house.settings
    _show(settings, made)


@app.command()
def role(
    member: Whom,
    role: Annotated[str, typer.Argument(help=_ROLES)],
    data: DataOption = None,
    controller: ControllerOption = None,
) -> None:
    """Give a member another role. Their sessions end."""
    with _place(data, controller) as place:
        members.change_role(
            place.tx, place.house.clock, _of(place.tx, member), read_role(role, MEMBER_ROLES, "people"), by=SYSTEM
        )
    words().print("Done. Whoever was signed in signs in again.")


@app.command()
def suspend(member: Whom, data: DataOption = None, controller: ControllerOption = None) -> None:
    """Let a member in no more, from now on. Their sessions end."""
    with _place(data, controller) as place:
        members.suspend(place.tx, place.house.clock, _of(place.tx, member), by=SYSTEM)
    words().print("Suspended. Nothing lets them in any more.")


@app.command()
def restore(member: Whom, data: DataOption = None, controller: ControllerOption = None) -> None:
    """Let a member in again by what let them in before."""
    with _place(data, controller) as place:
        members.restore(place.tx, place.house.clock, _of(place.tx, member), by=SYSTEM)
    words().print("Restored.")


@app.command()
def forget(member: Whom, data: DataOption = None, controller: ControllerOption = None) -> None:
    """Destroy the name and the address of a member who is suspended, for good. What they did stays under their id."""
    with _place(data, controller) as place:
        leaving.forget(place.tx, place.house.vault, place.house.clock, _of(place.tx, member), by=SYSTEM)
    words().print("Forgotten. The id stays with what was done under it, and names nobody.")


@app.command("sessions")
def list_sessions(
    member: Whom,
    revoke: Annotated[bool, typer.Option("--revoke", help="End all of them now.")] = False,
    data: DataOption = None,
    controller: ControllerOption = None,
    as_json: ObjectOption = False,
) -> None:
    """Print a member's sessions, newest first: how and when they signed in, when they were seen last, whether it is over, id."""
    with _place(data, controller) as place:
        whose = _of(place.tx, member)
        if revoke:
            sessions.end_all(place.tx, place.house.clock, whose)
        found = sessions.of_member(place.tx, whose)
        now, limits = place.house.clock.now(), limits_of(place.house.settings)
    rows = [_session(each, is_over(each, limits, now)) for each in found]
    if as_json:
        print(json.dumps({"sessions": rows}))
        return
    names = ("way", "signed_in_at", "seen_at", "state", "id")
    print_table(("By", "Since", "Seen", "State", "Session"), [[row[each] for each in names] for row in rows])


@contextmanager
def _made(settings: Settings) -> Iterator[House]:
    """The house; all that it needs is made where it is not there."""
    warn_of_misspelt()
    if settings.database_url is None:
        make_data_folder(settings.data)
    with said("Opening the database and the keys…", open_house(settings, connections=2), "Closing the database…") as house:
        yield house


@contextmanager
def _place(data: DataOption, controller: ControllerOption) -> Iterator[_Place]:
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller)
        with house.database.transaction(owner.id) as tx:
            yield _Place(house, tx)


def _of(tx: Transaction, given: str) -> MemberId:
    return one_of([(each.id, each.id) for each in members.members(tx)], given, "member", "rightcall staff list")


def _show(settings: Settings, made: SignUpLink) -> None:
    words().print(f"Their link works once, until {made.expires_at:%Y-%m-%d %H:%M} UTC, while `rightcall serve` runs:")
    print(f"{address_of(settings)}/sign-up/{made.secret}")


def _row(known: Known, keys: int, is_linked: bool) -> dict[str, str | int | bool | None]:
    member = known.member
    return {
        "id": str(member.id),
        "role": member.role.value,
        "state": state_of(member, has_a_way_in=keys > 0 or is_linked),
        "passkeys": keys,
        "account": is_linked,
        "name": None if known.name is None else known.name.reveal("list members"),
        "address": None if known.address is None else known.address.reveal("list members"),
        "created_at": _at(member.created_at),
    }


def _ways(row: Mapping[str, object]) -> str:
    return f"{row['passkeys']} passkeys{', account' if row['account'] else ''}"


def _session(session: Session, over: bool) -> dict[str, str]:
    return {
        "id": str(session.id),
        "way": session.way.value,
        "signed_in_at": _at(session.signed_in_at),
        "seen_at": _at(session.seen_at),
        "state": "over" if over else "open",
    }


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%MZ}"
