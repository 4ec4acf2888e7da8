"""What a report of a call may say. Pure."""

from rightcall.errors import Malformed
from rightcall.ethics.outcomes.model import Report

_LONGEST_SECONDS = 86_400
_MOST_TRANSFERS = 100
_MOST_DIGITS = 5
_LONGEST_QUEUE = 40


def checked(report: Report) -> Report:
    """Malformed where a figure cannot be, or where a queue could be a person's number."""
    for name, value in (("waited_seconds", report.waited_seconds), ("handled_seconds", report.handled_seconds)):
        if value is not None and not 0 <= value <= _LONGEST_SECONDS:
            raise Malformed(
                f"{name} is a whole number of seconds from 0 to {_LONGEST_SECONDS}. Leave it out where it is unknown."
            )
    if report.transfers is not None and not 0 <= report.transfers <= _MOST_TRANSFERS:
        raise Malformed(f"transfers is a count from 0 to {_MOST_TRANSFERS}. Leave it out where it is unknown.")
    if report.queue is not None and not _is_queue(report.queue):
        raise Malformed(
            f"A queue is a key of at most {_LONGEST_QUEUE} lower-case letters, digits and single hyphens, such as billing-2, with"
            f" at most {_MOST_DIGITS} digits: never a person's name or number."
        )
    if report == Report() or report == Report(queue=report.queue, language=report.language):
        raise Malformed("This says nothing of how the call went. Give at least one of the figures, or report nothing.")
    return report


def _is_queue(text: str) -> bool:
    parts = text.split("-")
    return (
        len(text) <= _LONGEST_QUEUE
        and all(part.isascii() and part.isalnum() and part == part.lower() for part in parts)
        and sum(letter.isdigit() for letter in text) <= _MOST_DIGITS
    )
