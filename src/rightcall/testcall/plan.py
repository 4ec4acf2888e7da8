"""What a test call is to do, read from the command line and checked before anybody is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rightcall.errors import Malformed
from rightcall.settings import host_and_port
from rightcall.testcall.desk import Desk

_ANSWERS = ("granted", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Moments in seconds since the notices were put; None: it does not happen."""

    asks: tuple[str, ...]
    keys: str
    answers: dict[str, str]
    withdrawals: dict[str, float]
    pause_at: float | None
    resume_at: float | None
    seconds: float
    language: str

    def __post_init__(self) -> None:
        moments = [*self.withdrawals.values(), *(moment for moment in (self.pause_at, self.resume_at) if moment is not None)]
        if any(not 0 <= moment < self.seconds for moment in moments):
            raise Malformed(f"Everything has to happen within the call's {self.seconds:g} seconds. Give more with --seconds.")
        if self.resume_at is not None and (self.pause_at is None or self.resume_at <= self.pause_at):
            raise Malformed("The agent resumes after a pause. Give a --pause-at that is earlier than --resume-at.")
        if self.keys and not self.asks:
            raise Malformed("Keys answer a notice. Say with --ask which purposes' notices are put to the caller.")

    def check(self, desk: Desk) -> None:
        """Declined, before anybody is called, where a purpose has no notice in the language, no review of it is in
        force, or keys would be heard by nobody."""
        for purpose in {*self.asks, *self.answers, *self.withdrawals}:
            known = desk.purpose(purpose)
            notice = desk.notice(known["id"], self.language)
            if not known["review"]["in_force"]:
                why = " ".join(f"{each['says']} {each['instead']}" for each in known["review"]["why_not"])
                raise Malformed(f"Nothing runs for {purpose}: {why} docs/howto/review-a-purpose.md shows how.")
            if self.keys and purpose in self.asks and notice["keypad"] is None:
                raise Malformed(f"The notice of {purpose} has no keypad, so keys do not answer it.")


def no_answer(digit: str, notice: Mapping[str, Any]) -> str | None:
    """Why this key does not answer this notice; None where it does."""
    keypad = notice["keypad"]
    if keypad is not None and digit in (keypad["yes"], keypad["no"]):
        return None
    keys = "it has no keypad" if keypad is None else f"{keypad['yes']} is yes and {keypad['no']} is no"
    return f"{digit} does not answer this notice: {keys}"


def answers_in(words: list[str]) -> dict[str, str]:
    return _pairs(words, "=", "granted or refused", _ANSWERS)


def withdrawals_in(words: list[str]) -> dict[str, float]:
    return {purpose: _seconds(moment) for purpose, moment in _pairs(words, "@", "SECONDS", None).items()}


def sip_address(word: str) -> tuple[str, int]:
    """HOST:PORT."""
    try:
        host, port = host_and_port(word)
    except ValueError:
        host, port = "", 0
    if not host or not 0 < port < 65536:
        raise Malformed("The recorder's SIP address is a host and a port. Give --sip HOST:PORT, as in 127.0.0.1:5070.")
    return host, port


def _pairs(words: list[str], mark: str, wanted: str, allowed: tuple[str, ...] | None) -> dict[str, str]:
    pairs = {}
    for word in words:
        purpose, found, value = word.partition(mark)
        if not found or not purpose or (allowed and value not in allowed):
            raise Malformed(
                f"Give a purpose's key, the sign {mark}, and {wanted}; for example training{mark}{(allowed or '6')[0]}."
            )
        pairs[purpose] = value
    return pairs


def _seconds(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise Malformed("The moment of a withdrawal is a number of seconds, as in training@6.") from None
