"""Who somebody is by the word of an OpenID provider, once that word was checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from rightcall.actors import Role
from rightcall.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`subject`: what the provider knows them by, for good. `address`: only where the provider verified it. `groups`: what the
    claim holds that roles are taken from; empty where none is named."""

    issuer: str
    subject: Personal[str]
    address: Personal[str] | None
    groups: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRoles:
    """Which group of the provider has which role here. `claim`: where the provider tells groups."""

    claim: str
    roles: Mapping[str, Role]
