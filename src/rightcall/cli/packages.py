"""`rightcall requests package …`: the copy that a person asked for, how far it is, and handing it over."""

from typing import Annotated
from uuid import UUID

import typer

from rightcall.api.address import PREFIX
from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk
from rightcall.cli.given import read_id
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.served import address_of
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words
from rightcall.ids import HoldingId, RequestId
from rightcall.later import later
from rightcall.requests.packages import actions as packages
from rightcall.requests.packages.model import State
from rightcall.staff.model import Deed

_package = later("rightcall.api.packages:get_package")

app = Commands(no_args_is_help=True, help="The copy that a person asked for: how far it is, and handing it over.")
RequestArgument = Annotated[str, typer.Argument(help="The request's id. `rightcall requests list` prints them.")]


@app.command()
def show(
    token: TokenOption,
    request: RequestArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print how far it is, what became of what is held, and what waits for your word."""
    if as_json:
        answer_signed(lambda door: _package(door, _uuid(request)), Deed.SEE_REQUESTS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_REQUESTS) as at:
        found = packages.get(at.tx, RequestId(_uuid(request)))
        counts = packages.counts(at.tx, found.id)
        waiting = packages.waiting(at.tx, found.id)
        until = packages.waits_for_processors(at.tx, at.house.clock, found)
        so_far = packages.reached(at.tx, found)
        size = sum(part.plain_length for part in packages.parts(at.tx, found.id))
    taken = "" if found.taken_at is None else f", taken {found.taken_at:%Y-%m-%d %H:%M}Z"
    print(f"{found.id}  {found.state}  {size:,} bytes  until {found.until:%Y-%m-%d}{taken}")
    if found.state in (State.MAKING, State.WAITING):
        print(f"{so_far.done:,} of {so_far.of:,} things looked at")
    if until is not None:
        print(
            f"waits for what processors answer, until {until:%Y-%m-%d} at the latest: rightcall processor orders --for {request}"
        )
    for state, number in counts.by_state.items():
        print(f"{number:>9,}  {state}")
    for each in waiting:
        print(f"waits for your word: {each.holding}  {each.why}{'' if each.call is None else f'  call {each.call}'}")


@app.command()
def make(token: TokenOption, request: RequestArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Have it made anew: the one before is let go."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        packages.ask(at.tx, at.house.clock, RequestId(_uuid(request)), by=at.who.actor)
    words().print("It is being made. Look with: rightcall requests package show")


@app.command()
def decide(
    token: TokenOption,
    request: RequestArgument,
    holding: Annotated[str, typer.Argument(help="What waits: the holding's id, as `show` prints it.")],
    give: Annotated[bool, typer.Option("--give/--withhold", help="Whether the person gets it as it is.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say of something in which others are heard or told of, once you have listened or read, whether the person gets it."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        rest = packages.decide(
            at.tx, at.house.clock, RequestId(_uuid(request)), HoldingId(_uuid(holding)), give=give, by=at.who.actor
        )
    words().print(f"Written down. {rest:,} wait still." if rest else "Written down. The package is gone on with.")


@app.command("hand-over", named=("link", "code"))
def hand_over(token: TokenOption, request: RequestArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Print the link and the code, this once. The request is answered with it, and nobody here can open the package any more."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        handed = packages.hand_over(at.tx, at.house.vault, at.house.clock, RequestId(_uuid(request)), by=at.who.actor)
        place = address_of(at.house.settings)
    words().print(f"It works once, until {handed.until:%Y-%m-%d}. Send the link one way, and the code another.")
    print(f"link: {place}{PREFIX}/public/packages/{handed.link}")
    print(f"code: {handed.code}")


@app.command("let-go")
def let_go(token: TokenOption, request: RequestArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Let go of it: nothing opens it from now on, and its bytes are deleted."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        packages.let_go(at.tx, at.house.clock, packages.get(at.tx, RequestId(_uuid(request))).id)
    words().print("Let go. Its bytes are deleted as soon as a worker runs.")


def _uuid(text: str) -> UUID:
    return read_id(text, "`rightcall requests list` prints those of requests.")
