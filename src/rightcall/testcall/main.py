"""`rightcall testcall`: place a call into a deployment and report what its recorder did."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from rightcall.settings import load_settings
from rightcall.testcall.call import DeskOfCall, OutgoingCall
from rightcall.testcall.desk import Desk
from rightcall.testcall.model import Leg, Person, Sent, Transport
from rightcall.testcall.plan import Plan, answers_in, no_answer, sip_address, withdrawals_in
from rightcall.testcall.report import HEADS, advice_on, kept_of, lines_of
from rightcall.testcall.sound import frames_of, tone

_NOTICED_SECONDS = 300.0


def place(
    token: Annotated[str, typer.Option(envvar="RIGHTCALL_TOKEN", help="API token with the role agent.")],
    sip: Annotated[str, typer.Option(help="HOST:PORT of the recorder's SIP address.")] = "127.0.0.1:5070",
    api: Annotated[str | None, typer.Option(help="Address of the API. Left out: at RIGHTCALL_HTTP on this machine.")] = None,
    transport: Annotated[Transport, typer.Option(case_sensitive=False, help="UDP, TCP or TLS.")] = Transport.UDP,
    tls_trust: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Certificates (PEM) to believe. Empty: the machine's.")
    ] = None,
    caller: Annotated[str, typer.Option(help="The caller's number in E.164.")] = "+12025550143",
    agent: Annotated[str, typer.Option(help="The contact-centre agent's SIP URI.")] = "sip:testcall@agents.invalid",
    caller_sound: Annotated[Path | None, typer.Option(exists=True, help="What the caller says. Empty: a tone.")] = None,
    agent_sound: Annotated[Path | None, typer.Option(exists=True, help="What the agent says. Empty: a tone.")] = None,
    answer: Annotated[list[str] | None, typer.Option(help="PURPOSE=granted or PURPOSE=refused; repeat for more.")] = None,
    ask: Annotated[list[str] | None, typer.Option(help="PURPOSE whose notice is put to the caller; repeat for more.")] = None,
    keys: Annotated[str, typer.Option(help="Digits the caller keys, one for each --ask, in that order.")] = "",
    language: Annotated[str, typer.Option(help="Language of the notices.")] = "en",
    pause_at: Annotated[float | None, typer.Option(help="Seconds until the agent pauses for card data.")] = None,
    resume_at: Annotated[float | None, typer.Option(help="Seconds until the agent resumes.")] = None,
    withdraw: Annotated[list[str] | None, typer.Option(help="PURPOSE@SECONDS; repeat for more.")] = None,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long the call lasts.")] = 8.0,
    vanish: Annotated[bool, typer.Option("--vanish", help="End as a client that died, without a BYE.")] = False,
) -> None:
    """Place a test call from sound files, answer a notice, pause, withdraw, and report what the recorder did."""
    plan = Plan(
        asks=tuple(ask or ()),
        keys=keys,
        answers=answers_in(answer or []),
        withdrawals=withdrawals_in(withdraw or []),
        pause_at=pause_at,
        resume_at=resume_at,
        seconds=seconds,
        language=language,
    )
    recorder = sip_address(sip)
    sounds = {
        "caller": frames_of(caller_sound) if caller_sound else tone(440, seconds),
        "agent": frames_of(agent_sound) if agent_sound else tone(330, seconds),
    }
    console, desk = Console(highlight=False), Desk(api or f"http://{load_settings().http}", token)
    plan.check(desk)
    known = desk.live_calls(tel=caller)
    legs = (
        Leg(label="1", person=Person(ref="caller", aor=f"tel:{caller}", name="Test Caller")),
        Leg(label="2", person=Person(ref="agent", aor=agent, name="Test Agent")),
    )
    console.print(f"Calling {sip} over {transport.value} ...")
    call = OutgoingCall(recorder, legs, transport=transport.value, trusted=tls_trust)
    call.place()
    try:
        at_the_desk = DeskOfCall(desk, caller, known=known)
        console.print(f"The recorder took the call; Rightcall knows it as {at_the_desk.id}.")
        _answer_by_key(call, at_the_desk, plan, console)
        for who, frames in sounds.items():
            call.say(who, frames)
        _play(at_the_desk, plan, console)
    finally:
        sent = call.vanish() if vanish else call.hang_up()
    if vanish:
        _wait_until_noticed(at_the_desk, console)
    _report(at_the_desk, desk, sent, console)


def _answer_by_key(call: OutgoingCall, desk: DeskOfCall, plan: Plan, console: Console) -> None:
    """Puts each notice, and has the caller press the key that is meant for it."""
    customer = desk.caller()
    for number, purpose in enumerate(plan.asks):
        notice = desk.ask(purpose, plan.language, party=customer)
        console.print(f"        {purpose}: the notice was put to the caller")
        if digit := plan.keys[number : number + 1]:
            call.key("caller", digit)
            call.let_them_finish()
            console.print(f"        {purpose}: the caller pressed {digit}")
            if why := no_answer(digit, notice):
                console.print(f"        {purpose}: {why}")


def _play(desk: DeskOfCall, plan: Plan, console: Console) -> None:
    """Everything at its moment, in order of time."""
    customer = desk.caller()
    choose = partial(desk.choose, language=plan.language, party=customer, heard="test call")
    deeds: list[tuple[float, str, Callable[[], Any]]] = [
        (0.0, f"{purpose}: {said}", partial(choose, purpose, said)) for purpose, said in plan.answers.items()
    ]
    deeds += [(at, f"{purpose}: withdrawn", partial(choose, purpose, "withdrawn")) for purpose, at in plan.withdrawals.items()]
    if plan.pause_at is not None:
        deeds.append((plan.pause_at, "pause for card data", partial(desk.pause, "card_data")))
    if plan.resume_at is not None:
        deeds.append((plan.resume_at, "resume", desk.resume))
    begun = time.monotonic()
    for moment, what, deed in sorted(deeds, key=lambda each: each[0]):
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        started = time.monotonic()
        deed()
        console.print(f"{moment:6.1f} s  {what}: confirmed after {1000 * (time.monotonic() - started):.0f} ms")
    time.sleep(max(0.0, begun + plan.seconds - time.monotonic()))


def _wait_until_noticed(desk: DeskOfCall, console: Console) -> None:
    """A client that died says nothing: the recorder has to find out."""
    begun = time.monotonic()
    with console.status("The client is gone without a word; waiting until the recorder notices ..."):
        ended_at = desk.state_when_finished(_NOTICED_SECONDS)["ended_at"]
    if ended_at is None:
        console.print(f"The recorder has not noticed within {_NOTICED_SECONDS:.0f} seconds. It still waits for sound.")
    else:
        console.print(f"The recorder noticed after {time.monotonic() - begun:.0f} seconds.")


def _report(at_the_desk: DeskOfCall, desk: Desk, sent: list[Sent], console: Console) -> None:
    state = at_the_desk.state_when_finished()
    table = Table(*HEADS, box=None)
    for line in lines_of(state, desk.purpose_keys()):
        table.add_row(*line)
    console.print("What the recorder did:" if state["ended_at"] is None else "The call is over. What the recorder did:")
    console.print(table)
    console.print(f"Of {sum(leg.packets for leg in sent)} packets that were sent, {kept_of(state)}.")
    if advice := advice_on(state):
        console.print(advice)
