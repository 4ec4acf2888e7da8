"""The companies' page to sign in at: an OpenID provider (OpenID Connect Core 1.0, authorization code with PKCE) that asks for no
password. Whoever comes says who they are; that is all that is made up about it."""

import base64
import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Header
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from rightcall.canonical import sha256
from rightcall.demo.outside.model import Colleague, Town
from rightcall.design.answers import onwards

CLIENT = "rightcall-demo"
_BACK = "/sign-in/openid/back"
_HERE = ("localhost", "127.0.0.1")
_HOLDS_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Wish:
    """To sign in somewhere, as that place asked for it."""

    back: str
    state: str
    nonce: str
    challenge: str


@dataclass(slots=True)
class Provider:
    """`issuer`: its own address. A code works once."""

    town: Town
    issuer: str
    secret: str
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True))
    _codes: dict[str, tuple[Wish, Colleague]] = field(default_factory=dict)

    def let_in(self, wish: Wish, sub: str) -> Response:
        colleague = next((each for each in self.town.colleagues if each.sub == sub), None)
        if colleague is None or not _is_of_this_machine(wish.back):
            raise HTTPException(400, "Nobody of that name works here, or the way back leads elsewhere.")
        code = secrets.token_urlsafe(16)
        self._codes[code] = (wish, colleague)
        return onwards(f"{wish.back}?{urlencode({'code': code, 'state': wish.state})}")

    def token(self, code: str, back: str, verifier: str, authorization: str) -> Response:
        wish, colleague = self._codes.pop(code, (None, None))
        challenge = base64.urlsafe_b64encode(sha256(verifier.encode())).rstrip(b"=").decode()
        if (
            wish is None
            or colleague is None
            or (wish.back, wish.challenge) != (back, challenge)
            or not self._is_ours(authorization)
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": colleague.sub,
            "iat": now,
            "exp": now + _HOLDS_SECONDS,
            "nonce": wish.nonce,
            "email": colleague.address,
            "email_verified": True,
        }
        id_token = jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)
        return JSONResponse({"access_token": "none", "token_type": "Bearer", "id_token": id_token})

    def _is_ours(self, authorization: str) -> bool:
        pair = base64.b64encode(f"{CLIENT}:{self.secret}".encode()).decode()
        return hmac.compare_digest(authorization.encode(), f"Basic {pair}".encode())


def provider(found: Provider) -> APIRouter:
    router = APIRouter()

    @router.get("/.well-known/openid-configuration")
    def told() -> dict[str, object]:
        return {
            "issuer": found.issuer,
            "authorization_endpoint": f"{found.issuer}/who",
            "token_endpoint": f"{found.issuer}/token",
            "jwks_uri": f"{found.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    @router.get("/keys")
    def keys() -> dict[str, object]:
        return dict(KeySet([found.key]).as_dict(private=False))

    @router.get("/let-in")
    def let_in(sub: str, back: str, state: str, nonce: str, challenge: str) -> Response:
        return found.let_in(Wish(back, state, nonce, challenge), sub)

    @router.post("/token")
    def token(
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        authorization: Annotated[str, Header()] = "",
    ) -> Response:
        return found.token(code, redirect_uri, code_verifier, authorization)

    return router


def _is_of_this_machine(back: str) -> bool:
    parts = urlsplit(back)
    return parts.scheme == "http" and parts.hostname in _HERE and parts.path == _BACK
