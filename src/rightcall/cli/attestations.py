"""`rightcall attestation …`: whether anything is held under a number or an address, in writing, for whoever shows that it is
theirs, or on the DPO's word. It is asked for or read, so that no history of a shell and no list of processes has it."""

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.cli.as_json import Commands
from rightcall.cli.desk import Desk, desk, let_in
from rightcall.cli.exits import answer_no
from rightcall.cli.persons import RegionOption
from rightcall.cli.place import ControllerOption, DataOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words, write_file
from rightcall.controllers import actions as controllers
from rightcall.errors import Malformed, NotConfigured, NotFound, StillWorking
from rightcall.evidence import attesting
from rightcall.evidence.attestation import AttestationId, ShownBy
from rightcall.evidence.attesting import Attested
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.model import NotYet
from rightcall.personal import Personal
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import CodeId, TooMany
from rightcall.requests.codes.sending import send
from rightcall.staff.model import Deed
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import NO_REGION, normalise

app = Commands(no_args_is_help=True, help="Whether anything is held under a number or an address, in writing.")
_WORDS = frozenset({ShownBy.VOUCHED, ShownBy.AUDIT, ShownBy.AUTHORITY})
KindOption = Annotated[IdentifierKind, typer.Option(help="What it is: a telephone number, an e-mail address, …")]
FromOption = Annotated[
    str | None, typer.Option("--from", help="File with the number or the address; - for standard input. Asked for if left out.")
]


@app.command()
def code(
    token: TokenOption,
    kind: KindOption,
    source: FromOption = None,
    region: RegionOption = NO_REGION,
    language: Annotated[str, typer.Option(help="Of the words around the code.")] = "en",
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Have a one-time code sent to the number or the address, whether anybody is known by it or not. Its id is the last line."""
    identifier = _identifier(kind, source, region)
    with let_in(data, token, controller, Deed.MAKE_REQUEST) as (house, who):
        if house.codes is None:
            raise NotConfigured("Nothing is configured that sends codes. Set RIGHTCALL_CODES_URL, or give it on the DPO's word.")
        with house.database.transaction(who.controller) as tx:
            made = codes.make_for_anyone(tx, house.vault, house.clock, identifier, asker=None, by=who.actor)
            name = controllers.get(tx).name
        if isinstance(made, TooMany):
            words().print("So many codes were asked for in the last hour that no more are sent now. Ask again in an hour.")
            raise answer_no()
        send(house.codes, made, language, name)
    words().print(f"It was handed over to be sent, and holds until {made.expires_at:%H:%M} UTC.")
    print(made.id)


@app.command("by-code", named=("held", "opening", "id"))
def by_code(
    token: TokenOption,
    code: Annotated[UUID, typer.Argument(help="The code's id, as `attestation code` prints it.")],
    digits: Annotated[str, typer.Option(help="As they were read back.")],
    kind: KindOption,
    source: FromOption = None,
    region: RegionOption = NO_REGION,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say whether anything is held, to whoever reads back the code. Ends with 1 where it is not right, whatever the reason."""
    identifier, made = _identifier(kind, source, region), None
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        if codes.shows(at.tx, at.house.vault, at.house.clock, CodeId(code), Personal(digits), identifier):
            made = _attest(at, identifier, ShownBy.CODE)
    if made is None:
        words().print("It does not show that the number or the address is theirs. Have another code sent, and try again.")
        raise answer_no()
    _tell(made)


@app.command(named=("held", "opening", "id"))
def give(
    token: TokenOption,
    kind: KindOption,
    shown_by: Annotated[ShownBy, typer.Option(help="How you know that the asker may be told: vouched, audit or authority.")],
    source: FromOption = None,
    region: RegionOption = NO_REGION,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say whether anything is held, on your word: to somebody who showed you who they are, to an audit, to an authority."""
    if shown_by not in _WORDS:
        raise Malformed("That a code was read back is nobody's word. Use `rightcall attestation by-code`.")
    identifier = _identifier(kind, source, region)
    with desk(data, token, controller, Deed.VOUCH) as at:
        made = _attest(at, identifier, shown_by)
    _tell(made)


@app.command()
def file(
    token: TokenOption,
    attestation: Annotated[UUID, typer.Argument(help="Its id, as it was printed when it was given.")],
    to: Annotated[Path, typer.Argument(help="File to write it to.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Write the statement with its proof as a file that anyone can check. Without the opening it tells nobody whose it is."""
    with desk(data, token, controller, Deed.SEE_RECEIPT) as at:
        found = attesting.attestation(at.tx, AttestationId(attestation), key=key_of(at.house.signer))
    if isinstance(found, NotYet):
        raise StillWorking("The ledger has not signed it yet. Ask again in a moment; a worker has to run.")
    write_file(to, found.decode())
    words().print("Written. Check it with: rightcall verify")


def _attest(at: Desk, identifier: Identifier, shown_by: ShownBy) -> Attested:
    return attesting.attest(at.tx, at.house.vault, at.house.clock, identifier, shown_by=shown_by, by=at.who.actor)


def _tell(made: Attested) -> None:
    words().print("Give the person the file and the opening: it shows whose it is, is told this once, and is kept nowhere.")
    print(f"held: {'yes' if made.is_held else 'no'}")
    print(f"opening: {made.opening.hex()}")
    print(made.id)


def _identifier(kind: IdentifierKind, source: str | None, region: str) -> Identifier:
    return normalise(kind, Personal(_read(source).strip()), region.upper())


def _read(source: str | None) -> str:
    if source is None:
        answer: str = typer.prompt("Number or address", hide_input=True, err=True)
        return answer
    if source == "-":
        return sys.stdin.read()
    try:
        return Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound("The file with the number or the address cannot be read. Give one that is there.") from error
