"""SRTP with keys from the SDP (RFC 4568 for the keys, RFC 3711 for the packets). We only receive."""

import secrets

from pylibsrtp import Error, Policy, Session

from rightcall.adapters.rtp.packet import Refusal
from rightcall.errors import Malformed

_PROFILES = {
    "AES_CM_128_HMAC_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30),
    "AES_CM_128_HMAC_SHA1_32": (Policy.SRTP_PROFILE_AES128_CM_SHA1_32, 30),
}
_OVERWRITE = bytes(1500)


def new_key(suite: str) -> bytes:
    """A key of our own for the answer: RFC 4568 wants one for each direction, even where we send nothing."""
    return secrets.token_bytes(_profile(suite)[1])


class Opener:
    """Opens what one source sends. libsrtp keeps its own replay window and rollover counter, so it has to see packets
    now and then while the gate is closed; see `stream`."""

    __slots__ = ("_session",)

    def __init__(self, suite: str, key: bytes) -> None:
        profile, length = _profile(suite)
        if len(key) != length:
            raise Malformed(f"A key for {suite} has {length} bytes, this one has {len(key)}. Correct the a=crypto line.")
        policy = Policy(key=key, ssrc_type=Policy.SSRC_ANY_INBOUND, srtp_profile=profile)
        try:
            self._session = Session(policy)
        except Error as error:
            raise Malformed(f"The SRTP suite {suite} is not supported here. Offer AES_CM_128_HMAC_SHA1_80.") from error

    def open(self, packet: bytes) -> bytes | Refusal:
        """The RTP packet, authenticated."""
        try:
            return bytes(self._session.unprotect(packet))
        except Error:
            return Refusal.NOT_AUTHENTIC
        except ValueError:
            return Refusal.LARGE

    def wipe(self) -> None:
        """Overwrites the packet that the library's buffer still holds."""
        self.open(_OVERWRITE)


def _profile(suite: str) -> tuple[int, int]:
    if suite not in _PROFILES:
        raise Malformed(f"This SRTP suite is not supported. Offer one of: {', '.join(_PROFILES)}.")
    return _PROFILES[suite]
