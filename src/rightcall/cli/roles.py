"""What one process of `rightcall serve` does: it takes one role, dies with its supervisor, and logs JSON lines.

web         the API                                worker      durable work, the ledger's sequencer, schedules
signalling  SIP and SIPREC                         media       RTP, gates, sealing
"""

import ctypes
import logging
import os
import signal
from enum import StrEnum

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)
_log = logging.getLogger(__name__)


class ProcessRole(StrEnum):
    WEB = "web"
    WORKER = "worker"
    MEDIA = "media"
    SIGNALLING = "signalling"


def die_with(parent: int) -> None:
    """Get SIGTERM when the process `parent` dies, however it dies; end now where it is dead already."""
    ctypes.CDLL(None, use_errno=True).prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(0)
