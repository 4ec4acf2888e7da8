"""What a concern is about, as it is named on the command line."""

from uuid import UUID

from rightcall.cli.given import read_id
from rightcall.concerns import actions as concerns
from rightcall.concerns.model import AboutCall, AboutNotice, AboutPurpose, Target, TargetKind
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.ids import CallId, NoticeId
from rightcall.purposes import actions as purposes
from rightcall.wiring import House


def target_of(tx: Transaction, house: House, about: TargetKind, which: str | None) -> Target:
    if which is None:
        if about is not TargetKind.CALL:
            raise Malformed(f"Say which {about} it is about, with --which.")
        return AboutCall(None)
    match about:
        case TargetKind.PURPOSE:
            return AboutPurpose(purposes.by_key(tx, which).id)
        case TargetKind.NOTICE:
            return AboutNotice(NoticeId(_named(which)))
        case TargetKind.CALL:
            return AboutCall(CallId(_named(which)))
        case TargetKind.RULE:
            return concerns.about_rule(tx, house.clock, house.rules, which)


def _named(text: str) -> UUID:
    return read_id(text, "Give that of the notice or the call.")
