"""Every setting, with its default: an environment variable `RIGHTCALL_<NAME>` and a heading in docs/reference/settings.md."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rightcall.errors import NotConfigured

_PREFIX = "RIGHTCALL_"
_ORIGIN = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?")
# Read by the test call itself.
_NO_SETTINGS = frozenset({"RIGHTCALL_TOKEN"})


class Settings(BaseSettings):
    """Read once, at the start of a process; never read again further in."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore", frozen=True)

    data: Path = Field(Path("rightcall-data"), description="Folder for everything Rightcall keeps on this machine.")
    database_url: SecretStr | None = Field(
        None, description="A PostgreSQL of your own. Empty: the embedded one, in DATA/database."
    )
    objects_url: str | None = Field(
        None, description="Where sealed bytes go: s3://bucket/prefix, or file:///folder. Empty: DATA/objects."
    )
    objects_endpoint: str | None = Field(None, description="Address of an S3 service that is not Amazon's.")
    http: str = Field("127.0.0.1:8740", description="HOST:PORT of the API.")
    http_proxies: str = Field(
        "",
        description="Addresses or networks of HTTP proxies of your own, separated by commas; they are believed about who asks.",
    )
    metrics_secret_file: Path | None = Field(
        None, description="File with the bearer token that /metrics takes. Empty: it answers this machine, while no proxy is set."
    )
    sip: str = Field("127.0.0.1:5070", description="HOST:PORT where session recording clients send their INVITEs (UDP).")
    sip_public: str | None = Field(
        None, description="HOST[:PORT] to put into Contact, where it differs from the address listened on."
    )
    sip_proxies: str = Field(
        "",
        description="Addresses or networks of SIP proxies of your own, separated by commas; they are believed about the caller.",
    )
    sip_most_calls: int = Field(2000, ge=1, description="How many recording sessions one signalling process takes at once.")
    sip_messages_per_second: int = Field(
        2000, ge=10, description="SIP messages taken from one address, with bursts of twice that; a proxy is one address."
    )
    sip_keepalive_seconds: int = Field(60, ge=1, description="Seconds between our OPTIONS to the client of a running call.")
    sip_least_session_seconds: int = Field(90, ge=90, description="The shortest session timer that is taken (Min-SE, RFC 4028).")
    rtp: str = Field("127.0.0.1", description="Address that receives RTP; it is also what our SDP answers say.")
    rtp_public: str | None = Field(
        None, description="Address to put into SDP answers, where it differs from the one listened on."
    )
    rtp_ports: str = Field("20000-29999", description="FIRST-LAST UDP port for RTP; two ports (RTP, RTCP) a stream.")
    control: str = Field(
        "127.0.0.1:0",
        description="HOST:PORT where the recorder's processes take orders. Port 0: any free one.",
    )
    key_service: str = Field("file", description="file, or pkcs11:<module path>?token=<label>.")
    passphrase_file: Path | None = Field(
        None,
        description="File with the passphrase of the key file. Empty: DATA/passphrase, made on first start.",
    )
    pin_file: Path | None = Field(None, description="File with the PIN of the PKCS#11 token.")
    epoch_days: int = Field(
        7,
        ge=1,
        le=90,
        description="Days until a new epoch key replaces the old one: how long a backup can live.",
    )
    key_backups: Path | None = Field(
        None, description="Folder, on another disk, where one backup of the present epoch's keys is kept. Empty: there is none."
    )
    backups: Path | None = Field(
        None,
        description="Folder that your backups lie in, one folder each: the newest is what a drill tries. Empty: none is due.",
    )
    backup_database_url: SecretStr | None = Field(
        None, description="The login that reads all rows for a backup. Empty: that of RIGHTCALL_DATABASE_URL."
    )
    drill_every_days: int = Field(7, ge=1, le=90, description="Days between two drills of the newest backup.")
    drill_folder: Path | None = Field(
        None, description="Where a drill restores to, with room for the whole backup. Empty: DATA/drill. Emptied afterwards."
    )
    ledger_origin: str = Field(
        "rightcall.local/ledger",
        description="The ledger's name in its checkpoints (C2SP tlog-checkpoint origin).",
    )
    rules: Path | None = Field(
        None,
        description="Folder with house rules of your own (Cedar). Empty: those that come with Rightcall.",
    )
    vcon_trusted: Path | None = Field(
        None, description="File with the certificates (PEM) of those whose signed vCons are believed. Empty: nobody's."
    )
    scan_object_seconds: int = Field(
        120, ge=1, description="Seconds of a processor that one object of a scan may take, and one more for each 200 kB of it."
    )
    codes_url: str | None = Field(
        None, description="Where one-time codes are handed over to be sent as a text or an e-mail. Empty: there are none."
    )
    codes_secret_file: Path | None = Field(None, description="File with the bearer token for RIGHTCALL_CODES_URL.")
    codes_per_hour: int = Field(
        10_000, ge=1, description="Codes really sent from one company's customer's page in one hour. Over it none is sent."
    )
    processor_cas: Path | None = Field(
        None,
        description="File with the authorities (PEM) that vouch for processors' certificates. Empty: those that browsers trust.",
    )
    verification_url: str | None = Field(
        None,
        description="Page of yours where a person shows who they are, for what an agent asks for them. Empty: there is none.",
    )
    public_url: str | None = Field(
        None,
        description="Where others reach the web server: https://HOST. Empty: http://localhost:PORT; processors are only asked.",
    )
    session_idle_minutes: int = Field(
        30, ge=1, le=240, description="Minutes without a request after which whoever works here is signed out."
    )
    session_hours: int = Field(10, ge=1, le=24, description="Hours after which they are signed out whatever they do.")
    openid_issuer: str | None = Field(
        None, description="The OpenID provider that people who work here sign in with: https://… as it names itself. Empty: none."
    )
    openid_client: str | None = Field(None, description="What that provider knows Rightcall by: its client id.")
    openid_secret_file: Path | None = Field(None, description="File with the client secret that the provider gave.")
    openid_roles: str = Field(
        "",
        description="Roles taken from the provider: CLAIM:GROUP=ROLE,GROUP=ROLE. Empty: an administrator gives roles here.",
    )
    desk_framed_by: str = Field(
        "",
        description="Addresses (https://HOST) whose pages may show the agent desk in a frame, separated by commas. Empty: none.",
    )
    callback_networks: str = Field(
        "",
        description="Networks of your own, separated by commas, in which agents may be called back. Empty: public addresses.",
    )
    procedures_keep_days: int = Field(
        90, ge=1, le=3650, description="Days that a procedure which has ended is kept to be looked at, then forgotten."
    )
    erasure_escalate_days: int = Field(
        3, ge=0, le=30, description="Days that another system may fail to erase before a person is told to look."
    )
    concern_answer_days: int = Field(14, ge=1, le=90, description="Days until a concern, or an appeal, is to be answered.")
    concern_appeal_days: int = Field(30, ge=7, le=365, description="Days in which the raiser of a concern may appeal the answer.")
    concern_keep_days: int = Field(
        730, ge=30, le=3650, description="Days after its end until a concern's words and raiser are destroyed."
    )
    concerns_per_hour: int = Field(
        60, ge=1, description="Concerns taken without a token for one controller in one hour. With a token there is no limit."
    )
    minimisation_every_days: int = Field(7, ge=1, le=90, description="Days between two looks at what purposes really read.")
    minimisation_unread_days: int = Field(
        90, ge=7, le=3650, description="What nobody has read for so many days is called unread."
    )
    parity_every_days: int = Field(7, ge=1, le=90, description="Days between two looks at parity.")
    parity_days: int = Field(
        91, ge=7, le=365, description="How many days what was told of a call's course is compared, and kept."
    )
    parity_least: int = Field(30, ge=20, le=1000, description="Calls that a group must have before anything is said of it.")
    parity_alarm: float = Field(
        5.0, gt=0, le=20, description="In how many of a hundred years a deployment in parity may see any false flag."
    )
    parity_gap_waiting: float = Field(
        10.0, ge=1, le=50, description="The smallest gap in waiting that matters, in pairs of a hundred."
    )
    parity_gap_handling: float = Field(10.0, ge=1, le=50, description="The same for handling, either way.")
    parity_gap_transfers: float = Field(5.0, ge=1, le=50, description="The same for transfers.")
    parity_gap_unresolved: float = Field(5.0, ge=1, le=50, description="The same for calls that go unresolved.")
    parity_gap_hang_ups: float = Field(2.0, ge=0.5, le=50, description="The same for hang-ups by us while unresolved.")
    undecided: Literal["drop", "inactive"] = Field(
        "drop",
        description="While consent is open: drop packets at the gate, or answer a=inactive and re-INVITE on a yes.",
    )
    scan_roots: str = Field(
        "",
        description="Folders that may be registered as systems, separated by commas: FOLDER, or CONTROLLER=FOLDER.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")

    @property
    def doubts(self) -> tuple[str, ...]:
        """What runs, and should be set otherwise."""
        return (_UNNAMED_PROXY,) if (self.public_url or "").startswith("https:") and not self.http_proxies else ()

    @property
    def own_url(self) -> str:
        """Where browsers reach the web server, without a slash at its end."""
        return self.public_url.rstrip("/") if self.public_url else f"http://localhost:{host_and_port(self.http)[1]}"

    @field_validator("database_url", "backup_database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _names_a_postgresql(value.get_secret_value()):
            raise ValueError("give it as postgresql://user:password@host/name; write @, :, / and % in a password as %40, %3A, …")
        return value

    @field_validator("http", "sip", "control")
    @classmethod
    def _has_port(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if not colon or not host or not port.isdigit() or int(port) > 65535:
            raise ValueError("give it as HOST:PORT, for example 127.0.0.1:8740")
        return value

    @field_validator("http_proxies", "sip_proxies", "callback_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        networks(value)
        return value

    @field_validator("desk_framed_by")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        for each in filter(None, (word.strip() for word in value.split(","))):
            if _ORIGIN.fullmatch(each) is None:
                raise ValueError("give each as https://HOST, for example https://crm.energy.example, without a path")
        return value

    @field_validator("rtp_ports")
    @classmethod
    def _is_range(cls, value: str) -> str:
        first, dash, last = value.partition("-")
        if not dash or not first.isdigit() or not last.isdigit() or not 1024 <= int(first) < int(last) <= 65535:
            raise ValueError("give it as FIRST-LAST, for example 20000-29999")
        return value


def load_settings(**given: object) -> Settings:
    """Settings from the environment, overridden by what the command line gave (None means not given)."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # validated by it
    except ValidationError as error:
        problems = "; ".join(f"RIGHTCALL_{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors())
        raise NotConfigured(f"Rightcall will not start with these settings: {problems}.") from None


def misspelt(environment: Iterable[str]) -> list[str]:
    """Of these names of variables, those that begin like a setting and are none, each with what comes near, as sentences."""
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    strange = sorted(
        name for name in environment if name.upper().startswith(_PREFIX) and name.upper() not in known | _NO_SETTINGS
    )
    return [_misspelt(name, get_close_matches(name.upper(), sorted(known), n=1, cutoff=0.8)) for name in strange]


def _misspelt(name: str, near: list[str]) -> str:
    advice = f"Did you mean {near[0]}?" if near else "docs/reference/settings.md lists those there are."
    return f"There is no setting {name}, so it changes nothing. {advice}"


def _names_a_postgresql(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("postgresql", "postgres") and url.startswith(f"{parts.scheme}://") and parts.port != 0
    except ValueError:
        return False


_UNNAMED_PROXY = (
    "Browsers reach this system by https, so through a proxy, and RIGHTCALL_HTTP_PROXIES names none: all customers look like one,"
    " and get ten codes an hour together. Name the proxy there, and let it set X-Forwarded-For."
)


def networks(given: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks, separated by commas."""
    return tuple(ip_network(word.strip(), strict=False) for word in given.split(",") if word.strip())


def host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
