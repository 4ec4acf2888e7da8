"""Listening: a purpose is named, the verdict is asked, the use is logged, and only then is anything opened. Nothing is cached."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import Response

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Case, Reason
from rightcall.api.named import purpose_of
from rightcall.api.problems import Refusal
from rightcall.api.verdicts import refusal
from rightcall.database.connection import Transaction
from rightcall.design.ranges import ranged
from rightcall.holdings.holds import actions as holds
from rightcall.ids import HoldingId
from rightcall.recordings.model import Played, Refused
from rightcall.recordings.playing import play
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark, DarkReason
from rightcall.vault.saying import CAUSES, WHY_DARK

router = APIRouter(prefix="/takes", tags=["takes"])

SOUND: dict[int | str, dict[str, Any]] = {status: {"content": {"audio/x-wav": {}, "audio/ogg": {}}} for status in (200, 206)}
Why = Annotated[Reason | None, Query(description="Why you listen, in at least two words. Kept nowhere.")]
ForCase = Annotated[Case | None, Query(description="The reference of the case that you listen for, likewise.")]
Start = Annotated[int, Query(ge=0, description="Where to begin, in milliseconds from the take's opening.")]
Length = Annotated[int | None, Query(gt=0, description="How long; to the end where it is not given.")]
Range = Annotated[str | None, Header(max_length=60, description="One range of bytes of the sound file.")]

_HELD = (
    "A hold keeps it still, for the case that the hold is for: the DPO alone can listen to it, under the hold, until that ends."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DarkButHeld:
    """Dark for whoever asked, while a hold keeps it readable for the DPO."""

    reason: DarkReason


@router.get("/{holding}/audio", responses=SOUND, response_class=Response)
def audio(
    door: Annotated[Door, Depends(door_for(Deed.PLAY_HOLDING))],
    holding: UUID,
    purpose: Annotated[str, Query(max_length=200, description="For which purpose: an id or a key.")],
    reason: Why = None,
    case: ForCase = None,
    start_ms: Start = 0,
    length_ms: Length = None,
    range: Range = None,
) -> Response:
    """The sound of a take, or of a stretch of it. 403 with the verdict where it is no; 410 where the key is destroyed."""

    def deed(tx: Transaction) -> Played | Refused | Dark | DarkButHeld:
        result = play(
            tx,
            door.house.tools,
            door.house.objects,
            take=HoldingId(holding),
            purpose=purpose_of(tx, purpose),
            by=door.actor,
            reason=reason,
            case=case,
            start_ms=start_ms,
            length_ms=length_ms,
        )
        is_held = isinstance(result, Dark) and holds.is_held(tx, door.house.clock, HoldingId(holding))
        return DarkButHeld(reason=result.reason) if isinstance(result, Dark) and is_held else result

    return heard(door, door.run(deed), range)


def heard(door: Door, result: Played | Refused | Dark | DarkButHeld, range: str | None) -> Response:
    """The sound that was opened, or the range of it that was asked for; a Refusal where nothing was."""
    played = _opened(result)
    sound = door.house.audio.render(played.recorded)
    headers = {"x-cut-short": "true" if played.recorded.cut_short else "false"}
    answer = ranged(sound.body, range, sound.mediatype, headers)
    if answer is None:
        raise Refusal("range", "No such range", 416, "The range lies outside of the sound. Ask for a range inside it.")
    return answer


def _opened(result: Played | Refused | Dark | DarkButHeld) -> Played:
    """What was opened; a Refusal where the verdict is no or the key is gone."""
    if isinstance(result, Played):
        return result
    if isinstance(result, DarkButHeld):
        detail = f"{CAUSES[result.reason]} {_HELD}"
        raise Refusal("held", "Dark, but for a hold", 410, detail, reason=result.reason.value)
    if isinstance(result, Dark) and result.reason is DarkReason.WITHHELD:
        raise Refusal("quarantined", "It is in quarantine", 409, WHY_DARK[result.reason], reason=result.reason.value)
    if isinstance(result, Dark):
        raise Refusal("dark", "Its key is destroyed", 410, WHY_DARK[result.reason], reason=result.reason.value)
    raise refusal(result.verdict, result.id)
