"""Names inside archives. Nothing is ever unpacked to a path; a name that would lead elsewhere is a sign of harm, and told."""

import re

_DRIVE = re.compile(r"[A-Za-z]:")


def leads_out(name: str) -> bool:
    steps = name.replace("\\", "/").split("/")
    return not name or ".." in steps or steps[0] == "" or "\0" in name or _DRIVE.match(name) is not None


def shown(name: str) -> str:
    """For people and JSON: what cannot be shown is written out, and it stays one line."""
    safe = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in safe)
