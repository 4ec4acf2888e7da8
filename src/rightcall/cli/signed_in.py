"""Who gives a command that counts as a person's word: known by a token, as at the API."""

from dataclasses import dataclass
from typing import Annotated

import typer

from rightcall.actors import Actor
from rightcall.cli.place import controller_of
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.errors import NotAllowed
from rightcall.ids import ControllerId
from rightcall.staff.actions import authenticate, require
from rightcall.staff.model import Deed

TokenOption = Annotated[
    str,
    typer.Option(
        "--token",
        envvar="RIGHTCALL_TOKEN",
        help="Your API token. In the variable others on this machine do not see it.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The bearer of a token, at the controller that the token belongs to."""

    controller: ControllerId
    actor: Actor


def signed_in(database: Database, clock: Clock, token: str, deed: Deed, controller: str | None) -> SignedIn:
    """NotSignedIn, NotAllowed where the token does not open this deed, or belongs to another controller than was named."""
    with database.system() as tx:
        owner, actor = authenticate(tx, clock, token.strip())
    require(actor, deed)
    if controller is not None and controller_of(database, controller).id != owner:
        raise NotAllowed("This token belongs to another controller than --controller names. Use one of that controller.")
    return SignedIn(controller=owner, actor=actor)
