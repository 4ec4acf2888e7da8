"""`rightcall testcall`: place a call into a deployment and report what its recorder did."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from rightcall.errors import Malformed
from rightcall.settings import host_and_port
from rightcall.testcall.call import DeskOfCall, OutgoingCall
from rightcall.testcall.desk import Desk
from rightcall.testcall.model import Leg, Person
from rightcall.testcall.sound import frames_of, tone

_ANSWERS = ("granted", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Moments in seconds since the call stood; None: it does not happen."""

    answers: dict[str, str]
    withdrawals: dict[str, float]
    pause_at: float | None
    resume_at: float | None
    seconds: float
    language: str


def place(
    token: Annotated[str, typer.Option(envvar="RIGHTCALL_TOKEN", help="API token with the role agent.")],
    sip: Annotated[str, typer.Option(help="HOST:PORT of the recorder's SIP address.")] = "127.0.0.1:5070",
    api: Annotated[str, typer.Option(help="Address of the API.")] = "http://127.0.0.1:8740",
    transport: Annotated[str, typer.Option(help="UDP or TCP.")] = "UDP",
    caller: Annotated[str, typer.Option(help="The caller's number in E.164.")] = "+12025550143",
    agent: Annotated[str, typer.Option(help="The contact-centre agent's SIP URI.")] = "sip:testcall@agents.invalid",
    caller_sound: Annotated[Path | None, typer.Option(exists=True, help="What the caller says. Empty: a tone.")] = None,
    agent_sound: Annotated[Path | None, typer.Option(exists=True, help="What the agent says. Empty: a tone.")] = None,
    answer: Annotated[list[str] | None, typer.Option(help="PURPOSE=granted or PURPOSE=refused; repeat for more.")] = None,
    keys: Annotated[str | None, typer.Option(help="Digits the caller keys at the start, after the notices were put.")] = None,
    ask: Annotated[list[str] | None, typer.Option(help="PURPOSE whose notice is put to the caller; repeat for more.")] = None,
    language: Annotated[str, typer.Option(help="Language of the notices.")] = "en",
    pause_at: Annotated[float | None, typer.Option(help="Seconds until the agent pauses for card data.")] = None,
    resume_at: Annotated[float | None, typer.Option(help="Seconds until the agent resumes.")] = None,
    withdraw: Annotated[list[str] | None, typer.Option(help="PURPOSE@SECONDS; repeat for more.")] = None,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long the call lasts.")] = 8.0,
) -> None:
    """Place a test call from sound files, answer a notice, pause, withdraw, and report what the recorder did."""
    console = Console()
    plan = Plan(
        answers=_pairs(answer or [], "=", _ANSWERS),
        withdrawals={purpose: _seconds(moment) for purpose, moment in _pairs(withdraw or [], "@", None).items()},
        pause_at=pause_at,
        resume_at=resume_at,
        seconds=seconds,
        language=language,
    )
    legs = (
        Leg(label="1", person=Person(ref="caller", aor=f"tel:{caller}", name="Test Caller")),
        Leg(label="2", person=Person(ref="agent", aor=agent, name="Test Agent")),
    )
    call = OutgoingCall(host_and_port(sip), legs, transport=transport.upper())
    desk = Desk(api, token)
    console.print(f"Calling {sip} over {transport.upper()} ...")
    call.place()
    call.say("caller", frames_of(caller_sound) if caller_sound else tone(440, seconds))
    call.say("agent", frames_of(agent_sound) if agent_sound else tone(330, seconds))
    at_the_desk = DeskOfCall(desk, caller)
    console.print(f"The recorder took the call; Rightcall knows it as {at_the_desk.id}.")
    for purpose in ask or []:
        at_the_desk.ask(purpose, language, party=at_the_desk.party("customer"))
    if keys:
        call.key("caller", keys)
    _play(at_the_desk, plan, console)
    sent = call.hang_up()
    state = at_the_desk.state_when_finished()
    console.print("The call is over. What the recorder did:")
    console.print(_timeline(state))
    kept = sum(take["packets"] or 0 for take in state["takes"])
    console.print(f"Sent {sum(leg.packets for leg in sent)} packets; kept {kept} in {len(state['takes'])} takes.")


def _play(desk: DeskOfCall, plan: Plan, console: Console) -> None:
    """Everything at its moment, in order of time."""
    customer = desk.party("customer")
    begun = time.monotonic()
    deeds: list[tuple[float, str, Any]] = [
        (0.0, f"{purpose}: {said}", lambda p=purpose, s=said: desk.choose(p, s, plan.language, party=customer, heard="test call"))
        for purpose, said in plan.answers.items()
    ]
    deeds += [
        (
            moment,
            f"{purpose}: withdrawn",
            lambda p=purpose: desk.choose(p, "withdrawn", plan.language, party=customer, heard="test call"),
        )
        for purpose, moment in plan.withdrawals.items()
    ]
    if plan.pause_at is not None:
        deeds.append((plan.pause_at, "pause for card data", lambda: desk.pause("card_data")))
    if plan.resume_at is not None:
        deeds.append((plan.resume_at, "resume", desk.resume))
    for moment, what, deed in sorted(deeds, key=lambda each: each[0]):
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        started = time.monotonic()
        deed()
        console.print(f"{moment:6.1f} s  {what}: confirmed after {1000 * (time.monotonic() - started):.0f} ms")
    time.sleep(max(0.0, begun + plan.seconds - time.monotonic()))


def _timeline(state: dict[str, Any]) -> Table:
    table = Table("at", "what", "why", box=None)
    for entry in state["timeline"]:
        table.add_row(entry["at"][11:23], entry["kind"].replace("_", " "), (entry["reason"] or "").replace("_", " "))
    return table


def _pairs(words: list[str], mark: str, allowed: tuple[str, ...] | None) -> dict[str, str]:
    pairs = {}
    for word in words:
        purpose, found, value = word.partition(mark)
        if not found or not purpose or (allowed and value not in allowed):
            raise Malformed(
                f"Give it as PURPOSE{mark}{'|'.join(allowed) if allowed else 'SECONDS'}, for example training{mark}granted."
            )
        pairs[purpose] = value
    return pairs


def _seconds(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise Malformed("The moment of a withdrawal is a number of seconds, as in training@6.") from None
