"""How this deployment keeps data safe, read off its settings and itself (GDPR Art. 32(1)): no names of machines, no addresses."""

from collections import Counter
from urllib.parse import parse_qs, urlsplit

from rightcall.activities.model import Measures
from rightcall.actors import Role
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from rightcall.ledger import actions as ledger
from rightcall.settings import Settings
from rightcall.staff import actions as staff
from rightcall.staff.members import actions as members
from rightcall.vault.actions import Vault

_ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})


def measures_of(settings: Settings, database: Database, vault: Vault, controller: ControllerId, clock: Clock) -> Measures:
    epoch, now = vault.epoch(database), clock.now()
    with database.system() as tx:
        size = ledger.signed_size(tx)
    with database.transaction(controller) as tx:
        people = Counter(each.role for each in members.members(tx) if each.is_active)
        tokens = Counter(each.role for each in staff.tokens(tx) if each.revoked_at is None and each.expires_at > now)
    return Measures(
        key_service=_key_service(settings),
        epoch=epoch.number,
        epoch_days=settings.epoch_days,
        database=_database(settings),
        objects=_objects(settings),
        people=_in_order(people),
        tokens=_in_order(tokens),
        ledger_size=size,
    )


def _in_order(counted: Counter[Role]) -> dict[Role, int]:
    return {role: counted[role] for role in sorted(counted, key=list(Role).index)}


def _key_service(settings: Settings) -> str:
    if settings.key_service == "file":
        return "a file of keys, itself under a passphrase"
    return "a hardware token (PKCS#11)"


def _database(settings: Settings) -> str:
    if settings.database_url is None:
        return "PostgreSQL on the machine itself, reached over a socket"
    address = urlsplit(settings.database_url.get_secret_value())
    modes = parse_qs(address.query).get("sslmode", ["prefer"])
    if not address.hostname:
        return "PostgreSQL of the controller's own, reached over a socket"
    if modes[-1] in _ENCRYPTED:
        return f"PostgreSQL of the controller's own, reached only over TLS ({modes[-1]})"
    return "PostgreSQL of the controller's own; its address does not insist on TLS"


def _objects(settings: Settings) -> str:
    if settings.objects_url is None or settings.objects_url.startswith("file:"):
        return "a folder of the machine"
    return "a bucket (S3)"
