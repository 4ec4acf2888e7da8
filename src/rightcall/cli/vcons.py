"""`rightcall vcon`: conversations of others, as vCons, taken in as far as a yes in them goes."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from rightcall.actors import SYSTEM
from rightcall.cli.as_json import Commands
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, controller_of
from rightcall.cli.words import words
from rightcall.errors import Malformed, NotFound, Tampered
from rightcall.ids import ControllerId
from rightcall.recordings import receiving
from rightcall.recordings.envelope import MOST_BYTES, Certificates, trusted_in
from rightcall.recordings.importing.model import ImportedVcon, Signature
from rightcall.recordings.importing.reading import open_vcon
from rightcall.recordings.receiving import Received
from rightcall.recordings.weighing import INSTEAD
from rightcall.settings import load_settings
from rightcall.wiring import House

app = Commands(no_args_is_help=True, help="Conversations of others, as vCons.")


@app.callback()
def _vcon() -> None:
    """Conversations of others, as vCons."""


@app.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(help="A vCon: plain, signed, or either packed with gzip; encrypted too, with --key.")],
    trusted: Annotated[
        Path | None, typer.Option(help="Certificates (PEM) of those who are believed, besides RIGHTCALL_VCON_TRUSTED.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Private RSA key (PEM) that an encrypted vCon is for.")] = None,
    region: Annotated[str, typer.Option(help="Where a number in national form belongs (ISO 3166).")] = "ZZ",
    data: DataOption = None,
    controller: ControllerOption = None,
) -> None:
    """Take in the vCon in FILE. Prints what was kept, what was not and why; ends with 1 where nothing may be kept."""
    settings = load_settings(data=data)
    content, key_pem = _read(file), None if key is None else _read(key)
    believed = [*trusted_in(settings.vcon_trusted), *trusted_in(trusted)]
    with house_of(settings) as house:
        owner = controller_of(house.database, controller)
        with words().status("Reading it, and checking who signed it…"):
            vcon, signature = _opened(content, believed, house, key_pem)
        with words().status("Taking it in…"):
            result = _take_in(house, owner.id, vcon, region)
    _tell(result, signature)


def _opened(content: bytes, believed: Certificates, house: House, key_pem: bytes | None) -> tuple[ImportedVcon, Signature]:
    """A signature or a hash that is not good, or a key that does not open it, is an answer of no about the file, not a fault
    of ours."""
    try:
        vcon, signature = open_vcon(content, believed, house.clock.now(), key_pem=key_pem)
    except Tampered as error:
        words().print(f"Not believed: {error} Nothing of it was stored.")
        raise answer_no() from error
    receiving.check_from_elsewhere(vcon, house.vcon_signer)
    return vcon, signature


def _take_in(house: House, owner: ControllerId, vcon: ImportedVcon, region: str) -> Received:
    with tempfile.TemporaryDirectory(prefix="rightcall-vcon-") as scratch:
        return house.database.run(
            owner,
            lambda tx: receiving.receive(
                tx, house.tools, house.objects, vcon, by=SYSTEM, region=region.upper(), scratch=Path(scratch)
            ),
        )


def _tell(result: Received, signature: Signature) -> None:
    for place, holding in result.kept.items():
        print(f"kept      dialog {place}  holding {holding}")
    for place, why in result.left_out.items():
        print(f"left out  dialog {place}  {why.value}")
    if not result.kept:
        words().print(receiving.why_nothing(result, signature))
        raise answer_no()
    for why in dict.fromkeys(result.left_out.values()):
        words().print(f"{why.value}: {INSTEAD[why]}")
    if result.again:
        words().print("This very vCon was taken in before. Nothing was done now. The call that it became:")
    else:
        words().print("Taken in. The call that it became:")
    print(result.call)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as content:
            data = content.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotFound(f"The file {file.name} cannot be read ({error.strerror}). Check its name.") from error
    if len(data) > MOST_BYTES:
        raise Malformed(f"A vCon of more than {MOST_BYTES >> 20} MiB is not taken in. Ask its sender for it in parts.")
    return data
