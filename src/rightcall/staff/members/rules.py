"""What a member must be before they are written down. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email

from rightcall.actors import Actor, Role
from rightcall.errors import Conflict, Malformed
from rightcall.ids import MemberId
from rightcall.personal import Personal
from rightcall.staff import rules as staff_rules
from rightcall.staff.members.model import Member, NewMember

LINK_HOLDS = timedelta(hours=24)
MOST_LETTERS = 100


def checked(new: NewMember) -> NewMember:
    """The same, trimmed; Malformed says what to mend."""
    check_role(new.role)
    name = " ".join(new.name.reveal("check a member's name").split())
    if not 1 <= len(name) <= MOST_LETTERS or not name.isprintable():
        raise Malformed(f"Give the name that colleagues know this person by, in at most {MOST_LETTERS} letters.")
    return replace(new, name=Personal(name), address=None if new.address is None else normal(new.address))


def check_role(role: Role) -> None:
    if role not in staff_rules.MEMBER_ROLES:
        roles = ", ".join(sorted(staff_rules.MEMBER_ROLES))
        raise Malformed(f"People here have one of the roles {roles}. Programs get a token instead.")


def is_to_wait(role: Role, by: Actor) -> bool:
    """Whether nothing that `by` gives this member lets them in before a DPO has agreed."""
    return staff_rules.is_to_wait(role, by, among=staff_rules.OVERSEEING_ROLES)


def normal(address: Personal[str]) -> Personal[str]:
    """As it is looked up. What a provider and an administrator spell in capitals is one address."""
    try:
        found = validate_email(address.reveal("check a member's address").strip(), check_deliverability=False)
    except EmailNotValidError:
        raise Malformed("This is no e-mail address. Give it like name@company.example.") from None
    return Personal(found.normalized.lower())


def check_not_last(members: Sequence[Member], leaving: MemberId) -> None:
    """Conflict where nobody would be left who looks after accounts."""
    left = [each for each in members if each.role is Role.ADMINISTRATOR and each.is_active]
    if [each.id for each in left] == [leaving]:
        raise Conflict("Nobody would be left who looks after accounts. Make somebody else an administrator first.")


def state_of(member: Member, *, has_a_way_in: bool) -> str:
    """In one word, wherever it is told. `has_a_way_in`: a passkey, or an account at a provider; who has none waits to sign up."""
    if member.forgotten_at is not None:
        return "forgotten"
    if not member.is_active:
        return "suspended"
    if member.waits:
        return "not agreed"
    return "active" if has_a_way_in else "waiting"
