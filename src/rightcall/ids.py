"""Identifiers: one type per thing, UUID version 7 (RFC 9562, section 5.7), so that keys sort by time."""

import secrets
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
RecorderId = NewType("RecorderId", UUID)


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=value)
