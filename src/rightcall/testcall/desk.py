"""The agent's desk of a test call: the HTTP API, as any contact centre's own desk would use it."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import httpx

from rightcall.canonical import Json
from rightcall.errors import Malformed, Mistake, NotFound, RecorderGone

_PATIENCE_SECONDS = 10.0
_AWAY = 503
Again = Callable[[str, float], bool]


class Declined(Mistake):
    """The API answered with a problem (RFC 9457); its detail says what to do."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(f"{title} ({status}): {detail}")
        self.status, self.title = status, title


class Desk:
    """One token's view of one deployment. `again`: where something is away, asked with what that is and for how many seconds;
    where it says so, the same is sent once more."""

    def __init__(self, address: str, token: str, *, timeout_seconds: float = 15.0, again: Again = lambda *_: False) -> None:
        if not address.startswith(("http://", "https://")):
            raise Malformed("The address of the API is missing http:// or https://. Begin it with one of them.")
        self._client = httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout_seconds,
            trust_env=False,
        )
        self._again = again

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **query: str) -> Any:
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: Mapping[str, Json]) -> Any:
        return self._ask("POST", path, json=dict(body), headers={"Idempotency-Key": str(uuid4())})

    def content(self, path: str, **query: str) -> bytes:
        return self._send("GET", path, params=query).content

    def live_calls(self, *, tel: str) -> frozenset[str]:
        """The ids of the calls that this person is on now."""
        people = self.get("/subjects", tel=tel)["items"]
        return frozenset(
            call["id"] for person in people for call in self.get("/calls", active="true", subject=person["id"])["items"]
        )

    def find_call(self, *, tel: str, known: frozenset[str] = frozenset()) -> dict[str, Any]:
        """The call that the person with this number is on and that is not among the `known`, once the recorder has told of it."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if new := sorted(self.live_calls(tel=tel) - known):
                return dict(self.get(f"/calls/{new[-1]}"))
            time.sleep(0.1)
        raise NotFound("The recorder took the call, and the API does not show it. Check that both belong to the same deployment.")

    def purpose_keys(self) -> dict[str, str]:
        """The key of each purpose by its id."""
        return {purpose["id"]: purpose["key"] for purpose in self.get("/purposes")["items"]}

    def purpose(self, key: str) -> dict[str, Any]:
        known = {purpose["key"]: purpose for purpose in self.get("/purposes")["items"]}
        if key not in known:
            raise NotFound(f"The register has no purpose with the key {key}. It has: {', '.join(known) or 'none'}.")
        return dict(known[key])

    def notice(self, purpose: str, language: str) -> dict[str, Any]:
        """The words to play now; Declined where there are none in this language."""
        return dict(self.get(f"/purposes/{purpose}/notice", language=language))

    def _ask(self, method: str, path: str, **rest: Any) -> Any:
        answer = self._send(method, path, **rest)
        return answer.json() if answer.content else None

    def _send(self, method: str, path: str, **rest: Any) -> httpx.Response:
        began = time.monotonic()
        while True:
            try:
                return self._sent(method, path, **rest)
            except RecorderGone as error:
                if not self._again(str(error), time.monotonic() - began):
                    raise
            except Declined as declined:
                if declined.status != _AWAY or not self._again(declined.title, time.monotonic() - began):
                    raise

    def _sent(self, method: str, path: str, **rest: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **rest)
        except httpx.HTTPError as error:
            raise RecorderGone("The API does not answer. Check its address and that it runs.") from error
        if response.status_code >= 400:
            problem = response.json() if "json" in response.headers.get("content-type", "") else {}
            raise Declined(response.status_code, problem.get("title", "Declined"), problem.get("detail", "no reason was given"))
        return response
