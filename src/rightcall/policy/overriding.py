"""Giving an override, ending it, and showing it. Only a DPO gives one, under a name; nobody overrides law, or the charter.

The name and the reason are sealed under a key that is the override's own, and the ledger binds both by a commitment.
"""

from datetime import UTC, datetime, timedelta

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.canonical import canonical_json
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.ids import OverrideId, StatementId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Commitment, Digest
from rightcall.personal import Personal
from rightcall.policy.adoption.model import InForce
from rightcall.policy.adoption.store import insert_turn
from rightcall.policy.in_force import in_force
from rightcall.policy.model import Axis, Rule, RuleSet
from rightcall.policy.near import near
from rightcall.policy.overrides import store
from rightcall.policy.overrides.model import LONGEST, Named, Override, Past, Wanted
from rightcall.policy.overrides.rules import digest_of, pasts, reaches
from rightcall.policy.overrides.statements import OverrideEnded, OverrideForgotten, OverrideGiven
from rightcall.policy.reasons import WANTED_REASON, says_why
from rightcall.purposes import actions as purposes
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_NAME, _REASON = "overrides.name", "overrides.reason"
_SHOWN = timedelta(days=366)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST_LETTERS, _LONGEST_NAME, _LONGEST_REASON = 2, 200, 2000


class AlreadyAside(Conflict):
    """Set aside once at a time: twice would be counted once, and would outlast the end of one."""

    def __init__(self, rule: Rule, until: datetime) -> None:
        says = f"{rule.id} is set aside already, as far as that, until {until:%Y-%m-%d %H:%M} UTC."
        super().__init__(f"{says} To change it, end that override first.")
        self.rule, self.until = rule, until


def give(tx: Transaction, vault: Vault, clock: Clock, rules: RuleSet, wanted: Wanted, *, by: Actor) -> Override:
    """In force at once. NotAllowed for anything but a house rule that may be set aside; `rules` are the deployment's."""
    _must_be_dpo(by)
    store.lock(tx)
    now, standing = clock.now(), in_force(tx, clock, rules)
    if standing.unreadable:
        raise Conflict("The adopted house rules cannot be read, so none of them can be set aside. Adopt others first.")
    rule = _overridable(standing.rules, standing.kept, wanted.rule)
    name, reason = _words(wanted)
    if not now < wanted.until <= now + LONGEST:
        raise Malformed(f"An override ends at a time to come, at most {LONGEST.days} days away. Say until when.")
    _must_be_there(tx, wanted)
    _must_be_new(tx, standing, wanted, rule)
    override = Override(
        id=OverrideId(new_id()),
        rule=rule.id,
        value=rule.ground,
        purpose=wanted.purpose,
        call=wanted.call,
        category=wanted.category,
        by=by,
        begins_at=now,
        until=wanted.until,
        ended_at=None,
        ended_by=None,
        uses=0,
        statement=StatementId(new_id()),
    )
    key = SubjectId(override.id)
    vault.create_subject(tx, key)
    _say_given(tx, vault, override, rule, standing.rules, name, reason)
    store.insert(
        tx,
        override,
        digest=digest_of(rule),
        sealed_name=vault.seal_value(tx, key, name.encode(), _NAME),
        sealed_reason=vault.seal_value(tx, key, reason.encode(), _REASON),
    )
    insert_turn(tx, override.begins_at)
    insert_turn(tx, override.until)
    return override


def overridable(tx: Transaction, clock: Clock, rules: RuleSet) -> list[Rule]:
    """The house rules in force that may be set aside; none while the adopted ones cannot be read."""
    standing = in_force(tx, clock, rules)
    return [each for each in standing.rules.rules if _may_be_set_aside(each, standing.kept)]


def _may_be_set_aside(rule: Rule, kept: frozenset[str]) -> bool:
    return rule.axis is Axis.HOUSE and rule.id not in kept


def end(tx: Transaction, clock: Clock, override: OverrideId, *, by: Actor) -> Override:
    """Before its time. One that is over is fine, and nothing is said."""
    _must_be_dpo(by)
    get(tx, override)
    now = clock.now()
    if store.end(tx, override, by=by, at=now):
        ledger.append(tx, OverrideEnded(at=now, controller=tx.of, override=override, actor=by.id, role=by.role))
        insert_turn(tx, now)
    return get(tx, override)


def get(tx: Transaction, override: OverrideId) -> Override:
    found = store.overrides(tx, since=_EVER, override=override)
    if not found:
        raise NotFound("There is no such override at this controller. `rightcall override list` shows those there are.")
    return found[0]


def overrides(tx: Transaction, clock: Clock) -> list[Override]:
    """Those of the last year, in force or over; the last to end first."""
    return store.overrides(tx, since=clock.now() - _SHOWN)


def overrides_since(tx: Transaction, at: datetime) -> list[Override]:
    """Those that were in force then or later."""
    return store.overrides(tx, since=at)


def past(tx: Transaction, clock: Clock) -> dict[str, Past]:
    """By rule, how often and how long each was set aside of late."""
    return pasts(overrides(tx, clock), clock.now())


def forget(tx: Transaction, vault: Vault, clock: Clock, override: OverrideId, *, by: Actor) -> Override:
    """Destroys the key of name and reason. Again is fine. Conflict while it is in force: then somebody has to answer for it."""
    _must_be_dpo(by)
    found = get(tx, override)
    if found.is_in_force(clock.now()):
        raise Conflict("This override is in force, and somebody answers for it. End it first, then forget who that was.")
    if forget_again(tx, vault, override):
        said = OverrideForgotten(at=clock.now(), controller=tx.of, override=override, actor=by.id, role=by.role)
        ledger.append(tx, said)
    return found


def forget_again(tx: Transaction, vault: Vault, override: OverrideId) -> bool:
    """Whether there was a key. NotFound where there never was one."""
    lived = vault.subject_exists(tx, SubjectId(override))
    vault.destroy_subject(tx, SubjectId(override))
    return lived


def named(tx: Transaction, vault: Vault, override: OverrideId) -> Named:
    """With whose word it was, and why."""
    found, sealed = get(tx, override), store.sealed(tx, override)
    assert sealed is not None  # noqa: S101 - `get` has found it
    name, reason = (
        vault.open_value(tx, SubjectId(override), each, context) for each, context in zip(sealed, (_NAME, _REASON), strict=True)
    )
    return Named(override=found, name=_opened(name), reason=_opened(reason))


def _opened(value: bytes | Dark) -> Personal[str] | Dark:
    return value if isinstance(value, Dark) else Personal(value.decode())


def _say_given(tx: Transaction, vault: Vault, override: Override, rule: Rule, rules: RuleSet, name: str, reason: str) -> None:
    words = canonical_json({"name": name, "reason": reason})
    said = OverrideGiven(
        at=override.begins_at,
        controller=tx.of,
        override=override.id,
        rule=Digest(digest_of(rule)),
        rule_set=Digest(rules.digest),
        purpose=override.purpose,
        call=override.call,
        category=override.category,
        until=override.until,
        said=Commitment(vault.commit(tx, SubjectId(override.id), override.statement, words)),
        actor=override.by.id,
        role=override.by.role,
    )
    ledger.append(tx, said, id=override.statement)


def _must_be_dpo(by: Actor) -> None:
    if by.role is not Role.DPO:
        raise NotAllowed("Only the DPO sets a house rule aside. Use a token of the role dpo.")


def _overridable(rules: RuleSet, kept: frozenset[str], name: str) -> Rule:
    rule = next((each for each in rules.rules if each.id == name), None)
    if rule is None:
        meant = near(name, (each.id for each in rules.rules if _may_be_set_aside(each, kept)))
        raise NotFound(f"There is no such rule in force at this controller.{meant} `rightcall rules show` lists those there are.")
    if rule.axis is Axis.LAW:
        raise NotAllowed(f"{rule.id} is law ({rule.ground}), and nobody overrides law. {rule.instead}")
    if rule.id in kept:
        raise NotAllowed(f"{rule.id} belongs to the charter, which holds for everybody: nobody overrides it. {rule.instead}")
    return rule


def _must_be_new(tx: Transaction, standing: InForce, wanted: Wanted, rule: Rule) -> None:
    there = [each.id for each in standing.asides if reaches(each, wanted, digest_of(rule))]
    if there:
        raise AlreadyAside(rule, get(tx, there[0]).until)


def _words(wanted: Wanted) -> tuple[str, str]:
    """Name and reason, as they are to be kept."""
    name, reason = (each.reveal("keep who overrides a rule, and why").strip() for each in (wanted.name, wanted.reason))
    letters = sum(each.isalpha() for each in name)
    if letters < _LEAST_LETTERS or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Malformed("An override needs the name of the person who answers for it, in letters. Give it.")
    if not says_why(reason) or len(reason) > _LONGEST_REASON:
        raise Malformed(f"An override needs a reason: one that {WANTED_REASON}, in at most {_LONGEST_REASON} characters.")
    return name, reason


def _must_be_there(tx: Transaction, wanted: Wanted) -> None:
    if wanted.purpose is not None:
        purposes.get(tx, wanted.purpose)
    if wanted.call is not None:
        calls.get(tx, wanted.call)


def shown(value: Personal[str] | Dark) -> str | None:
    """Of what is sealed about one; None where it was forgotten."""
    return None if isinstance(value, Dark) else value.reveal("show who set a house rule aside, and why")
