"""What telling an agent needs from outside: a way to where it wants to be told."""

from typing import Protocol

from rightcall.requests.drp.model import Trouble


class CallBack(Protocol):
    def __call__(self, url: str, body: bytes, /) -> Trouble | None:
        """One POST, over in seconds. None where it was taken. What is answered is not read, and nothing of it is logged."""
        ...
