"""The privacy notice and the register are held together: a fact that changes changes the notice, and it says nothing else."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from rightcall.design.tongues import NAMES
from rightcall.errors import NotFound
from rightcall.ids import ControllerId, NoticeId, PurposeId
from rightcall.purposes.model import LawfulBasis, Notice, OnWithdrawal, Purpose
from rightcall.purposes.public import PublicNotice, Register, frame_of, languages, words_of_category, written
from rightcall.purposes.public_page import page, text
from rightcall.purposes.terms import vocabulary

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
COMPANY = Controller(
    id=ControllerId(UUID(int=7)),
    name="Northwind Energy",
    address="1 Example Square",
    contact="dpo@northwind.example",
    jurisdictions=("EU", "DK"),
    created_at=AT,
)
TRAINING = Purpose(
    id=PurposeId(UUID(int=1)),
    key="training",
    title="Improve how we train our agents",
    justification="New agents learn most from real conversations.",
    lawful_basis=LawfulBasis.CONSENT,
    staff_basis=LawfulBasis.LEGITIMATE_INTERESTS,
    data_categories=("pd:VoiceCommunicationRecording",),
    may_use=frozenset({Role.SUPERVISOR}),
    term_days=30,
    dpv_purpose="dpv:PersonnelManagement",
    on_withdrawal=OnWithdrawal.DESTROY,
    created_at=AT,
)
ASKED = Notice(
    id=NoticeId(UUID(int=3)),
    purpose=TRAINING.id,
    language="en",
    version=4,
    text="May we record this call?",
    digest=b"",
    keypad=None,
    created_at=AT,
)
REGISTER = Register(controller=COMPANY, purposes=[TRAINING], notices=[ASKED])
FRAME = frame_of("en")
FACTS = re.compile(r"\{\w+\}")
PARTS = ("labels", "roles", "categories", "languages", "places")


def said(register: Register, at: datetime = AT) -> PublicNotice:
    return written(register, "en", at)


def flat(notice: PublicNotice) -> str:
    return " ".join(text(notice).split())


def with_purpose(**changes: Any) -> Register:
    return replace(REGISTER, purposes=[replace(TRAINING, **changes)])


CHANGES: Mapping[str, Register] = {
    "title": with_purpose(title="Something else"),
    "justification": with_purpose(justification="For another reason."),
    "lawful basis": with_purpose(lawful_basis=LawfulBasis.CONTRACT),
    "staff basis": with_purpose(staff_basis=LawfulBasis.LEGAL_OBLIGATION),
    "categories": with_purpose(data_categories=("pd:VoiceCommunicationRecording", "pd:TelephoneNumber")),
    "roles": with_purpose(may_use=frozenset({Role.SUPERVISOR, Role.AGENT})),
    "term": with_purpose(term_days=31),
    "what a withdrawal does": with_purpose(on_withdrawal=OnWithdrawal.KEEP),
    "sort of purpose": with_purpose(dpv_purpose="dpv:DisputeManagement"),
    "legal duty": with_purpose(legal_duty="mifid"),
    "ended": with_purpose(ended_at=AT - timedelta(days=1)),
    "one more purpose": replace(REGISTER, purposes=[TRAINING, replace(TRAINING, id=PurposeId(UUID(int=2)), key="other")]),
    "no purpose": replace(REGISTER, purposes=[]),
    "another wording": replace(REGISTER, notices=[replace(ASKED, text="Other words?", version=5)]),
    "one more language": replace(REGISTER, notices=[ASKED, replace(ASKED, language="da")]),
    "no words to ask with": replace(REGISTER, notices=[]),
    "a review's sentence": replace(REGISTER, faces={TRAINING.id: "New colleagues will hear you."}),
    "no review": replace(REGISTER, resting=frozenset({TRAINING.id})),
    "a no that costs something": replace(REGISTER, costly=frozenset({TRAINING.id})),
    "a trial of what a no costs": replace(REGISTER, on_trial=frozenset({TRAINING.id})),
    "name": replace(REGISTER, controller=replace(COMPANY, name="Southwind")),
    "address": replace(REGISTER, controller=replace(COMPANY, address="2 Example Square")),
    "contact": replace(REGISTER, controller=replace(COMPANY, contact="help@northwind.example")),
    "places": replace(REGISTER, controller=replace(COMPANY, jurisdictions=("UK",))),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_in_the_register_changes_in_the_notice(what: str) -> None:
    before, after = said(REGISTER), said(CHANGES[what])
    assert text(before) != text(after)
    assert page(before) != page(after)
    assert before.digest != after.digest


def test_the_same_register_says_the_same_at_another_time() -> None:
    later = said(REGISTER, AT + timedelta(days=1))
    assert later.digest == said(REGISTER).digest
    assert "2026-11-26 12:00 UTC" in text(later)


PURPOSES = st.builds(
    Purpose,
    id=st.just(TRAINING.id),
    key=st.just("training"),
    title=st.text("abc {}<&", min_size=1).map(lambda title: f"T{title.strip()}T"),
    justification=st.text("xyz {}<&").map(lambda words: f"J{words.strip()}J"),
    lawful_basis=st.sampled_from(LawfulBasis),
    staff_basis=st.sampled_from(LawfulBasis),
    data_categories=st.lists(st.sampled_from(sorted(vocabulary().personal_data)), min_size=1, unique=True).map(
        lambda names: tuple(f"pd:{name}" for name in names)
    ),
    may_use=st.frozensets(st.sampled_from(Role), min_size=1),
    term_days=st.integers(1, 36_525),
    dpv_purpose=st.sampled_from(sorted(vocabulary().purposes)).map(lambda name: f"dpv:{name}"),
    on_withdrawal=st.sampled_from(OnWithdrawal),
    created_at=st.just(AT),
    legal_duty=st.none() | st.just("mifid"),
)


@given(PURPOSES)
def test_every_fact_that_is_enforced_is_said_and_nothing_else(purpose: Purpose) -> None:
    notice = said(replace(REGISTER, purposes=[purpose]))
    shown = flat(notice)
    whole = " ".join(f"{purpose.title} {purpose.justification}".split())
    assert all(words in shown for words in whole.split())
    days = "the day after it" if purpose.term_days == 1 else f"the {purpose.term_days} days after it"
    assert f"At most the day it was recorded and {days}" in shown
    (part,) = (each for each in notice.parts if each.anchor)
    lines = {line.label: notice.say(line) for line in part.lines}
    assert lines["data"] == "; ".join(words_of_category(FRAME, each) for each in purpose.data_categories)
    assert lines["roles"] == "; ".join(FRAME.roles[role.value] for role in sorted(purpose.may_use))
    assert lines["basis"] == FRAME.says[f"basis_{purpose.lawful_basis.value}"]
    assert lines["staff_basis"] == FRAME.says[f"basis_{purpose.staff_basis.value}"]
    assert lines["on_no"] == FRAME.says[f"no_{purpose.lawful_basis.value}"]
    waits_for_a_yes = purpose.lawful_basis is not LawfulBasis.LEGAL_OBLIGATION
    assert ("on_withdrawal" in lines) == ("asked" in lines) == waits_for_a_yes
    assert ("duty" in lines) == (purpose.legal_duty is not None)
    _holds_only(notice, purpose)


def _holds_only(notice: PublicNotice, purpose: Purpose) -> None:
    """Every sentence is one of the frame's, and what is put into it comes from the register."""
    known = {COMPANY.name, COMPANY.address, COMPANY.contact, str(COMPANY.id), purpose.title, purpose.justification}
    known |= {str(purpose.term_days), purpose.dpv_purpose, "mifid", ASKED.text, str(ASKED.version), notice.digest.hex()}
    known |= {"English", "European Union, Denmark", "2026-11-25 12:00 UTC", str(COMPANY.remember_days)}
    known |= {"; ".join(words_of_category(FRAME, each) for each in purpose.data_categories)}
    known |= {"; ".join(FRAME.roles[role.value] for role in sorted(purpose.may_use))}
    for part in notice.parts:
        for line in (part.heading, *part.lines):
            assert set(re.findall(r"\{(\w+)\}", FRAME.says[line.key])) == set(line.facts), line.key
            said_of_it = set(line.facts.values()) - known
            assert not said_of_it or line.key == "kind", line


def test_it_says_for_how_long_what_is_gone_is_known() -> None:
    registered = replace(REGISTER, controller=replace(COMPANY, remember_days=730, on_record_days=1825))
    assert "for 730 days after it is gone" in flat(said(registered))
    assert "stays on record for 1825 days after that" in flat(said(registered))
    for_good = flat(said(replace(REGISTER, controller=replace(COMPANY, remember_days=None, on_record_days=None))))
    assert "stays known after it is gone" in for_good
    assert "stays on record, so that it can be shown" in for_good
    assert "What stays known" not in flat(said(replace(REGISTER, purposes=[]))), "nothing was ever held"


def test_rights_are_those_that_there_are() -> None:
    def rights(register: Register) -> set[str]:
        (part,) = (each for each in said(register).parts if each.heading.key == "rights")
        return {line.key for line in part.lines}

    always = {"access", "rectify", "erase", "restrict", "complain", "ask"}
    duty = with_purpose(lawful_basis=LawfulBasis.LEGAL_OBLIGATION, staff_basis=LawfulBasis.LEGAL_OBLIGATION)
    assert rights(duty) == always
    contract = with_purpose(lawful_basis=LawfulBasis.CONTRACT, staff_basis=LawfulBasis.LEGAL_OBLIGATION)
    assert rights(contract) == always | {"port", "withdraw"}
    assert rights(REGISTER) == always | {"port", "object", "withdraw"}


def test_what_has_ended_is_said_until_its_last_day() -> None:
    ended = with_purpose(ended_at=AT)
    assert "kept until 2026-12-25 at the latest" in flat(said(ended, AT + timedelta(days=30)))
    assert TRAINING.title not in flat(said(ended, AT + timedelta(days=31)))
    assert "nothing is recorded" in flat(said(ended))


def test_one_day_is_a_day() -> None:
    assert "How long: At most the day it was recorded and the day after it" in flat(said(with_purpose(term_days=1)))


@pytest.mark.parametrize(("tag", "name"), [("da", "Danish"), ("de-CH", "German"), ("is", "is")])
def test_the_words_are_shown_in_every_language_that_people_are_asked_in(tag: str, name: str) -> None:
    words = "Må vi optage & gemme denne samtale?"
    notice = said(replace(REGISTER, notices=[replace(ASKED, language=tag, text=words, version=2), ASKED]))
    assert f"{name}: “{words}” (version 2)" in flat(notice)
    assert f'<dd lang="{tag}">{name}: “{words.replace("&", "&amp;")}” (version 2)</dd>' in page(notice)
    (part,) = (each for each in notice.parts if each.anchor)
    assert [line.key for line in part.lines if line.key.startswith("asked")] == ["asked", "asked_else", "asked_in"]


def test_the_page_is_one_file_and_escapes_every_fact() -> None:
    planted = "<script>alert(1)</script>\"'"
    register = replace(
        REGISTER,
        controller=replace(COMPANY, name=planted, address=planted, contact=planted, jurisdictions=(planted,)),
        purposes=[replace(TRAINING, title=planted, justification=planted, legal_duty=planted)],
        notices=[replace(ASKED, text=planted)],
        faces={TRAINING.id: planted},
    )
    html = page(said(register))
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 9
    assert not re.search(r"(src|href|url\()", html)
    assert html.count("<style>") == 1
    assert 'lang="en"' in html


def test_it_is_written_where_there_are_words_for_everything() -> None:
    for language in languages():
        frame = frame_of(language)
        assert set(frame.roles) == {role.value for role in Role}
        assert {f"{kind}_{basis.value}" for kind in ("basis", "no") for basis in LawfulBasis} <= set(frame.says)
        assert {name.removeprefix("withdrawn_") for name in frame.says if name.startswith("withdrawn_")} == {
            each.value for each in OnWithdrawal
        }
    assert frame_of("en-GB").language == "en"
    assert set(languages()) == set(NAMES)
    with pytest.raises(NotFound, match="can be written in da, de, en"):
        frame_of("is")


@pytest.mark.parametrize("language", sorted(NAMES))
def test_each_language_says_all_and_marks_what_is_of_another(language: str) -> None:
    """The company's own words are of the language that it writes in (WCAG 2.2, 3.1.2); the law is named as the language does."""
    there = page(written(replace(REGISTER, faces={TRAINING.id: "May we?"}), language, AT))
    english = language == "en"
    assert f'<html lang="{language}">' in there
    assert (f"<h2>{TRAINING.title}</h2>" in there) is english
    assert (f'<h2 lang="en">{TRAINING.title}</h2>' in there) is not english
    assert (f'<dd lang="en">{TRAINING.justification}</dd>' in there) is not english
    frame = frame_of(language)
    law = {"de": "DSGVO", "fr": "RGPD", "es": "RGPD", "nl": "AVG"}.get(language, "GDPR")
    assert all(law in frame.says[f"basis_{basis.value}"] for basis in LawfulBasis)
    assert all(set(FACTS.findall(says)) == set(FACTS.findall(FRAME.says[key])) for key, says in frame.says.items())
    assert frame.says.keys() == FRAME.says.keys()
    assert all(getattr(frame, part).keys() == getattr(FRAME, part).keys() for part in PARTS)


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("pd:TelephoneNumber", "your telephone number"),
        ("pd:IPAddress", "IP address"),
        ("pd:CreditCardNumber", "credit card number"),
    ],
)
def test_a_category_is_said_in_words(term: str, words: str) -> None:
    assert words_of_category(FRAME, term) == words


def test_no_category_is_left_as_one_long_word() -> None:
    for name in vocabulary().personal_data:
        said_of_it = words_of_category(FRAME, f"pd:{name}")
        assert not re.search(r"[a-z][A-Z]", said_of_it), name
