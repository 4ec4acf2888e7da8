"""What can go wrong, sorted by whose move it is.

    RightcallError
    ├── Mistake            the caller can mend it            HTTP 4xx, exit 2
    │   ├── Malformed      it could not be read
    │   │   └── UnknownTerm   a vocabulary does not have it
    │   ├── NotFound       no such thing here
    │   ├── Conflict       not in this state
    │   ├── NotSignedIn    no valid token
    │   ├── NotAllowed     this role may not
    │   └── NotConfigured  a setting is missing
    ├── Outage             the world failed; try again       HTTP 503, exit 3
    │   ├── DatabaseGone
    │   ├── ObjectsGone
    │   ├── KeysGone
    │   ├── RecorderGone
    │   ├── SenderGone
    │   ├── IdentityGone
    │   └── StillWorking   it is under way, and not done yet
    └── Breach             an invariant broke: stop, tell the DPO   HTTP 500, exit 4
        └── Tampered       bytes fail to authenticate

A "no" from a rule is not an error: see `policy.model.Verdict`. Neither is a destroyed key: see `vault.model.Dark`.
Messages say what to do next and never carry personal data.
"""


class RightcallError(Exception):
    """The root. `str(error)` is a sentence for a person, free of personal data."""


class Mistake(RightcallError):
    pass


class Malformed(Mistake):
    pass


class UnknownTerm(Malformed):
    pass


class NotFound(Mistake):
    pass


class Conflict(Mistake):
    pass


class NotSignedIn(Mistake):
    pass


class NotAllowed(Mistake):
    pass


class NotConfigured(Mistake):
    pass


class Outage(RightcallError):
    pass


class DatabaseGone(Outage):
    pass


class ObjectsGone(Outage):
    pass


class KeysGone(Outage):
    pass


class RecorderGone(Outage):
    pass


class SenderGone(Outage):
    pass


class IdentityGone(Outage):
    pass


class StillWorking(Outage):
    pass


class Breach(RightcallError):
    pass


class Tampered(Breach):
    pass
