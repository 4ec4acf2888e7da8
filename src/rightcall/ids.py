"""Identifiers: one type per thing, UUID version 7 (RFC 9562, section 5.7), so that keys sort by time."""

import secrets
import threading
import time
from typing import NewType
from uuid import UUID

ControllerId = NewType("ControllerId", UUID)
PurposeId = NewType("PurposeId", UUID)
NoticeId = NewType("NoticeId", UUID)
SubjectId = NewType("SubjectId", UUID)
CallId = NewType("CallId", UUID)
PartyId = NewType("PartyId", UUID)
ChoiceId = NewType("ChoiceId", UUID)
StreamId = NewType("StreamId", UUID)
HoldingId = NewType("HoldingId", UUID)
GrantId = NewType("GrantId", UUID)
HoldId = NewType("HoldId", UUID)
StatementId = NewType("StatementId", UUID)
VerdictId = NewType("VerdictId", UUID)
ReceiptId = NewType("ReceiptId", UUID)
RequestId = NewType("RequestId", UUID)
ErasureId = NewType("ErasureId", UUID)
TokenId = NewType("TokenId", UUID)
MemberId = NewType("MemberId", UUID)
SessionId = NewType("SessionId", UUID)
PasskeyId = NewType("PasskeyId", UUID)
RecorderId = NewType("RecorderId", UUID)
ConcernId = NewType("ConcernId", UUID)
DraftId = NewType("DraftId", UUID)
AdoptionId = NewType("AdoptionId", UUID)
OverrideId = NewType("OverrideId", UUID)
ReplayId = NewType("ReplayId", UUID)
ReviewId = NewType("ReviewId", UUID)
SystemId = NewType("SystemId", UUID)
ObjectId = NewType("ObjectId", UUID)
ScanId = NewType("ScanId", UUID)
FindingId = NewType("FindingId", UUID)
LinkId = NewType("LinkId", UUID)
ProposalId = NewType("ProposalId", UUID)
RecipientId = NewType("RecipientId", UUID)
ResponsibleId = NewType("ResponsibleId", UUID)
BreachId = NewType("BreachId", UUID)
RehearsalId = NewType("RehearsalId", UUID)
JoinProposalId = NewType("JoinProposalId", UUID)
CorrectionId = NewType("CorrectionId", UUID)


class _Sequence:
    """Milliseconds and a counter of 12 bits (RFC 9562, section 6.2, method 1); never goes back in a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        with self._lock:
            self._last = max(time.time_ns() // 1_000_000 << 12, self._last + 1)
            return self._last


_SEQUENCE = _Sequence()


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of Unix milliseconds, 12 of a counter, 62 random. Those of one process sort as they were made."""
    moment, counter = divmod(_SEQUENCE.next(), 1 << 12)
    value = (moment & ((1 << 48) - 1)) << 80 | 7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)
