"""What is proposed instead of a notice: checked again as it was asked for, it has none of the faults that make a yes void."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rightcall.purposes.cues import cues_of, languages
from rightcall.purposes.faults import Severity
from rightcall.purposes.fitting import Wording, fit
from rightcall.purposes.model import LawfulBasis
from tests.notices.clauses import clauses

NOTICES = {language: each.notice for language, each in clauses("tuning").items()}
BAD = [sentence for each in clauses("tuning").values() for said in each.bad.values() for sentence in said]
SORTS = ["Training", "advertising", "quality", "proof of orders", "fraud", "statistics", "passing recordings to our partners"]
TITLES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(BAD),
    st.lists(st.sampled_from(SORTS), min_size=1, max_size=3).map(" and ".join),
    st.lists(
        st.sampled_from(["call", "summaries", "no", "yes", "hang up", "required", "record", "and", "if", "wait"]), min_size=1
    ).map(" ".join),
)
CONTROLLERS = st.sampled_from([None, "Example Energy", "Quality Hotels", "Waiting & Partners Ltd"])


@settings(deadline=None)
@given(
    TITLES, CONTROLLERS, st.sampled_from(languages()), st.sampled_from([LawfulBasis.CONSENT, LawfulBasis.LEGITIMATE_INTERESTS])
)
@example("Call summaries", None, "en", LawfulBasis.CONSENT)
@example("Voiceprint enrolment", "Example Energy", "en", LawfulBasis.CONSENT)
def test_no_title_makes_a_proposed_notice_faulty(title: str, controller: str | None, language: str, basis: LawfulBasis) -> None:
    wording = Wording(text=NOTICES[language], language=language, controller=controller, purpose=title, basis=basis)
    proposed = fit(wording).better
    assert proposed is not None
    faults = fit(replace(wording, text=proposed)).faults
    assert [fault.kind.rule for fault in faults if fault.kind.severity is not Severity.WEAK] == []


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("Call summaries", "It is for this: Call summaries."),
        ("Improve how we train agents", "so that our new agents can learn from it?"),
        ("Training and coaching", "so that our new agents can learn from it?"),
    ],
)
def test_a_title_that_names_one_thing_is_asked_for(title: str, says: str) -> None:
    assert says in str(fit(Wording(text=NOTICES["en"], purpose=title)).better)


@pytest.mark.parametrize(
    "title",
    [
        "Passing recordings to our partners and advertising",
        "Training, fraud and complaints",
        "Recording is required to continue the call",
        "If you stay on the line you agree",
        "Do you agree?",
        "…",
    ],
)
@pytest.mark.parametrize("language", languages())
def test_where_no_good_wording_can_be_made_of_a_title_there_is_a_gap(title: str, language: str) -> None:
    cues = cues_of(language)
    assert cues is not None
    proposed = fit(Wording(text=NOTICES[language], language=language, purpose=title, controller="Example Energy")).better
    assert cues.better["untitled"] in str(proposed)


@pytest.mark.parametrize(
    "text",
    ["May Quality Hotels record this call to train our agents?", "Would you let QUALITY HOTELS record it to train our agents?"],
)
def test_the_controllers_name_is_no_content(text: str) -> None:
    more = "Press 1 for yes or 2 for no. If you say no, we help you just the same. You can change your mind later."
    wording = Wording(text=f"{text} {more}", language="en", controller="Quality Hotels Ltd")
    assert not {fault.kind.rule for fault in fit(wording).faults} & {
        "choice.bundled",
        "informed.vague_purpose",
        "informed.no_name",
    }
    assert {fault.kind.rule for fault in fit(replace(wording, controller=None)).faults} & {
        "choice.bundled",
        "informed.vague_purpose",
    }
