"""A call's timeline in words: when, who, what, for which purpose, why."""

from collections.abc import Iterator, Mapping
from typing import Any

from rightcall.recordings.saying import HAPPENED, why

HEADS = ("at", "who", "what", "for", "why")


def lines_of(state: Mapping[str, Any], purposes: Mapping[str, str]) -> Iterator[tuple[str, str, str, str, str]]:
    """`purposes`: keys by id."""
    who = {party["id"]: party["role"].replace("_", " ") for party in state["parties"]}
    for entry in state["timeline"]:
        kind, reason = entry["kind"], entry["reason"] or ""
        yield (
            entry["at"][11:23],
            who.get(entry["party"], ""),
            HAPPENED[kind],
            purposes.get(entry["purpose"], ""),
            "" if kind == "joined" else why(reason),
        )


def kept_of(state: Mapping[str, Any]) -> str:
    """How much of the call is kept, and how much of that went dark again: for every purpose that it was kept for."""
    packets = sum(take["packets"] or 0 for take in state["takes"])
    gone = {(entry["take"], entry["purpose"]) for entry in state["timeline"] if entry["kind"] == "went_dark"}
    dark = sum(take["packets"] or 0 for take in state["takes"] if all((take["id"], each) in gone for each in take["purposes"]))
    if not packets:
        return "nothing was kept"
    if not dark:
        takes = len(state["takes"])
        return f"{packets} are kept, in {takes} take{'' if takes == 1 else 's'}"
    which = "all" if dark == packets else str(dark)
    return f"{packets} had been kept; {which} of them are dark now, their key destroyed by the withdrawal"


def advice_on(state: Mapping[str, Any]) -> str | None:
    """What to set right where the recorder took everybody for a customer."""
    if any(party["role"] == "agent" for party in state["parties"]):
        return None
    return "The agent counted as a customer too, whose yes is needed. Give --agent an address among the trunk's staff."
