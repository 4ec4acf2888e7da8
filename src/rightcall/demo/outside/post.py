"""The companies' way of sending texts and e-mails, as Rightcall hands them over (`adapters.codes`). They are put up on a page."""

import hmac
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, SecretStr
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rightcall.demo.outside.model import Letter, Town
from rightcall.personal import Personal

PLACE = "/post"


class _Handed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["tel", "email"]
    to: SecretStr
    words: SecretStr
    language: str


def post(town: Town, secret: str) -> APIRouter:
    router = APIRouter()

    @router.post(PLACE)
    def take(handed: _Handed, authorization: Annotated[str, Header()] = "") -> Response:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {secret}".encode()):
            raise HTTPException(401)
        town.deliver(
            Letter(
                came_at=datetime.now(UTC),
                kind=handed.kind,
                to=Personal(handed.to.get_secret_value()),
                words=Personal(handed.words.get_secret_value()),
            )
        )
        return Response(status_code=204)

    return router
