"""Which role somebody has by the provider's word, where a deployment takes it from there. Pure."""

from rightcall.actors import Role
from rightcall.design.tongues import marked
from rightcall.errors import NotConfigured, NotSignedIn
from rightcall.staff.openid.model import GroupRoles
from rightcall.staff.rules import MEMBER_ROLES

_NO_ROLE = marked(
    "Your provider puts you into no group that has a role here, or into groups of several roles. Ask an administrator."
)


def parse_roles(given: str) -> GroupRoles | None:
    """`CLAIM:GROUP=ROLE,GROUP=ROLE`; None for nothing."""
    if not given.strip():
        return None
    claim, colon, pairs = given.partition(":")
    roles = dict(_pair(each) for each in pairs.split(",") if each.strip())
    if not colon or not claim.strip() or not roles:
        raise NotConfigured("RIGHTCALL_OPENID_ROLES is written as CLAIM:GROUP=ROLE,GROUP=ROLE, such as groups:dpo-team=dpo.")
    return GroupRoles(claim=claim.strip(), roles=roles)


def role_of(mapping: GroupRoles, groups: frozenset[str]) -> Role:
    """NotSignedIn where the provider gives no role, or more than one: nobody here has two."""
    found = {mapping.roles[group] for group in groups if group in mapping.roles}
    if len(found) != 1:
        raise NotSignedIn(_NO_ROLE)
    return found.pop()


def _pair(given: str) -> tuple[str, Role]:
    group, equals, role = given.rpartition("=")
    known = {each.value: each for each in MEMBER_ROLES}
    if not equals or not group.strip() or role.strip() not in known:
        raise NotConfigured(f"RIGHTCALL_OPENID_ROLES names each group as GROUP=ROLE, with a role of {', '.join(sorted(known))}.")
    return group.strip(), known[role.strip()]
