"""WebAuthn, spoken by `webauthn`: options for browsers, and whether what a device answers holds.

The device has to verify its user (by finger, face or PIN) each time. What it says of its make is not asked for: whoever signs up
with a link from an administrator may choose their own.
"""

from collections.abc import Sequence

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from rightcall.adapters.identity.origin import Origin
from rightcall.design.tongues import marked
from rightcall.errors import NotSignedIn
from rightcall.personal import Personal
from rightcall.staff.passkeys.model import Credential

# Bytes that a stranger made up fail in the parser in more ways than it has names for.
_WRONG = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError)
_NAME = "Rightcall"
_PATIENCE_MS = 300_000
_DOES_NOT_HOLD = marked(
    "What your device answered does not hold for this sign-in. Begin again; if it stays so, ask an administrator for a new link."
)


class WebAuthn:
    """Implements `staff.passkeys.ports.Authenticators`."""

    def __init__(self, origin: Origin) -> None:
        self._host = origin.host
        self._origin = origin.url

    def options_to_add(self, *, handle: bytes, name: Personal[str], challenge: bytes, known: Sequence[bytes]) -> str:
        shown = name.reveal("show a member's name to their own device")
        options = generate_registration_options(
            rp_id=self._host,
            rp_name=_NAME,
            user_id=handle,
            user_name=shown,
            user_display_name=shown,
            challenge=challenge,
            timeout=_PATIENCE_MS,
            attestation=AttestationConveyancePreference.NONE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        )
        return options_to_json(options)

    def added(self, answer: str, challenge: bytes) -> Credential:
        try:
            found = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except _WRONG as error:
            raise NotSignedIn(_DOES_NOT_HOLD) from error
        return Credential(id=found.credential_id, public_key=found.credential_public_key, sign_count=found.sign_count)

    def options_to_sign_in(self, challenge: bytes) -> str:
        options = generate_authentication_options(
            rp_id=self._host,
            challenge=challenge,
            timeout=_PATIENCE_MS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def credential_of(self, answer: str) -> bytes:
        try:
            return parse_authentication_credential_json(answer).raw_id
        except _WRONG as error:
            raise NotSignedIn(_DOES_NOT_HOLD) from error

    def signed(self, answer: str, challenge: bytes, credential: Credential) -> int:
        try:
            found = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=credential.public_key,
                credential_current_sign_count=credential.sign_count,
                require_user_verification=True,
            )
        except _WRONG as error:
            raise NotSignedIn(_DOES_NOT_HOLD) from error
        return found.new_sign_count
