"""E-mails by which people may ask something: the part of `rightcall requests` that hands them in, reads and enters them."""

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.cli.answering import answer_signed
from rightcall.cli.desk import desk
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import printable, words
from rightcall.errors import NotFound
from rightcall.ids import SubjectId
from rightcall.later import later
from rightcall.requests.mails import actions as mails
from rightcall.requests.mails.model import Mail, MailId
from rightcall.requests.model import Behalf, RequestKind
from rightcall.staff.model import Deed

_mail = later("rightcall.api.mails:get_mail")
_mails = later("rightcall.api.mails:list_mails")

MailArgument = Annotated[UUID, typer.Argument(help="The e-mail's id. `rightcall requests mails` prints it.")]
_MOST = 500


def take(
    token: TokenOption,
    file: Annotated[str, typer.Argument(help="The message as a file (.eml); - for standard input.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Hand in an e-mail, as it came. Its id is the last line of standard output."""
    raw = _read(file)
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        mail = mails.take(at.tx, at.house.vault, at.house.clock, raw, by=at.who.actor)
    if mail.settled_at is not None:
        words().print("It was taken before, and somebody has seen to it.")
    else:
        known = "nobody here, or more than one person" if mail.subject is None else f"the subject {mail.subject}"
        words().print(f"Its sender's address is that of {known}. That proves nothing.", markup=False)
        words().print(f"It seems to ask: {mail.proposed or 'nothing that can be told'}. Read it, and say what it asks:")
        words().print(f"rightcall requests enter-mail {mail.id} --kind {mail.proposed or 'KIND'}", markup=False)
    print(mail.id)


def list_mails(
    token: TokenOption, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Show those that nobody has seen to, the oldest first."""
    if as_json:
        answer_signed(lambda door: _mails(door, _MOST), Deed.SEE_REQUESTS, token, controller, data)
        return
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        found = mails.waiting(at.tx, _MOST)
    rows = [(f"{each.came_at:%Y-%m-%d %H:%M}Z", each.proposed or "-", each.subject or "-", each.id) for each in found]
    print_table(("Came", "Seems to ask", "From", "Mail"), rows)
    words().print(f"{len(found):,} wait." if len(found) < _MOST else f"The first {_MOST:,} that wait.")


def show(
    token: TokenOption,
    mail: MailArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print what an e-mail says."""
    if as_json:
        answer_signed(lambda door: _mail(door, mail), Deed.MAKE_REQUEST, token, controller, data)
        return
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        found, said = mails.get(at.tx, MailId(mail)), mails.words_of(at.tx, at.house.vault, MailId(mail))
    print(_line(found))
    for line in said.reveal("show an e-mail to who sees to it").splitlines():
        print(printable(line))


def enter(
    token: TokenOption,
    mail: MailArgument,
    kind: Annotated[RequestKind, typer.Option(help="What it asks, as you read it.")],
    subject: Annotated[UUID | None, typer.Option(help="Whose request it is, where that is not whom it came from.")] = None,
    language: Annotated[str, typer.Option(help="In which language they are answered.")] = "en",
    lives_in: Annotated[str | None, typer.Option(help="Where they say that they live, such as DE or US-CA.")] = None,
    behalf: Annotated[Behalf, typer.Option(help="For whom they ask.")] = Behalf.SELF,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Enter what an e-mail asks. The request's id is the last line of standard output; it waits for a proof of who asks."""
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        asked = mails.enter(
            at.tx,
            at.house.vault,
            at.house.clock,
            MailId(mail),
            kind=kind,
            subject=None if subject is None else SubjectId(subject),
            language=language,
            lives_in=lives_in,
            behalf=behalf,
            by=at.who.actor,
        )
    words().print("Nothing is done yet: it was not shown who asks. Ring the number on file, or send a code to what is on file.")
    words().print(f"To be answered by {asked.due_on} ({asked.cite}), counted from when the e-mail came.")
    words().print(f"Tell the person that it came, then: rightcall requests acknowledge {asked.id}")
    print(asked.id)


def dismiss(token: TokenOption, mail: MailArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Say that an e-mail asks nothing of what a law gives. Its words are destroyed."""
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        mails.dismiss(at.tx, at.house.vault, at.house.clock, MailId(mail), by=at.who.actor)
    words().print("Written down.")


def _line(mail: Mail) -> str:
    seems = mail.proposed or "-"
    return f"{mail.id}  came {mail.came_at:%Y-%m-%d %H:%M}Z  seems {seems:<13}  from {mail.subject or '-'}"


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise NotFound("That file cannot be read. Give one that is there.") from error
