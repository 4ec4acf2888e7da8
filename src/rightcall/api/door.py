"""The door: who asks, for whom, and whether their role may. Each route names one deed and gets the transaction that it runs in.

bearer token -> staff.authenticate (system transaction) -> staff.require -> one transaction for that controller -> commit
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from rightcall.actors import Actor
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotSignedIn
from rightcall.house import House
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.staff.actions import authenticate, require
from rightcall.staff.model import Deed

T = TypeVar("T")

_bearer = HTTPBearer(auto_error=False, description="A token from `rightcall token create`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Someone who was let in for one deed, on behalf of one controller."""

    house: House
    controller: ControllerId
    actor: Actor

    def run(self, deed: Callable[[Transaction], T]) -> T:
        """`deed` in the one transaction of this request: committed when this returns."""
        return self.house.database.run(self.controller, deed)


def house_of(request: Request) -> House:
    house: House = request.state.house
    return house


def door_for(deed: Deed) -> Callable[..., Door]:
    """The dependency of a route that does `deed`."""

    def enter(
        request: Request,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Door:
        if credentials is None:
            raise NotSignedIn("This needs a token. Make one with `rightcall token create`, send `Authorization: Bearer TOKEN`.")
        house = house_of(request)
        with house.database.system() as tx:
            controller, actor = authenticate(tx, house.clock, credentials.credentials)
        require(actor, deed)
        return Door(house=house, controller=controller, actor=actor)

    enter.__name__ = f"may_{deed.name.lower()}"
    return enter


def shown_secret(credentials: Annotated[HTTPAuthorizationCredentials, Depends(_bearer)]) -> Personal[str]:
    """The secret of the token that opened the door: for a route that also asks for a door, where what is the bearer's own opens
    by their token alone (`concerns`)."""
    return Personal(credentials.credentials)


def known_query(request: Request) -> None:
    """The dependency of every route: a query parameter that it does not know is a mistake, not something to overlook. A filter
    that is misspelt would otherwise answer with everything."""
    known = sorted(_query_of(request.scope["route"].dependant))
    if not set(request.query_params) <= set(known):
        may = f"It takes {', '.join(known)}." if known else "It takes none."
        raise Malformed(f"This address was asked with a query parameter that it does not know. {may} Correct it or leave it out.")


def _query_of(dependant: Dependant) -> set[str]:
    below = (_query_of(each) for each in dependant.dependencies)
    return {field.alias for field in dependant.query_params}.union(*below)
