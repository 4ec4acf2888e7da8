"""An e-mail by which somebody may ask something. Who wrote it, its sender's address does not show: anybody can write any."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType
from uuid import UUID

from rightcall.actors import Actor
from rightcall.ids import RequestId, SubjectId
from rightcall.personal import Personal
from rightcall.requests.model import RequestKind
from rightcall.subjects.model import Identifier

MailId = NewType("MailId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of a message. `sender`: None where no address can be read. `came_at`: when our own server took it, as its
    topmost `Received` says, else as the writer's clock had it; None where neither says."""

    sender: Identifier | None
    words: Personal[str] = field(repr=False)
    came_at: datetime | None
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """As it is stored. `key`: of the vault, seals the words until somebody has seen to them. `proposed`: what it seems to ask; a
    person says what it asks. `subject`: whose address it came from, where that is one person's; it proves nothing. `request`:
    what was entered; None while it waits, and where it asked nothing."""

    id: MailId
    key: SubjectId
    proposed: RequestKind | None
    subject: SubjectId | None
    came_at: datetime
    taken_at: datetime
    taken_by: Actor
    settled_at: datetime | None
    request: RequestId | None
