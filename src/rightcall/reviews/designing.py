"""How a purpose is set up, as rules weigh it: what its review declares, and what its notices say when they are read."""

from collections.abc import Sequence

from rightcall.policy.model import Act
from rightcall.policy.situations import DesignFacts
from rightcall.purposes.fitting import faults_of, voids
from rightcall.purposes.model import Notice, Purpose
from rightcall.reviews.model import Content
from rightcall.reviews.rules import dpia_needed

_BUNDLED = "choice.bundled"
_NOT_TOLD = frozenset({"informed.no_withdrawal", "language.not_read"})


def design_of(content: Content, purpose: Purpose, words: Sequence[Notice], controller: str) -> DesignFacts:
    """`words`: what people are told now, in each language. `controller`: its name as people are told it. What a notice does not
    say, or nobody can read, people were not told. A purpose for which nothing is captured takes no agent's line away."""
    declared = content.declared
    faults = [fault for notice in words for fault in faults_of(notice, controller, purpose.title, purpose.lawful_basis)]
    found = {fault.kind.rule for fault in faults}
    return DesignFacts(
        conditional=declared.service_depends_on_yes,
        asked_together=2 if _BUNDLED in found else 1,
        steps_to_accept=declared.steps_to_accept,
        steps_to_decline=declared.steps_to_decline,
        withdrawal_told=bool(words) and _NOT_TOLD.isdisjoint(found),
        wording_void=bool(voids(faults)),
        unrecorded_line=declared.unrecorded_line is not None or Act.CAPTURE not in declared.acts,
        other_proof=declared.other_proof is not None,
        whole_call=declared.whole_call,
        balanced=content.balancing is not None,
        high_risk=dpia_needed(declared, purpose.data_categories),
        assessed=content.impact is not None,
    )
