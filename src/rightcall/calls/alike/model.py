"""What calls are looked for by. Each trait stands beside a call in order of time, written by the database as it happens."""

from dataclasses import dataclass
from enum import StrEnum

from rightcall.calls.model import TrunkId
from rightcall.ids import SubjectId


class Trait(StrEnum):
    """`concern`: somebody says that something is wrong with the call, and that is not closed. `said`: what anybody in it answered
    to any purpose. `sound`: whether a recorder of ours kept any of it."""

    ON = "on"
    CONCERN = "concern"
    SOUND = "sound:some"
    NO_SOUND = "sound:none"
    SAID_YES = "said:granted"
    SAID_NO = "said:refused"
    WITHDREW = "said:withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Which calls: by a line, taken by somebody, and with all of these traits; every one where nothing is said."""

    line: TrunkId | None = None
    agent: SubjectId | None = None
    traits: frozenset[Trait] = frozenset()
