"""`rightcall demo`: the whole way of a call, from ring to proof, on real SIP calls with sound."""

import shlex
import signal
import socket
import threading
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from rightcall.actors import Role
from rightcall.demo import afterwards, calls
from rightcall.demo.outside.model import Customer, Town
from rightcall.demo.outside.ringing import Ringing
from rightcall.demo.outside.server import outside
from rightcall.demo.past import past
from rightcall.demo.patience import Patience, TooBusy
from rightcall.demo.people import COLLEAGUES, NORTHWIND
from rightcall.demo.reviewing import reviews
from rightcall.demo.show import Show
from rightcall.demo.sounds import CALLS, speak
from rightcall.demo.stage import Stage, free, make_fresh, set_up
from rightcall.demo.visiting import DAN, own_page
from rightcall.errors import Breach
from rightcall.requests.codes.rules import PER_IDENTIFIER
from rightcall.settings import host_and_port
from rightcall.testcall.model import Person


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the story; else the API is served until Ctrl-C.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the demo plays. An earlier demo there is removed.")] = Path(
        "rightcall-demo"
    ),
    quarter: Annotated[
        bool, typer.Option(help="Make up a quarter of a year first, so that there is something to look at.")
    ] = True,
    http: Annotated[int, typer.Option(help="Rightcall's port, or any free one where that is taken.")] = 8740,
    front: Annotated[int, typer.Option(help="The port of the demo's own page, or any free one where that is taken.")] = 8741,
) -> None:
    """Make up a quarter of a year of a contact centre, place four real calls, and show, step by step, what was recorded, what was
    not, and the proof."""
    show = Show()
    folder = folder.resolve()
    show.console.print(
        "[bold]Rightcall: from ring to proof.[/bold] Three to six minutes. Everything you see happens on this machine, now."
    )
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with ExitStack() as standing:
        register = standing.enter_context(as_file(files("rightcall.demo") / "register.toml"))
        make_fresh(folder)
        town = Town(COLLEAGUES, show.letter)
        town.customers.append(Customer(company=NORTHWIND, tel=DAN, why="called just now, and paid by card during a pause"))
        if quarter:
            known = past(folder, register, show).customers
            town.customers += [Customer(company=NORTHWIND, tel=each.tel, why=each.why) for each in known]
        with show.console.status("Starting Rightcall…"):
            around = standing.enter_context(outside(town, folder / "secrets", host_and_port(free(front, socket.SOCK_STREAM))[1]))
            stage = standing.enter_context(set_up(folder, register, around, Patience(show), wanted=http))
        sounds = speak(folder / "sounds", CALLS)
        _story(stage, show, sounds)
        _end(stage, show, sounds, once=once)


def _story(stage: Stage, show: Show, sounds: dict[str, list[bytes]]) -> None:
    reviews(stage, show)
    try:
        told = _calls(stage, show, sounds)
    except TooBusy:
        _stop_where_it_was_not_so(show)
        raise
    _stop_where_it_was_not_so(show)
    own_page(stage, show)
    ada = told[0]
    key = afterwards.bytes_and_keys(stage, show, ada, sounds)
    subject = afterwards.holdings(stage, show, ada)
    afterwards.receipts(stage, show, told)
    backup = afterwards.erase(stage, show, subject, ada, key)
    afterwards.drill(stage, show, subject, key.rpartition("/")[2], backup)
    afterwards.verify(stage, show)


def _calls(stage: Stage, show: Show, sounds: dict[str, list[bytes]]) -> list[calls.Told]:
    return [scene(stage, show, sounds) for scene in (calls.yes_and_no, calls.all_no, calls.withdrawn, calls.card)]


def _stop_where_it_was_not_so(show: Show) -> None:
    if show.failures:
        raise Breach(f"{len(show.failures)} things that the demo looked at were not so. They are marked above.")


def _end(stage: Stage, show: Show, sounds: dict[str, list[bytes]], *, once: bool) -> None:
    show.console.print()
    _stop_where_it_was_not_so(show)
    show.say(f"Receipts, proofs and certificates are in {stage.proofs}. To check one, now or later (FILE is any of them):")
    key_file = shlex.quote(str(stage.proofs / "ledger.vkey"))
    show.console.print(f"    .venv/bin/rightcall verify --key-file {key_file} FILE", soft_wrap=True)
    if once:
        return
    stage.outside.town.ringing, stage.outside.town.is_telling = _telephone(stage, sounds), False
    _invite(stage, show)
    waiting = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: waiting.set())
    waiting.wait()


def _telephone(stage: Stage, sounds: dict[str, list[bytes]]) -> Ringing:
    """Whoever rings next, when the page says so: an agent who is signed in has it on the desk."""
    [ida] = [each for each in COLLEAGUES if each.company == NORTHWIND and each.role is Role.AGENT]
    return Ringing(
        sip=stage.sip,
        caller=Person(ref="caller", aor="tel:+442079460055", name="Eve Example"),
        agent=Person(ref="agent", aor=f"sip:{ida.address}", name=ida.name),
        sound=sounds["dan-after"],
    )


def _invite(stage: Stage, show: Show) -> None:
    """Where to look, as whom, and how to get in."""
    town, data = stage.outside.town, shlex.quote(str(stage.data))
    show.chapter("Now you")
    show.say("All is served until Ctrl-C. One page has everything in one place: who is who, and what comes by text or e-mail.")
    first = next(iter(town.companies.values()))
    show.pairs(
        [
            ("begin here", stage.outside.address),
            ("as somebody who works there", f"{town.rightcall}/sign-in: go to your company's page, and say who you are"),
            ("as a customer", f"{town.rightcall}/me/{first}: a number of these, and the code that comes"),
            *(("", f"  {each.tel}  {each.why} ({town.codes_left(each.tel)} codes left this hour)") for each in town.customers),
            ("as anybody", f"{town.rightcall}/about/{first}"),
        ]
    )
    show.say(
        f"A customer's code appears on that page and here as soon as it is asked for: {PER_IDENTIFIER} an hour for each number,"
        " and the story has used one of Dan's. For the API:"
    )
    show.command(f"TOKEN=$(.venv/bin/rightcall token create --role dpo --controller {shlex.quote(NORTHWIND)} --data {data})")
    show.command(f'curl -H "Authorization: Bearer $TOKEN" {town.rightcall}/api/v1/calls')
