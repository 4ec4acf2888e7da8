"""What the faces need of the house they stand in front of. `wiring` builds one; tests build one with a fake recorder."""

from typing import Protocol

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from rightcall.activities.processors.ports import Outbound
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.discovery.ports import Opener
from rightcall.holdings.ports import Objects
from rightcall.ids import ControllerId
from rightcall.ledger.ports import Signer
from rightcall.policy.model import RuleSet
from rightcall.recordings.envelope import VconSigner
from rightcall.recordings.ports import Audio, Gates
from rightcall.recordings.tools import Tools
from rightcall.requests.codes.ports import Sender
from rightcall.settings import Settings
from rightcall.staff.openid.ports import Provider
from rightcall.staff.passkeys.ports import Authenticators
from rightcall.vault.actions import Vault
from rightcall.vault.ports import KeyService


class House(Protocol):
    """Everything here may be used by many threads at once."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def keys(self) -> KeyService: ...
    @property
    def vault(self) -> Vault: ...
    @property
    def rules(self) -> RuleSet: ...
    @property
    def tools(self) -> Tools: ...
    @property
    def gates(self) -> Gates: ...
    @property
    def objects(self) -> Objects: ...
    @property
    def audio(self) -> Audio: ...
    @property
    def signer(self) -> Signer: ...
    @property
    def vcon_signer(self) -> VconSigner: ...
    @property
    def open_system(self) -> Opener: ...
    def opener_for(self, controller: ControllerId) -> Opener: ...
    @property
    def processors(self) -> Outbound: ...
    @property
    def codes(self) -> Sender | None: ...
    @property
    def authenticators(self) -> Authenticators: ...
    @property
    def provider(self) -> Provider | None: ...
    def controllers(self) -> list[ControllerId]: ...


class AtWork:
    """A face at work for one house. Its routes are built once in a process, which takes half a second, and hold nothing: what
    they need comes with each request, in its state."""

    def __init__(self, routes: FastAPI, **given: object) -> None:
        self.routes = routes
        self._given = given

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.open(scope)
        await self.routes(scope, receive, send)

    def open(self, scope: Scope) -> None:
        scope.setdefault("state", {}).update(self._given)
