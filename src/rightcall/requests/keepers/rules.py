"""Whether somebody may say that it is right in a system, without anybody having read it there. Facts in, decisions out."""

from rightcall.errors import Conflict
from rightcall.requests.corrections.model import Task, Undone
from rightcall.requests.informing.model import Reply

_UNTOLD = (
    "Nothing is changed in this system from here, so those who look after it put it right: send them the letter, say that they"
    " were told, and enter what they say. What stands there is read again then."
)
_AWAITED = "Those who look after this system were told. Enter what they say; what stands there is read again then."
_DISAGREED = (
    "Those who look after this system hold something else to be right. Enter what they say once they have put it right; where"
    " they are right, deny the request as accurate and lawful, or enter a correction that takes the place of this one."
)
_NOT_LOOKED = "The worker reads what stands there first, since those who look after it say that it is right. Wait for it."
_WRONG_STILL = (
    "They say that it is right, and what is wrong was read there again. Tell them so; once they have put it right, enter that"
    " once more, and it is read anew."
)


def why_not_by_hand(task: Task, *, is_read_only: bool) -> str | None:
    """In words, where those who look after the system have to say so first, and where what is wrong was read there. Where
    something else stands than what was wrong, it may be right: whoever looks says so."""
    if task.is_awaited:
        return _DISAGREED if task.answer is Reply.DISAGREES else _AWAITED
    if task.answer is not None:
        is_wrong = task.why in (Undone.WRONG_STILL, Undone.READ_ONLY)
        return _NOT_LOOKED if not task.is_looked_at else _WRONG_STILL if is_wrong else None
    return _UNTOLD if is_read_only and task.why is not Undone.OTHER_VALUE else None


def check_to_tell(task: Task) -> None:
    """Conflict where nobody has to be told."""
    if task.done_at is not None:
        raise Conflict("It is right in this system: nobody has to be told.")
    if task.why is None:
        raise Conflict("The worker looks first whether it can put it right there by itself. Look again in a moment.")
