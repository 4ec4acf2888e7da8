"""An OpenID provider, asked as a relying party: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636,
RFC 9700). What it says of itself is fetched from its issuer and kept for minutes; its keys are fetched anew when it signs with
one that is not known. It is spoken to over TLS, or on this machine alone; no redirect is followed.
"""

import base64
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from rightcall.canonical import parse_json, sha256
from rightcall.clock import Clock
from rightcall.design.tongues import marked
from rightcall.errors import IdentityGone, Malformed, NotConfigured, NotSignedIn
from rightcall.personal import Personal
from rightcall.staff.openid.model import Identity

_PATIENCE_SECONDS = 10.0
_MOST_BYTES = 1 << 20
_KEPT_SECONDS = 600.0
_SKEW_SECONDS = 60
_LONGEST_TOKEN_SECONDS = 600
_SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
_SCOPES = "openid email"
_DOES_NOT_HOLD = marked("What your provider says of this sign-in does not hold, so nobody was let in. Begin again.")
_AWAY = "The provider that people sign in with does not answer as it should. Try again in a moment, or use a passkey."
_HOST_OF_OUR_OWN = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class _Found:
    """What the provider says of itself (OpenID Connect Discovery 1.0), as far as it is needed."""

    authorize: str
    token: str
    keys: str
    sign_out: str | None
    posts_secret: bool
    at: float


class OpenId:
    """Implements `staff.openid.ports.Provider`. May be used by many threads at once."""

    def __init__(self, clock: Clock, *, issuer: str, client: str, secret: Personal[str], back: str, claim: str | None) -> None:
        """`back`: where the provider sends browsers back to. `claim`: where it tells groups, if that is asked for."""
        self._clock, self._issuer, self._client, self._secret = clock, issuer, client, secret
        self._back, self._claim = back, claim
        self._lock = threading.Lock()
        self._found: _Found | None = None
        self._keys: KeySet | None = None
        if not _is_safe(issuer):
            raise NotConfigured("RIGHTCALL_OPENID_ISSUER has to be https://…, or on this machine itself.")

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        challenge = base64.urlsafe_b64encode(sha256(verifier.encode())).rstrip(b"=").decode()
        found = self._discovered()
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._back,
            "scope": _SCOPES,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{found.authorize}{'&' if urlsplit(found.authorize).query else '?'}{urlencode(query)}"

    def sign_out_address(self, *, back: str) -> str | None:
        """OpenID Connect RP-Initiated Logout 1.0. No token is kept that could say who it is, so the provider asks."""
        found = self._discovered().sign_out
        if found is None:
            return None
        query = urlencode({"client_id": self._client, "post_logout_redirect_uri": back, "state": "out"})
        return f"{found}{'&' if urlsplit(found).query else '?'}{query}"

    def identity(self, *, code: str, nonce: str, verifier: str) -> Identity:
        answer = self._exchanged(code, verifier)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotSignedIn(_DOES_NOT_HOLD)
        claims = self._claims(token, nonce)
        address = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(
            issuer=self._issuer,
            subject=Personal(claims["sub"]),
            address=Personal(address) if isinstance(address, str) else None,
            groups=_words(claims.get(self._claim)) if self._claim else frozenset(),
        )

    def _exchanged(self, code: str, verifier: str) -> Mapping[str, Any]:
        """The code for a token, once (RFC 6749, section 4.1.3)."""
        found = self._discovered()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._back, "code_verifier": verifier}
        headers = {"accept": "application/json"}
        secret = self._secret.reveal("sign in at the provider")
        if found.posts_secret:
            form |= {"client_id": self._client, "client_secret": secret}
        else:
            pair = f"{quote(self._client, safe='')}:{quote(secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return _asked("POST", found.token, refused=NotSignedIn(_DOES_NOT_HOLD), data=form, headers=headers)

    def _claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        """In the order of OpenID Connect Core 1.0, section 3.1.3.7."""
        try:
            decoded = self._decoded(token)
            registry = JWTClaimsRegistry(
                now=lambda: int(self._clock.now().timestamp()),
                leeway=_SKEW_SECONDS,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            registry.validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotSignedIn(_DOES_NOT_HOLD) from error
        claims = decoded.claims
        if not _is_for(claims, self._client) or not self._is_recent(claims["iat"]) or not _is_subject(claims["sub"]):
            raise NotSignedIn(_DOES_NOT_HOLD)
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._key_set(), algorithms=_SIGNED_WITH)
        except (JoseError, ValueError):
            # The provider may have turned its keys since they were fetched.
            return jwt.decode(token, self._key_set(anew=True), algorithms=_SIGNED_WITH)

    def _is_recent(self, issued_at: object) -> bool:
        if isinstance(issued_at, bool) or not isinstance(issued_at, int | float):
            return False
        return -_SKEW_SECONDS <= self._clock.now().timestamp() - issued_at <= _LONGEST_TOKEN_SECONDS

    def _discovered(self) -> _Found:
        with self._lock:
            if self._found is not None and time.monotonic() - self._found.at < _KEPT_SECONDS:
                return self._found
        told = _asked("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", refused=IdentityGone(_AWAY))
        if told.get("issuer") != self._issuer:
            raise IdentityGone(_AWAY)
        methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        found = _Found(
            authorize=_place(told, "authorization_endpoint"),
            token=_place(told, "token_endpoint"),
            keys=_place(told, "jwks_uri"),
            sign_out=_place(told, "end_session_endpoint") if "end_session_endpoint" in told else None,
            posts_secret=isinstance(methods, list) and "client_secret_basic" not in methods,
            at=time.monotonic(),
        )
        with self._lock:
            self._found = found
        return found

    def _key_set(self, *, anew: bool = False) -> KeySet:
        with self._lock:
            if self._keys is not None and not anew:
                return self._keys
        told = _asked("GET", self._discovered().keys, refused=IdentityGone(_AWAY))
        try:
            keys = KeySet.import_key_set({"keys": [each for each in told["keys"] if each.get("use", "sig") == "sig"]})
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IdentityGone(_AWAY) from error
        with self._lock:
            self._keys = keys
        return keys


def _asked(method: str, url: str, *, refused: Exception, **what: Any) -> Mapping[str, Any]:
    """The object that is answered. `refused`: what a status of 400 to 499 means. Nothing of it is logged."""
    try:
        with (
            httpx.Client(timeout=_PATIENCE_SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream(method, url, **what) as response,
        ):
            body = _read(response)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise IdentityGone(_AWAY) from error
    if 400 <= response.status_code < 500:
        raise refused
    if response.status_code != 200:
        raise IdentityGone(_AWAY)
    try:
        told = parse_json(body)
    except Malformed as error:
        raise IdentityGone(_AWAY) from error
    if not isinstance(told, dict):
        raise IdentityGone(_AWAY)
    return told


def _read(response: httpx.Response) -> bytes:
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > _MOST_BYTES:
            raise IdentityGone(_AWAY)
    return body


def _place(told: Mapping[str, Any], name: str) -> str:
    place = told.get(name)
    if not isinstance(place, str) or not _is_safe(place):
        raise IdentityGone(_AWAY)
    return place


def _is_safe(url: str) -> bool:
    """Over TLS, or never leaving this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HOST_OF_OUR_OWN))


def _is_for(claims: Mapping[str, Any], client: str) -> bool:
    """For us; and where others are named too, to us (section 3.1.3.7, 3 to 5)."""
    named = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    azp = claims.get("azp")
    return client in named and (azp == client if azp is not None else len(named) == 1)


def _is_subject(sub: object) -> bool:
    return isinstance(sub, str) and 1 <= len(sub) <= 255


def _words(told: object) -> frozenset[str]:
    found = told if isinstance(told, list) else [told]
    return frozenset(each for each in found if isinstance(each, str))
