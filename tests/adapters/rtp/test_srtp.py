"""SRTP by each suite: what the other side sealed is opened, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from rightcall.adapters.rtp.packet import Refusal
from rightcall.adapters.rtp.srtp import Opener, new_key
from rightcall.errors import Malformed
from tests.adapters.rtp.fakes import rtp

PROFILES = {
    "AES_CM_128_HMAC_SHA1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AES_CM_128_HMAC_SHA1_32": Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
}


def sender(suite: str, key: bytes) -> Session:
    return Session(Policy(key=key, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=PROFILES[suite]))


@pytest.mark.parametrize("suite", PROFILES)
def test_opened_once_and_only_untouched(suite: str) -> None:
    key = new_key(suite)
    sealed = [sender(suite, key).protect(rtp(n, payload=b"words")) for n in range(3)]
    opener = Opener(suite, key)
    assert opener.open(sealed[0]) == rtp(0, payload=b"words")
    assert opener.open(sealed[0]) is Refusal.NOT_AUTHENTIC
    assert opener.open(sealed[1][:-1] + bytes([sealed[1][-1] ^ 1])) is Refusal.NOT_AUTHENTIC
    assert Opener(suite, new_key(suite)).open(sealed[2]) is Refusal.NOT_AUTHENTIC
    opener.wipe()
    assert opener.open(sealed[2]) == rtp(2, payload=b"words")


@given(st.binary(max_size=1600))
@settings(max_examples=100)
def test_any_bytes_are_refused(data: bytes) -> None:
    assert isinstance(Opener("AES_CM_128_HMAC_SHA1_80", bytes(30)).open(data), Refusal)


def test_a_wrong_key_or_suite_is_said() -> None:
    with pytest.raises(Malformed, match="30 bytes"):
        Opener("AES_CM_128_HMAC_SHA1_80", bytes(29))
    with pytest.raises(Malformed, match="not supported"):
        Opener("F8_128_HMAC_SHA1_80", bytes(30))
