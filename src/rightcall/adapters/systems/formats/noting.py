"""What is not sure of how bytes became text: how much of it, told once all was read."""

from collections.abc import Iterator
from dataclasses import dataclass

from rightcall.discovery.model import PassedOver, Reason


@dataclass(slots=True)
class Noted:
    """Bytes. `guessed`: taken for letters of Windows-1252 or a mainframe; `changed`: in another encoding than the beginning;
    `lost`: that stand for no letter in their encoding."""

    guessed: int = 0
    changed: int = 0
    lost: int = 0

    def told(self, object: str) -> Iterator[PassedOver]:
        for much, reason in ((self.changed, Reason.MIXED), (self.guessed, Reason.GUESSED), (self.lost, Reason.LOST)):
            if much:
                yield PassedOver(object=object, reason=reason, bytes=much)
