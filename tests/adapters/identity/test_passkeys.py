"""What devices answer, made up: whatever a stranger sends is refused in words, and never breaks anything."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.adapters.identity.origin import origin_of
from rightcall.adapters.identity.passkeys import WebAuthn
from rightcall.errors import NotConfigured, NotSignedIn
from rightcall.personal import Personal
from rightcall.staff.passkeys.model import Credential

DEVICES = WebAuthn(origin_of("https://rightcall.example/"))
KNOWN = Credential(id=b"id", public_key=b"key", sign_count=1)
TEXT = st.text(alphabet=st.characters(codec="ascii"), max_size=40) | st.sampled_from(["AAAA", "public-key", "e30", "o2Nm", ""])
ANY = st.recursive(st.none() | st.booleans() | st.integers() | TEXT, lambda inner: st.lists(inner, max_size=3), max_leaves=4)
RESPONSE = st.dictionaries(
    st.sampled_from(["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle", "transports"]),
    TEXT | ANY,
)
ANSWER = st.fixed_dictionaries({}, optional={"id": TEXT | ANY, "rawId": TEXT | ANY, "type": TEXT, "response": RESPONSE | ANY})


@given(ANSWER | ANY)
def test_what_is_made_up_is_refused(answer: object) -> None:
    told = json.dumps(answer)
    with pytest.raises(NotSignedIn, match="Begin again"):
        DEVICES.added(told, b"challenge")
    with pytest.raises(NotSignedIn, match="Begin again"):
        DEVICES.signed(told, b"challenge", KNOWN)


def test_what_is_asked_of_a_device() -> None:
    added = json.loads(DEVICES.options_to_add(handle=b"m" * 16, name=Personal("Ada"), challenge=b"c" * 32, known=[b"old"]))
    assert (added["rp"]["id"], added["attestation"]) == ("rightcall.example", "none")
    assert added["authenticatorSelection"]["userVerification"] == "required"
    assert added["authenticatorSelection"]["residentKey"] == "required"
    assert [each["type"] for each in added["excludeCredentials"]] == ["public-key"]
    signed = json.loads(DEVICES.options_to_sign_in(b"c" * 32))
    assert (signed["userVerification"], signed.get("allowCredentials", [])) == ("required", [])


@pytest.mark.parametrize("url", ["http://rightcall.example", "http://127.0.0.1:8740", "rightcall.example", "https://"])
def test_an_address_where_no_passkey_works_refuses_to_start(url: str) -> None:
    with pytest.raises(NotConfigured, match="RIGHTCALL_PUBLIC_URL"):
        origin_of(url)
