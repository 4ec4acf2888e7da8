"""Against a real provider in a process of its own: who comes back is who signed in there, and no lie of it is believed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from rightcall.adapters.identity.openid import OpenId
from rightcall.clock import SystemClock
from rightcall.errors import IdentityGone, NotConfigured, NotSignedIn
from rightcall.personal import Personal
from rightcall.staff.openid.model import Identity
from tests.adapters.identity.provider import Running, running
from tests.standing import SetClock

NONCE, VERIFIER = "n" * 43, "v" * 43
NOW = int(SystemClock().now().timestamp())


@pytest.fixture(scope="module")
def provider() -> Iterator[Running]:
    with running() as provider:
        provider.knows("ada", email="ada@energy.example", email_verified=True, groups=["privacy", "all"])
        provider.knows("ben", email="ben@energy.example", email_verified=False)
        provider.knows("carl", email="carl@energy.example", email_verified="true")
        yield provider


@pytest.fixture
def honest(provider: Running) -> Iterator[None]:
    yield
    provider.lies()


def code_of(provider: Running, seen: OpenId, subject: str = "ada") -> str:
    back = provider.back_from(seen.address(state="s", nonce=NONCE, verifier=VERIFIER), subject)
    assert back["state"] == "s"
    return back["code"]


def enter(provider: Running, seen: OpenId, subject: str = "ada") -> Identity:
    return seen.identity(code=code_of(provider, seen, subject), nonce=NONCE, verifier=VERIFIER)


def test_who_comes_back_is_who_signed_in(provider: Running) -> None:
    seen = provider.seen_by(SystemClock(), claim="groups")
    found = enter(provider, seen)
    assert (found.issuer, found.subject, found.address) == (provider.issuer, Personal("ada"), Personal("ada@energy.example"))
    assert found.groups == {"privacy", "all"}
    assert enter(provider, provider.seen_by(SystemClock())).groups == frozenset()


def test_an_address_counts_only_where_it_was_verified(provider: Running) -> None:
    seen = provider.seen_by(SystemClock())
    assert [enter(provider, seen, subject).address for subject in ("ben", "carl")] == [None, None]


def test_a_code_works_once_and_with_what_was_kept_here_alone(provider: Running) -> None:
    seen = provider.seen_by(SystemClock())
    code = code_of(provider, seen)
    with pytest.raises(NotSignedIn):
        seen.identity(code=code, nonce=NONCE, verifier="w" * 43)
    seen.identity(code=code, nonce=NONCE, verifier=VERIFIER)
    with pytest.raises(NotSignedIn, match="Begin again"):
        seen.identity(code=code, nonce=NONCE, verifier=VERIFIER)
    with pytest.raises(NotSignedIn):
        seen.identity(code=code_of(provider, seen), nonce="m" * 43, verifier=VERIFIER)
    with pytest.raises(NotSignedIn):
        seen.identity(code="made up", nonce=NONCE, verifier=VERIFIER)


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"claims": {"iss": "https://login.example"}},
    "an issuer that looks alike": {"claims": {"iss": "http://localhost"}},
    "no issuer": {"claims": {"iss": None}},
    "for another": {"claims": {"aud": "another"}},
    "for nobody": {"claims": {"aud": None}},
    "for others too": {"claims": {"aud": ["rightcall", "another"]}},
    "given to another": {"claims": {"aud": ["rightcall"], "azp": "another"}},
    "over": {"claims": {"exp": NOW - 120}},
    "without end": {"claims": {"exp": None}},
    "old": {"claims": {"iat": NOW - 3600}},
    "of tomorrow": {"claims": {"iat": NOW + 86400}},
    "another nonce": {"claims": {"nonce": "m" * 43}},
    "no nonce": {"claims": {"nonce": None}},
    "nobody": {"claims": {"sub": None}},
    "an empty name": {"claims": {"sub": ""}},
    "a name that is none": {"claims": {"sub": 7}},
    "signed with an unknown key": {"key": "unknown"},
    "signed with another key of the same name": {"key": "forged"},
    "signed with our knowledge of the public key": {"key": "shared"},
    "not signed": {"key": "none"},
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.usefixtures("honest")
def test_no_lie_is_believed(provider: Running, lie: str) -> None:
    provider.lies(**LIES[lie])
    with pytest.raises(NotSignedIn, match="does not hold"):
        enter(provider, provider.seen_by(SystemClock()))


@pytest.mark.usefixtures("honest")
def test_clocks_may_differ_by_a_minute_and_no_more(provider: Running) -> None:
    clock = SetClock()
    seen = provider.seen_by(clock)
    provider.lies(claims={"exp": int(clock.now().timestamp()) + 300})
    clock.at = SystemClock().now() + timedelta(seconds=340)
    enter(provider, seen)
    clock.at += timedelta(seconds=60)
    with pytest.raises(NotSignedIn):
        enter(provider, seen)
    clock.at = SystemClock().now() - timedelta(seconds=120)
    with pytest.raises(NotSignedIn):
        enter(provider, seen)


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://login.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"authorization_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
@pytest.mark.usefixtures("honest")
def test_a_provider_that_is_not_itself_is_as_good_as_away(provider: Running, told: dict[str, Any]) -> None:
    provider.lies(discovery=told)
    with pytest.raises(IdentityGone, match="passkey"):
        provider.seen_by(SystemClock()).address(state="s", nonce=NONCE, verifier=VERIFIER)


def test_a_provider_that_is_away_is_an_outage() -> None:
    with pytest.raises(IdentityGone):
        Running("http://localhost:1").seen_by(SystemClock()).address(state="s", nonce=NONCE, verifier=VERIFIER)
    with pytest.raises(NotConfigured):
        Running("http://login.example").seen_by(SystemClock())
