"""`rightcall token`: API tokens. A token is shown once, when it is made; only its hash is kept."""

from typing import Annotated

import typer

from rightcall.actors import SYSTEM
from rightcall.cli.answering import print_items
from rightcall.cli.as_json import Commands
from rightcall.cli.given import one_of, read_role
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, controller_of, database_of, first_controller_of
from rightcall.cli.words import words
from rightcall.clock import SystemClock
from rightcall.settings import load_settings
from rightcall.staff.actions import create_token, revoke_token
from rightcall.staff.actions import tokens as all_tokens
from rightcall.staff.model import Token
from rightcall.staff.rules import TOKEN_ROLES

app = Commands(no_args_is_help=True, help="API tokens: make, list, revoke.")


@app.command(named=("token",))
def create(
    role: Annotated[str, typer.Option(help="agent, supervisor, reviewer, dpo, auditor, administrator, engineer or conserver.")],
    data: DataOption = None,
    controller: ControllerOption = None,
    label: Annotated[str, typer.Option(help="Which program it is for, so that it can be told from others. No person.")] = "",
    days: Annotated[int, typer.Option(help="Days until it ends by itself.")] = 365,
) -> None:
    """Make a token. It is the last line of standard output, and is never shown again."""
    wanted = read_role(role, TOKEN_ROLES, "a token")
    clock = SystemClock()
    with database_of(load_settings(data=data), may_make=True) as database:
        owner = first_controller_of(database, clock, controller)
        with database.transaction(owner.id) as tx:
            made = create_token(tx, clock, role=wanted, by=SYSTEM, label=label, days=days)
    words().print(f"A token of the role {wanted} at {owner.name}, until {made.token.expires_at:%Y-%m-%d}. Shown this once:")
    print(made.secret)


@app.command("list")
def list_tokens(as_json: JsonOption = False, data: DataOption = None, controller: ControllerOption = None) -> None:
    """Print the tokens of a controller: what it is for, role, made and by whom, ends, used last (to the hour), whether it opens
    anything, id. The secrets are not kept."""
    with database_of(load_settings(data=data)) as database:
        owner = controller_of(database, controller)
        with database.transaction(owner.id) as tx:
            found = all_tokens(tx)
    if as_json:
        print_items([_plain(each) for each in found])
        return
    if not found:
        words().print("There is no token yet: rightcall token create --role ROLE")
    print_table(("For", "Role", "Made", "By", "Ends", "Used", "State", "Token"), [_row(each) for each in found])


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="The token's id from `rightcall token list`, or as much of it as tells it apart.")],
    data: DataOption = None,
    controller: ControllerOption = None,
) -> None:
    """End a token now."""
    clock = SystemClock()
    with database_of(load_settings(data=data)) as database:
        owner = controller_of(database, controller)
        with database.transaction(owner.id) as tx:
            wanted = one_of([(each.id, each.id) for each in all_tokens(tx)], token, "token", "rightcall token list")
            revoke_token(tx, clock, token=wanted, by=SYSTEM)
    words().print("Revoked. It opens nothing any more.")


def _row(token: Token) -> tuple[object, ...]:
    by = None if token.made_by is None else token.made_by.role
    used = "not used" if token.used_at is None else f"{token.used_at:%Y-%m-%d %H:%M}"
    made, ends = f"{token.created_at:%Y-%m-%d}", f"{token.expires_at:%Y-%m-%d}"
    return (token.label, token.role, made, by, ends, used, _state(token), token.id)


def _state(token: Token) -> str:
    if token.revoked_at is not None:
        return f"revoked {token.revoked_at:%Y-%m-%d %H:%M}"
    return "waits for a DPO" if token.waits else ""


def _plain(token: Token) -> dict[str, object]:
    """Without its digest. `made_by`: null where it is older than that was written down."""
    names = ("id", "role", "label", "created_at", "expires_at", "used_at", "revoked_at", "waits")
    by = token.made_by
    return {name: getattr(token, name) for name in names} | {
        "made_by": None if by is None else by.id,
        "made_by_role": None if by is None else by.role,
    }
