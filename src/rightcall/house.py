"""What the API needs of the house it stands in front of. `wiring` builds one; tests build one with a fake recorder."""

from typing import Protocol

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
from rightcall.requests.codes.ports import Sender
from rightcall.settings import Settings
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
