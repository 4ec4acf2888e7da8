"""A person as a command names them: by their id, or by what they are known by. That is looked for as at the API, by somebody who
may; what was looked for is in no log."""

from dataclasses import dataclass
from typing import Annotated

import typer

from rightcall.cli.given import read_id
from rightcall.cli.signed_in import signed_in
from rightcall.discovery.systems import actions as systems
from rightcall.erasure.asked_again import left
from rightcall.errors import Malformed, NotFound, NotSignedIn
from rightcall.ids import ControllerId, SubjectId
from rightcall.personal import Personal
from rightcall.recordings.apart import apart, told
from rightcall.recordings.who import person_of
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.wiring import House

TelOption = Annotated[str | None, typer.Option(help="Find the person by a telephone number, best as +45….")]
EmailOption = Annotated[str | None, typer.Option(help="By an e-mail address.")]
SipOption = Annotated[str | None, typer.Option(help="By a SIP address.")]
IdOption = Annotated[str | None, typer.Option(help="By a customer id.")]
RegionOption = Annotated[str, typer.Option(help="Where a number in national form belongs (ISO 3166).")]
_BY = "--tel, --email, --sip or --id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """`subject`: the id. One of all but the region is given."""

    subject: str | None
    tel: str | None
    email: str | None
    sip: str | None
    customer_id: str | None
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`controller`: whose token found them; None where they were named by their id."""

    id: SubjectId
    controller: ControllerId | None


def one_person(house: House, sought: Sought, *, token: str | None, controller: str | None) -> Person:
    """NotFound where nobody is known by this, and where several are: their ids are told, with what tells them apart. Also
    who was known by it and was erased, as long as something of them lies elsewhere still."""
    kinds = (IdentifierKind.TEL, IdentifierKind.EMAIL, IdentifierKind.SIP, IdentifierKind.CUSTOMER_ID)
    values = (sought.tel, sought.email, sought.sip, sought.customer_id)
    given = [(kind, value) for kind, value in zip(kinds, values, strict=True) if value is not None]
    if len(given) + (sought.subject is not None) != 1:
        raise Malformed(f"Say who: the person's id, or one of {_BY}.")
    if sought.subject is not None:
        return Person(id=_id(sought.subject), controller=None)
    if token is None:
        raise NotSignedIn("Who looks for a person is known. Give your token with --token, or in RIGHTCALL_TOKEN.")
    who = signed_in(house.database, house.clock, token, Deed.FIND_SUBJECT, controller)
    [(kind, value)] = given
    identifier = normalise(kind, Personal(value), sought.region.upper())
    with house.database.transaction(who.controller) as tx:
        every = systems.spelt(tx, identifier)
        gone = {each.subject: f"erased {each.at:%Y-%m-%d}; " for one in every for each in left(tx, house.vault, one)}
        known = [person_of(tx, each)[0] for one in every for each in subjects.find(tx, house.vault, one)]
        found = list(dict.fromkeys([*known, *gone]))
        several = [f"{each}: {gone.get(each, '')}{told(apart(tx, each))}" for each in found] if len(found) > 1 else []
    if not found:
        raise NotFound("Nobody is known by this. Look at how it is written, or try another thing they are known by.")
    if several:
        raise NotFound("\n".join(["Several people are known by this. Name one of them by their id:", *several]))
    return Person(id=found[0], controller=who.controller)


def _id(given: str) -> SubjectId:
    return SubjectId(read_id(given, f"Give the person's, or find them with {_BY}."))
