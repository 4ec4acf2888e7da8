"""`rightcall verify`: is this proof good? Needs the file and, to know whose proof it is, the ledger's public key; no server."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from rightcall.canonical import Json
from rightcall.cli.exits import answer_no
from rightcall.cli.words import write_file
from rightcall.errors import Malformed, NotFound
from rightcall.evidence.model import Asked, Checked, FileKind, Refuted, Verified
from rightcall.evidence.page import page as page_of
from rightcall.evidence.verify import LONGEST_FILE, render_plain
from rightcall.evidence.verify import verify as check
from rightcall.ledger.checkpoint import parse_key
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier, IdentifierKind


def verify(
    file: Annotated[Path, typer.Argument(help="A receipt, a certificate or a proof.")],
    key: Annotated[str | None, typer.Option(help="The ledger's public key, as it is published: name+id+key.")] = None,
    key_file: Annotated[Path | None, typer.Option(help="A file with that key.")] = None,
    evidence: Annotated[
        Path | None, typer.Option(help="The evidence of the choice, where you have it, to hold against it.")
    ] = None,
    identifier: Annotated[
        str | None, typer.Option(help="Whose an attestation is: KIND=VALUE, such as tel=+4532123456; - for standard input.")
    ] = None,
    opening: Annotated[str | None, typer.Option(help="What was handed out with it, to show that.")] = None,
    page: Annotated[
        Path | None, typer.Option(help="Write what a certificate says to this file, as a page for a person to read.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Check a proof offline, step by step. Ends with 0 where it holds, with 1 where it does not.

    Without a key, 0 means that the file is whole, not whose it is.
    """
    if key is not None and key_file is not None:
        raise Malformed("Give the key once: with --key or with --key-file.")
    if key_file is not None:
        key = _read(key_file).decode("utf-8", errors="replace").strip()
    if key is not None:
        parse_key(key.strip())
    asked = _asked(identifier, opening)
    checked = check(_read(file), key, evidence=None if evidence is None else _read(evidence), asked=asked)
    if evidence is not None and isinstance(checked, Verified) and checked.kind is not FileKind.RECEIPT:
        raise Malformed(f"A {checked.kind} has no evidence; a receipt has. Leave --evidence out.")
    print(json.dumps(_document(checked), indent=2) if as_json else "\n".join(render_plain(checked)))
    if isinstance(checked, Refuted):
        raise answer_no()
    if page is not None:
        write_file(page, page_of(_read(file)))


def _document(checked: Checked) -> Json:
    found: dict[str, Json] = {
        "holds": isinstance(checked, Verified),
        "kind": checked.kind,
        "steps": [{"number": step.number, "says": step.says} for step in checked.steps],
    }
    if isinstance(checked, Refuted):
        return {**found, "at": checked.at, "reason": checked.reason}
    return {**found, "says": list(checked.says), "key": checked.key, "key_from": checked.key_from}


def _asked(identifier: str | None, opening: str | None) -> Asked | None:
    if identifier is None and opening is None:
        return None
    given = sys.stdin.read().strip() if identifier == "-" else identifier or ""
    kind, is_given, value = given.partition("=")
    if not is_given or kind not in set(IdentifierKind) or opening is None:
        raise Malformed(
            "Give both --identifier KIND=VALUE, with a number as +45… and an address in small letters, and --opening."
        )
    return Asked(identifier=Identifier(kind=IdentifierKind(kind), value=Personal(value.strip())), opening=opening)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as content:
            return content.read(LONGEST_FILE + 1)
    except OSError as error:
        raise NotFound(f"The file {file.name} cannot be read ({error.strerror}). Check its name.") from error
