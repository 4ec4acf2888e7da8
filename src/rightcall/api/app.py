"""The API put together: every route under /api/v1, the open part of the ledger, health, figures, and the edge around it all."""

from functools import cache, partial
from typing import Any

from fastapi import Depends, FastAPI
from starlette.routing import Route

from rightcall.api import (
    activities,
    asked_by_records,
    attestations,
    breaches,
    calls,
    cards,
    choices,
    codes,
    concerns,
    conservers,
    corrections,
    data_map,
    drp,
    entries,
    erasures,
    figures,
    health,
    holdings,
    holds,
    house_rules,
    imports,
    joins,
    ledger,
    links,
    mails,
    marks,
    minimisation,
    opendsr,
    outcomes,
    overrides,
    packages,
    parity,
    persons,
    problems,
    procedures,
    processors,
    provenance,
    public_notice,
    purposes,
    quality,
    raisers,
    receipts,
    requests,
    reviews,
    safety,
    scans,
    subjects,
    systems,
    takes,
    taking,
    terms,
    translations,
    trunks,
    uses,
    vcons,
    verdicts,
    wishes,
)
from rightcall.api.address import PREFIX
from rightcall.api.again import Again
from rightcall.api.door import known_query
from rightcall.api.problems import MEDIATYPE, Problem
from rightcall.api.verdicts import state_of
from rightcall.house import AtWork, House

_SAYS = (
    "No yes, no recording. Every route needs `Authorization: Bearer TOKEN`, except the ledger, health, raising a concern"
    " without a token and following it, taking one's own package, what was overridden, and the privacy notice. `/metrics`"
    " takes a token of its own, and none on this machine."
)
# In the order in which they are described.
_ROOMS = (
    calls,
    cards,
    marks,
    vcons,
    imports,
    choices,
    quality,
    verdicts,
    subjects,
    entries,
    joins,
    links,
    persons,
    holdings,
    uses,
    provenance,
    data_map,
    holds,
    takes,
    receipts,
    attestations,
    purposes,
    translations,
    reviews,
    trunks,
    codes,
    corrections,
    drp,
    requests,
    mails,
    packages,
    taking,
    erasures,
    asked_by_records,
    raisers,
    public_notice,
    concerns,
    outcomes,
    parity,
    minimisation,
    house_rules,
    overrides,
    activities,
    processors,
    opendsr,
    breaches,
    systems,
    terms,
    procedures,
    safety,
    scans,
    conservers,
    wishes,
)
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": says}
    for status, says in {
        400: "It could not be read, or was asked with an unknown query parameter.",
        401: "No valid token.",
        403: "This role may not, or the verdict is no.",
        404: "No such thing of this controller.",
        409: "Not in this state.",
        422: "The request does not fit the form.",
        429: "Too many at once, without a token.",
        503: "Something that Rightcall needs is away, or nobody confirmed that it holds.",
    }.items()
}


class Api(FastAPI):
    """Describes its problems as problems, under their own media type."""

    def openapi(self) -> dict[str, Any]:
        described = super().openapi()
        for methods in described["paths"].values():
            for what in methods.values():
                for answer in what["responses"].values():
                    _as_problem(answer.get("content", {}))
        return described


@cache
def routes() -> Api:
    """Without a house to work with, and without their edge."""
    app = Api(
        title="Rightcall",
        version="1",
        description=_SAYS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        dependencies=[Depends(known_query)],
    )
    problems.install(app)
    for room in _ROOMS:
        app.include_router(room.router, prefix=PREFIX, responses=_PROBLEMS)
    app.include_router(ledger.router, responses={status: _PROBLEMS[status] for status in (400, 404, 503)})
    app.include_router(health.router)
    app.include_router(figures.router)
    return app


def first_parts() -> frozenset[str]:
    """Of the addresses that the API answers."""
    rooms = (ledger.router, health.router, figures.router)
    open_to_all = [route.path for router in rooms for route in router.routes if isinstance(route, Route)]
    return frozenset(path.split("/")[1] for path in (PREFIX, Api().openapi_url or PREFIX, *open_to_all))


def _as_problem(content: dict[str, Any]) -> None:
    """A problem is described under its own media type, beside what else the answer may be: a page, another protocol's error."""
    for described_as, form in list(content.items()):
        if str(form.get("schema", {}).get("$ref", "")).endswith("/Problem"):
            del content[described_as]
            content[MEDIATYPE] = form


def create_api(house: House) -> Again:
    """Without an edge."""
    return Again(AtWork(routes(), house=house, turnstiles=raisers.turnstiles()), partial(state_of, house))
