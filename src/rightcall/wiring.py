"""The only place where real things are built: from settings to a house with its lights on.

DATA/
  database/         the embedded PostgreSQL
  objects/          sealed bytes, unless they go to S3
  spool/            sealed bytes of takes that are being recorded
  packages/         sealed bytes of packages that are being made
  keypad/           keys that answered a question and are not written down yet: ids, an instant, and which of two keys
  keys              the epoch keys, under the passphrase; never part of a backup
  ledger-key        the ledger's signing key, wrapped by the key service
  vcon-key          the key that signs vCons, likewise, with its certificate
  passphrase        made on first start; belongs somewhere else
  destroyed/        which keys were destroyed in each epoch, so that a restored backup can be told; never part of a backup
  checkpoint        the ledger's last one, so that a database that was put back can be told; never part of a backup
  drill/            what a drill restores a backup into, unless it is elsewhere; empty when none goes on
  workers/          a file for each worker that runs on this folder, locked while it lives
  signalling/       ids of the calls that signalling has, so that the next process can end those of a killed one
  control-secret    what the recorder's processes know each other by
  lock-<role>       held while that role runs on this folder
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import certifi

from rightcall.activities.processors.ports import Outbound
from rightcall.adapters.audio.render import PyAvAudio
from rightcall.adapters.control.gates import ControlGates
from rightcall.adapters.control.own_files import control_secret
from rightcall.adapters.destroyed import DESTROYED, DestroyedList
from rightcall.adapters.destroying import WrittenFirst
from rightcall.adapters.identity.origin import Origin, origin_of
from rightcall.adapters.keys.file import KeyFile
from rightcall.adapters.keys.passphrase import make_secret, read_secret
from rightcall.adapters.keys.signer import LedgerSigner
from rightcall.adapters.keys.vcon_signer import vcon_signer
from rightcall.adapters.objects.store import Objects
from rightcall.adapters.shut import Shut, ShutKeys
from rightcall.adapters.systems.fence import Fenced, Rooted, roots_of
from rightcall.clock import Clock, SystemClock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database
from rightcall.database.embedded import ensure_running
from rightcall.database.migrate import migrate
from rightcall.discovery.ports import Opener
from rightcall.discovery.systems.reach import path_of
from rightcall.errors import NotConfigured
from rightcall.ids import ControllerId
from rightcall.later import later, load
from rightcall.ledger.actions import Sequencer
from rightcall.personal import Personal
from rightcall.policy.actions import keep_rules, load_rules
from rightcall.policy.model import RuleSet
from rightcall.recordings.envelope import VconSigner
from rightcall.recordings.ports import Gates
from rightcall.recordings.tools import Tools
from rightcall.requests.codes.ports import Sender
from rightcall.requests.drp.model import Trouble
from rightcall.requests.drp.ports import CallBack
from rightcall.settings import Settings, networks
from rightcall.staff.openid.ports import Provider
from rightcall.staff.openid.rules import parse_roles
from rightcall.staff.passkeys.ports import Authenticators
from rightcall.vault.actions import Vault
from rightcall.vault.ports import KeyService


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything a face or a procedure works with. Each part may be used by many threads at once. `recorders`: the control line
    to the media processes, by which `gates` are settled in life. `keys` open nothing while `shut` has a doubt."""

    settings: Settings
    clock: Clock
    database: Database
    keys: KeyService
    shut: Shut
    signer: LedgerSigner
    vault: Vault
    rules: RuleSet
    objects: Objects
    gates: Gates
    recorders: ControlGates
    audio: PyAvAudio
    vcon_signer: VconSigner
    open_system: Opener
    codes: Sender | None
    processors: Outbound
    call_back: CallBack
    origin: Origin
    provider: Provider | None

    @property
    def tools(self) -> Tools:
        return Tools(vault=self.vault, clock=self.clock, rules=self.rules)

    @property
    def authenticators(self) -> Authenticators:
        known: Authenticators = load("rightcall.adapters.identity.passkeys:WebAuthn")(self.origin)
        return known

    def controllers(self) -> list[ControllerId]:
        """All of them, read in a transaction of its own: what is done for each is done in transactions of that controller."""
        with self.database.system() as tx:
            return controllers.all_ids(tx)

    def opener_for(self, controller: ControllerId) -> Opener:
        """For whoever registers a system of this controller's."""
        named = [each.strip() for each in self.settings.scan_roots.split(",") if each.strip()]
        is_alone = len(self.controllers()) == 1
        return Rooted(open_system=self.open_system, roots=roots_of(named, controller), is_alone=is_alone)

    def sequencer(self) -> Sequencer:
        return Sequencer(self.database, self.signer, self.settings.ledger_origin, self.clock)


@contextmanager
def open_house(settings: Settings, *, connections: int = 8, clock: Clock | None = None) -> Iterator[House]:
    """A house on the database of `settings`, migrated. The embedded server is started and stopped where nobody else runs it.
    `clock`: another than the machine's, for what is made up as of some time ago."""
    with _database_url(settings) as url:
        migrate(url)
        database = Database(url, connections=connections, foreword=WrittenFirst(destroyed_list(settings)))
        try:
            with build(settings, database, clock) as house:
                yield house
        finally:
            database.close()


@contextmanager
def build(settings: Settings, database: Database, clock: Clock | None = None) -> Iterator[House]:
    """A house on a database that is there already."""
    clock = clock or SystemClock()
    own_keys = key_service(settings)
    shut = Shut(settings.data, settings.ledger_origin, database, clock)
    keys = ShutKeys(own_keys, shut)
    vault = Vault(keys, clock)
    vault.start(database)
    rules = load_rules(settings.rules)
    with database.system() as tx:
        keep_rules(tx, clock, rules)
    codes = sender_of_codes(settings)
    recorders = ControlGates(database, control_secret(settings.data))
    try:
        house = House(
            settings=settings,
            clock=clock,
            database=database,
            keys=keys,
            shut=shut,
            signer=LedgerSigner(settings.data / "ledger-key", keys, settings.ledger_origin),
            vault=vault,
            rules=rules,
            objects=object_store(settings),
            gates=recorders,
            recorders=recorders,
            audio=PyAvAudio(),
            vcon_signer=vcon_signer(settings.data / "vcon-key", own_keys, clock.now()),
            open_system=fence(settings),
            codes=codes,
            processors=to_processors(settings),
            call_back=calling_back(settings),
            origin=origin_of(settings.own_url),
            provider=provider_of(settings, clock),
        )
        with shut.watched():
            yield house
    finally:
        recorders.close()
        if codes is not None:
            codes.close()


def key_service(settings: Settings) -> KeyService:
    """The key file with its passphrase, or the PKCS#11 token. Anything missing refuses to start."""
    if settings.key_service == "file":
        file = settings.passphrase_file
        passphrase = make_secret(settings.data / "passphrase") if file is None else read_secret(file)
        return KeyFile(settings.data / "keys", passphrase)
    if settings.pin_file is None:
        raise NotConfigured("A PKCS#11 token needs its PIN. Put it into a file of its own and set RIGHTCALL_PIN_FILE.")
    token: KeyService = load("rightcall.adapters.keys.pkcs11:token_at")(settings.key_service, read_secret(settings.pin_file))
    return token


def sender_of_codes(settings: Settings) -> Sender | None:
    """None where nothing is named that sends them. An address without its secret refuses to start."""
    if settings.codes_url is None:
        return None
    if settings.codes_secret_file is None:
        raise NotConfigured("What sends codes has to know that it is us. Put its token into a file: RIGHTCALL_CODES_SECRET_FILE.")
    sender: Sender = load("rightcall.adapters.codes:PostedCodes")(settings.codes_url, read_secret(settings.codes_secret_file))
    return sender


def provider_of(settings: Settings, clock: Clock) -> Provider | None:
    """None where no provider is named. One that is named in part refuses to start."""
    mapping = parse_roles(settings.openid_roles)
    if not settings.openid_issuer:
        return None
    if settings.openid_client is None or settings.openid_secret_file is None:
        raise NotConfigured("Signing in by OpenID needs RIGHTCALL_OPENID_CLIENT and RIGHTCALL_OPENID_SECRET_FILE too.")
    provider: Provider = load("rightcall.adapters.identity.openid:OpenId")(
        clock,
        issuer=settings.openid_issuer,
        client=settings.openid_client,
        secret=Personal(read_secret(settings.openid_secret_file).decode()),
        back=f"{settings.own_url}/sign-in/openid/back",
        claim=None if mapping is None else mapping.claim,
    )
    return provider


def to_processors(settings: Settings) -> Outbound:
    """Whom to trust about the domains of processors. A file that is named and cannot be read refuses to start."""
    try:
        roots = Path(settings.processor_cas or certifi.where()).read_bytes()
    except OSError as error:
        raise NotConfigured("The file with authorities cannot be read. See RIGHTCALL_PROCESSOR_CAS.") from error
    return Outbound(dial=later("rightcall.adapters.opendsr:dial"), roots=roots, public_url=settings.public_url)


def calling_back(settings: Settings) -> CallBack:
    """Networks that nobody can read refuse to start."""
    inner = networks(settings.callback_networks)

    def call_back(url: str, body: bytes, /) -> Trouble | None:
        agent: CallBack = load("rightcall.adapters.callbacks:Callbacks")(inner)
        return agent(url, body)

    return call_back


def object_store(settings: Settings) -> Objects:
    url = settings.objects_url or f"file://{(settings.data / 'objects').resolve()}"
    return Objects(url, settings.objects_endpoint)


def fence(settings: Settings) -> Fenced:
    """Opens any system but what Rightcall keeps itself, and the files that its secrets are in."""
    secrets = (
        settings.passphrase_file,
        settings.pin_file,
        settings.codes_secret_file,
        settings.openid_secret_file,
        settings.metrics_secret_file,
    )
    objects = None if settings.objects_url is None else path_of(settings.objects_url)
    own = (settings.data, objects, *secrets)
    return Fenced(own=tuple(each for each in own if each is not None), objects=settings.objects_url)


def destroyed_list(settings: Settings) -> DestroyedList:
    return DestroyedList(settings.data / DESTROYED)


@contextmanager
def _database_url(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    server = ensure_running(settings.data / "database")
    try:
        yield server.url
    finally:
        server.stop()
