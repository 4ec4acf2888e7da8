"""What the people of the demo say, spoken by espeak-ng into the demo's own folder."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from rightcall.errors import NotConfigured
from rightcall.testcall.sound import frames_of

CALLS = {
    "ada": ("en-gb", "Hello, this is Ada. My heating went out last night and I would like to move my payment date."),
    "ben": ("en-gb-scotland", "Hi, it is Ben. Please do not record me. I only want to read you my meter."),
    "cleo": ("en-us", "Hello, Cleo here. Yes, you may record. On second thoughts, please stop, I have changed my mind."),
    "dan": ("en-gb-x-rp", "This is Dan. I would like to pay my bill by card, please."),
    "card": ("en-gb-x-rp", "four one one one, one one one one, one one one one, one one one one"),
    "dan-after": ("en-gb-x-rp", "Thank you. And could you send me the receipt by post?"),
    "agent": ("en", "Good morning, Northwind Energy, how can I help you? Of course. One moment, please, I will look that up."),
}

QUARTER = {
    "bill": ("en-gb", "My bill is twice what it was last month, and I have been away for half of it."),
    "moving": ("en-gb-scotland", "I am moving out at the end of the month. What do you need from me?"),
    "meter": ("sv", "Hej, jag vill bara läsa av min mätare. Den står på tjugotusen fyrahundra."),
    "heating": ("fr", "Bonjour, il n'y a plus de chauffage chez nous depuis hier soir."),
}
"""What can be heard in the quarter that is made up: each of these in several calls."""


def speak(folder: Path, lines: Mapping[str, tuple[str, str]]) -> dict[str, list[bytes]]:
    """Each line as G.711 frames of 20 ms; the sound files stay in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return {name: _spoken(folder / f"{name}.wav", voice, words) for name, (voice, words) in lines.items()}


def _spoken(file: Path, voice: str, words: str) -> list[bytes]:
    command = ["espeak-ng", "-v", voice, "-s", "165", "-w", str(file), words]
    try:
        done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own words
    except FileNotFoundError as error:
        raise NotConfigured("The demo speaks with espeak-ng. Install the package espeak-ng, then run it again.") from error
    if done.returncode != 0:
        raise NotConfigured(f"espeak-ng could not speak with the voice {voice}. Install its voices, then run the demo again.")
    return frames_of(file)
