"""What a use is for beside its purpose: what answers a person's own request, or is read under a hold, says nothing about how
long a purpose needs its data."""

from rightcall.holdings.uses.model import Ground
from rightcall.policy.model import Act, Question
from rightcall.policy.vocabulary import is_for_speaker


def ground_of(question: Question) -> Ground:
    """What a use is for beside its purpose, as it was weighed."""
    if question.act is Act.PLAY_HELD:
        return Ground.HOLD
    if is_for_speaker(question):
        return Ground.OWN_REQUEST
    return Ground.CASE if question.case_given else Ground.PURPOSE
