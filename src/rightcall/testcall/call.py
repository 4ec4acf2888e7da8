"""One test call: the dialog with the recorder, the senders of the people on it, and the desk."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rightcall.errors import Malformed, NotFound
from rightcall.testcall.bodies import CONTENT_TYPE, answered_targets, fresh_id, metadata, multipart, sdp
from rightcall.testcall.desk import Desk
from rightcall.testcall.model import Direction, Leg, Sent
from rightcall.testcall.rtp import LegSender, Pacer
from rightcall.testcall.sip import Dialog


class OutgoingCall:
    """One recording session. `group` ties a transferred call to the one before it; `trusted`: whom to believe with TLS."""

    def __init__(
        self,
        sip: tuple[str, int],
        legs: Sequence[Leg],
        *,
        transport: str = "UDP",
        trusted: Path | None = None,
        group: str | None = None,
    ) -> None:
        self.group = group or fresh_id()
        self._session = fresh_id()
        self._dialog = Dialog(sip, transport=transport, trusted=trusted)
        self._legs = [LegSender(leg, self._dialog.host) for leg in legs]
        self._pacer = Pacer(self._legs)
        self._version = 0
        self._direction = Direction.SENDING

    def place(self) -> None:
        """INVITE; sound begins where the recorder's answer says."""
        self._offer()
        self._pacer.start()

    def hold(self) -> None:
        """Re-INVITE with a=inactive: the SRC's own pause."""
        self._direction = Direction.HELD
        self._offer()

    def unhold(self) -> None:
        self._direction = Direction.SENDING
        self._offer()

    def join(self, leg: Leg) -> None:
        """A further party: a new m-line and new metadata by re-INVITE."""
        sender = LegSender(leg, self._dialog.host)
        self._legs.append(sender)
        self._offer()
        self._pacer.add(sender)

    def say(self, ref: str, frames: Sequence[bytes]) -> None:
        self._sender(ref).say(frames)

    def key(self, ref: str, digits: str) -> None:
        self._sender(ref).key(digits)

    def let_them_finish(self, at_most_seconds: float = 60.0) -> None:
        """Until nobody has anything left to say."""
        deadline = time.monotonic() + at_most_seconds
        while any(leg.is_speaking for leg in self._legs) and time.monotonic() < deadline:
            time.sleep(0.02)

    def hang_up(self) -> list[Sent]:
        self._stop_sending()
        self._dialog.bye()
        return [leg.sent() for leg in self._legs]

    def vanish(self) -> list[Sent]:
        """Stop without a BYE, as an SRC that died."""
        self._stop_sending()
        self._dialog.close()
        return [leg.sent() for leg in self._legs]

    def sent(self) -> list[Sent]:
        return [leg.sent() for leg in self._legs]

    def _stop_sending(self) -> None:
        self._pacer.stop()
        for leg in self._legs:
            leg.close()

    def _offer(self) -> None:
        self._version += 1
        host = self._dialog.host
        description = sdp(host, [(leg.leg, leg.port) for leg in self._legs], self._direction, self._version)
        recording = metadata(self._session, self.group, [leg.leg for leg in self._legs])
        answer = self._dialog.invite(multipart(description, recording), CONTENT_TYPE)
        targets = answered_targets(answer.body)
        for leg in self._legs:
            leg.aim(targets.get(leg.leg.label) if self._direction is Direction.SENDING else None)

    def _sender(self, ref: str) -> LegSender:
        return next(leg for leg in self._legs if leg.leg.person.ref == ref)


_NO_CUSTOMER = "The caller's number belongs to the trunk's staff, so there is no customer. Give another --caller."


class DeskOfCall:
    """What the agent does about one call: put notices, note answers, pause, resume."""

    def __init__(self, desk: Desk, tel: str, *, known: frozenset[str] = frozenset()) -> None:
        """`known`: calls that this number was on before."""
        self.desk = desk
        found = desk.find_call(tel=tel, known=known)
        self.id: str = found["id"]
        self._parties: list[dict[str, Any]] = found["parties"]
        self._asks: dict[tuple[str, str], str] = {}

    def caller(self) -> str:
        """The id of who was there first of those whom the house takes for customers: an agent that it does not know as one of its
        staff is another, and no answer is theirs."""
        self._parties = self.desk.get(f"/calls/{self.id}")["parties"]
        customers = [party for party in self._parties if party["role"] == "customer"]
        if not customers:
            raise Malformed(_NO_CUSTOMER)
        return str(customers[0]["id"])

    def party(self, role: str) -> str:
        """The id of the latest party in that role."""
        self._parties = self.desk.get(f"/calls/{self.id}")["parties"]
        in_role = [party for party in self._parties if party["role"] == role]
        if not in_role and role == "customer":
            raise Malformed(_NO_CUSTOMER)
        if not in_role:
            raise NotFound(f"Nobody on this call is its {role}.")
        return str(in_role[-1]["id"])

    def ask(self, purpose: str, language: str, *, party: str) -> dict[str, Any]:
        notice = self.desk.notice(self.desk.purpose(purpose)["id"], language)
        asked = self.desk.post(f"/calls/{self.id}/asks", {"party": party, "notice": notice["id"]})
        self._asks[party, purpose] = asked["id"]
        return notice

    def choose(self, purpose: str, answer: str, language: str, *, party: str, heard: str) -> dict[str, Any]:
        """`answer`: granted, refused or withdrawn, as heard by the agent, who first puts the notice where a yes needs that and no
        answer to it is awaited. Returns when the gate holds."""
        if answer == "granted" and not self._is_asked(purpose, party):
            self.ask(purpose, language, party=party)
        entry = self.desk.purpose(purpose)
        notice = self.desk.notice(entry["id"], language)
        return dict(
            self.desk.post(
                f"/calls/{self.id}/choices",
                {
                    "party": party,
                    "purpose": entry["id"],
                    "answer": answer,
                    "notice": notice["id"],
                    "language": language,
                    "channel": "voice_heard_by_agent",
                    "evidence": {"kind": "words_heard", "detail": heard},
                },
            )
        )

    def _is_asked(self, purpose: str, party: str) -> bool:
        """Whether the party was asked here, and has not answered, by a key either."""
        ask = self._asks.get((party, purpose))
        return ask is not None and all(choice["ask"] != ask for choice in self.desk.get(f"/calls/{self.id}/choices")["items"])

    def pause(self, reason: str) -> dict[str, Any]:
        return dict(self.desk.post(f"/calls/{self.id}/pause", {"reason": reason}))

    def resume(self) -> dict[str, Any]:
        return dict(self.desk.post(f"/calls/{self.id}/resume", {}))

    def state(self) -> dict[str, Any]:
        return dict(self.desk.get(f"/calls/{self.id}"))

    def state_when_finished(self, at_most_seconds: float = 15.0) -> dict[str, Any]:
        """The call's state once all its takes are in the store."""
        deadline = time.monotonic() + at_most_seconds
        while True:
            state = self.state()
            is_done = state["ended_at"] is not None and all(take["finished_at"] for take in state["takes"])
            if is_done or time.monotonic() > deadline:
                return state
            time.sleep(0.1)
