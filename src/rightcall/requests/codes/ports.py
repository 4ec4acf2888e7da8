"""What sending a code needs from outside: the company's own way to send texts and e-mails."""

from typing import Protocol

from rightcall.personal import Personal
from rightcall.subjects.model import Identifier


class Sender(Protocol):
    def send(self, to: Identifier, words: Personal[str], language: str) -> None:
        """Hand it over for delivery. SenderGone where it was not taken. May deliver twice if it is asked twice."""
        ...

    def close(self) -> None:
        """Nothing is sent from now on, and nothing is kept open."""
        ...
