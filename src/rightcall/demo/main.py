"""`rightcall demo`: the whole way of a call, from ring to proof, on real SIP calls with sound."""

import shlex
import signal
import threading
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from rightcall.demo import afterwards, calls
from rightcall.demo.past import past
from rightcall.demo.patience import Patience
from rightcall.demo.reviewing import reviews
from rightcall.demo.show import Show
from rightcall.demo.sounds import CALLS, speak
from rightcall.demo.stage import Stage, make_fresh, set_up
from rightcall.errors import Breach


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the story; else the API is served until Ctrl-C.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the demo plays. An earlier demo there is removed.")] = Path(
        "rightcall-demo"
    ),
    quarter: Annotated[
        bool, typer.Option(help="Make up a quarter of a year first, so that there is something to look at.")
    ] = True,
) -> None:
    """Make up a quarter of a year of a contact centre, place four real calls, and show, step by step, what was recorded, what was
    not, and the proof."""
    show = Show()
    folder = folder.resolve()
    show.console.print(
        "[bold]Rightcall: from ring to proof.[/bold] About three minutes. Everything you see happens on this machine, now."
    )
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with ExitStack() as standing:
        register = standing.enter_context(as_file(files("rightcall.demo") / "register.toml"))
        make_fresh(folder)
        if quarter:
            past(folder, register, show)
        with show.console.status("Starting Rightcall…"):
            stage = standing.enter_context(set_up(folder, register, Patience(show)))
        _story(stage, show, folder)
        _end(stage, show, once=once)


def _story(stage: Stage, show: Show, folder: Path) -> None:
    reviews(stage, show)
    sounds = speak(folder / "sounds", CALLS)
    told = [scene(stage, show, sounds) for scene in (calls.yes_and_no, calls.all_no, calls.withdrawn, calls.card)]
    _stop_where_it_was_not_so(show)
    ada = told[0]
    file = afterwards.bytes_and_keys(stage, show, ada, sounds)
    subject = afterwards.holdings(stage, show, ada)
    afterwards.receipts(stage, show, told)
    backup = afterwards.erase(stage, show, subject, ada, file)
    afterwards.drill(stage, show, subject, file.name, backup)
    afterwards.verify(stage, show)


def _stop_where_it_was_not_so(show: Show) -> None:
    if show.failures:
        raise Breach(f"{len(show.failures)} things that the demo looked at were not so. They are marked above.")


def _end(stage: Stage, show: Show, *, once: bool) -> None:
    show.console.print()
    _stop_where_it_was_not_so(show)
    show.say(f"Receipts, proofs and certificates are in {stage.proofs}. To check one, now or later (FILE is any of them):")
    key_file = shlex.quote(str(stage.proofs / "ledger.vkey"))
    show.console.print(f"    .venv/bin/rightcall verify --key-file {key_file} FILE", soft_wrap=True)
    if once:
        return
    data = shlex.quote(str(stage.data))
    show.say(f"All is served until Ctrl-C. What the company tells everybody: http://{stage.http}/")
    show.say("For the console, as its DPO, open the link that this prints last:")
    create = f".venv/bin/rightcall staff create --role dpo --data {data}"
    show.console.print(f"    RIGHTCALL_HTTP={stage.http} {create}", soft_wrap=True)
    show.say(f"The API is at http://{stage.http}/api/v1 (its description: /openapi.json):")
    show.console.print(f"    TOKEN=$(.venv/bin/rightcall token create --role dpo --data {data})", soft_wrap=True)
    show.console.print(f'    curl -H "Authorization: Bearer $TOKEN" http://{stage.http}/api/v1/calls', soft_wrap=True)
    waiting = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: waiting.set())
    waiting.wait()
