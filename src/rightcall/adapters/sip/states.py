"""The states of a recording session as SIP sees it, and the only ways from one to another."""

from enum import StrEnum

from rightcall.errors import Breach


class DialogState(StrEnum):
    """ARRIVING: no final answer yet. ANSWERED: 200 sent, ACK awaited. CONFIRMED: the ACK came. OVER: nothing more happens."""

    ARRIVING = "arriving"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    OVER = "over"


_WAYS = {
    DialogState.ARRIVING: {DialogState.ANSWERED, DialogState.OVER},
    DialogState.ANSWERED: {DialogState.CONFIRMED, DialogState.OVER},
    DialogState.CONFIRMED: {DialogState.OVER},
    DialogState.OVER: set(),
}


def moved(before: DialogState, after: DialogState) -> DialogState:
    if after not in _WAYS[before]:
        raise Breach(f"A SIP session cannot go from {before} to {after}. Tell the DPO; the call is not recorded further.")
    return after
