"""A real OpenID provider in a process of its own (`oidc-provider-mock`), on this machine. It holds clients to PKCE; and it can be
told to lie: POST /lie with what the next ID tokens say instead, and what they are signed with. Prints its port."""

import hmac
import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import oidc_provider_mock
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock._storage import storage
from werkzeug.serving import make_server

app: flask.Flask = oidc_provider_mock.app(require_nonce=True)
lie: dict[str, Any] = {}
challenges: dict[str, str] = {}


@app.post("/lie")
def told_to_lie() -> tuple[str, int]:
    lie.clear()
    lie.update(flask.request.get_json())
    return "", 204


@app.before_request
def check_verifier() -> tuple[dict[str, str], int] | None:
    """RFC 7636, section 4.6: whoever has a code alone gets nothing for it."""
    if flask.request.path != "/oauth2/token":
        return None
    digest = sha256(flask.request.form.get("code_verifier", "").encode()).digest()
    if challenges.get(flask.request.form["code"], "") == written(digest):
        return None
    return {"error": "invalid_grant"}, 400


@app.after_request
def answered(response: flask.Response) -> flask.Response:
    if flask.request.path == "/oauth2/authorize" and response.status_code == 302:
        codes = parse_qs(urlsplit(response.headers["location"]).query).get("code", [])
        challenges.update((code, flask.request.args.get("code_challenge", "")) for code in codes)
    if flask.request.path == "/.well-known/openid-configuration" and "discovery" in lie:
        response.set_data(json.dumps(response.get_json() | lie["discovery"]))
    if flask.request.path == "/oauth2/token" and response.status_code == 200 and lie:
        told = response.get_json()
        response.set_data(json.dumps(told | {"id_token": lied(told["id_token"])}))
    return response


def written(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def lied(token: str) -> str:
    own = RSAKey.import_key(storage.jwk.as_dict(is_private=True))
    claims = jwt.decode(token, own).claims | lie.get("claims", {})
    claims = {name: value for name, value in claims.items() if value is not None}
    if lie.get("key") == "unknown":
        return jwt.encode({"alg": "RS256", "kid": "unknown"}, claims, RSAKey.generate_key(2048))
    if lie.get("key") == "forged":
        return jwt.encode({"alg": "RS256", "kid": own.kid}, claims, RSAKey.generate_key(2048))
    if lie.get("key") == "shared":
        parts = ({"alg": "HS256", "kid": own.kid}, claims)
        signed = ".".join(written(json.dumps(each).encode()) for each in parts)
        return f"{signed}.{written(hmac.digest(own.as_pem(private=False), signed.encode(), 'sha256'))}"
    if lie.get("key") == "none":
        return f"{written(json.dumps({'alg': 'none'}).encode())}.{written(json.dumps(claims).encode())}."
    return jwt.encode({"alg": "RS256", "kid": own.kid}, claims, own)


if __name__ == "__main__":
    server = make_server("localhost", 0, app, threaded=True)
    print(server.server_port, flush=True)  # noqa: T201 - how whoever started it learns where it is
    server.serve_forever()
