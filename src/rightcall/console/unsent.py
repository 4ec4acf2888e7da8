"""What somebody sent that was not taken because their session was over, or not fresh: it stands on the page that says so, and is
sent again from there once they signed in, in another window. Nothing of it is kept by us meanwhile."""

from collections.abc import Sequence

from fastapi import Request

_NOT_AGAIN = frozenset({"form", "code", "password", "writing", "secret"})
"""The token of a session that is over, and what is typed anew each time."""
_WRITTEN = 20
"""From so many characters on it is shown; what is shorter goes along unseen."""

Unsent = Sequence[tuple[str, str, bool]]
"""Of each field its name, what stood there, and whether it is shown."""


async def unsent(request: Request) -> Unsent:
    """Empty where nothing was sent, or nothing in words: a press of a button is pressed again."""
    if request.method != "POST" or not request.url.path.startswith("/console"):
        return ()
    sent = await request.form()
    found = [(name, value) for name, value in sent.multi_items() if isinstance(value, str) and name not in _NOT_AGAIN]
    if not any(value.strip() for _, value in found):
        return ()
    return [(name, value, len(value) >= _WRITTEN or "\n" in value) for name, value in found]
