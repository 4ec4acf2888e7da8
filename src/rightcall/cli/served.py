"""Where `rightcall serve` can be reached by browsers: it notes that in its claim on the folder, so that a link which another
command prints leads there, whatever `serve` was told on its own command line."""

import fcntl
from pathlib import Path

from rightcall.cli.words import words
from rightcall.settings import Settings, host_and_port

_EVERYWHERE = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"})  # noqa: S104 - told, not listened to


def claim_of(data: Path, role: str) -> Path:
    return data / f"lock-{role}"


def note(settings: Settings) -> None:
    """By whoever holds the claim, which only they can read."""
    claim_of(settings.data, "web").write_text(settings.own_url, encoding="ascii", errors="ignore")


def address_of(settings: Settings) -> str:
    """Without a slash at its end. What runs knows best; where nothing does, the settings. Says what would make it wrong."""
    told = _told(claim_of(settings.data, "web"))
    if told:
        return told
    if settings.public_url is None and host_and_port(settings.http)[0] not in _EVERYWHERE:
        words().print(
            f"Warning: RIGHTCALL_HTTP listens at {settings.http} alone, and a passkey needs https or this machine's localhost."
            " Set RIGHTCALL_PUBLIC_URL to https://HOST, or listen at 127.0.0.1.",
            markup=False,
        )
    return settings.own_url


def _told(claim: Path) -> str:
    """Nothing where nobody holds the claim."""
    try:
        with claim.open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return ""
    except BlockingIOError:
        return claim.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
