"""What is in others' hands is named in the answer to an erasure, one by one, and whether they were told."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from rightcall.activities import actions as activities
from rightcall.activities.model import NewRecipient, RecipientKind
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.procedure import Telling
from rightcall.controllers import actions as controllers
from rightcall.discovery.systems import actions as systems
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.errors import Conflict
from rightcall.ids import ErasureId
from rightcall.requests.letters import LetterKind, letter
from rightcall.requests.model import Answered, Request
from rightcall.requests.outside import outside
from tests.erasure.elsewhere.scene import NUMBER, Away
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO


def answer_to(away: Away, request: Request) -> str:
    asked = away.world.request(request)
    with away.world.deed() as tx:
        return " ".join(
            letter(LetterKind.ANSWER, asked, [], [], controllers.get(tx), [], outside(tx, asked), asked.due_on, 7).paragraphs
        )


def test_the_answer_names_copies_out_of_reach_and_who_received_data(away: Away, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "sent.csv").write_text(f"number,email\n{NUMBER},ada@caller.example\n")
    world, training = away.world, away.world.scene.training.id
    with world.deed() as tx:
        new = NewRecipient(name="Print House", kind=RecipientKind.PROCESSOR, country="DK", purposes=(training,))
        printer = activities.declare_recipient(tx, world.clock, new, by=DPO)
    ada = away.customer()
    letters = away.register("letters", str(tmp_path / "letters"), erases=None, purpose=training)
    away.scan(letters)
    asked = world.ask_for_erasure(ada)
    world.answer(asked)
    Telling(eraser=world.eraser).plan(InlineSteps(), str(world.controller), str(asked.id))
    assert world.request(asked).outcome is Answered.FULFILLED
    said = answer_to(away, asked)
    assert "In the system “letters”, in which we cannot erase anything ourselves, things about you are kept: 2." in said
    assert "Print House received data about you from us." in said
    assert said.count("We tell them to erase it by") == 2
    with world.deed() as tx:
        found = systems.get(tx, letters.id)
        systems.put_words(tx, world.clock, found, {"en": "what we sent", "sv": "utskick"}, by=DPO)
    assert "In the system “what we sent”, in which" in answer_to(away, asked)
    with world.deed() as tx:
        assert {each.name for each in outside(tx, replace(world.request(asked), language="sv-SE"))} == {"utskick", "Print House"}
    with world.deed() as tx:
        erasure, told = ErasureId(asked.id), partial(telling.keepers_letter, tx, world.vault, world.clock)
        english = told(erasure=erasure, system=found.id)
        systems.put_words(tx, world.clock, systems.get(tx, found.id), {}, keepers_language="sv-FI", by=DPO)
        swedish = told(erasure=erasure, system=found.id)
    assert "The system letters, which you look after, holds what is listed below." in english.text
    assert swedish.language == "sv"
    assert "Till er som sköter letters" in swedish.text, "its keepers know it by its name"
    assert swedish.text.count("  sent.csv, rad 2, fält ") == 2
    assert NUMBER not in swedish.text
    away.wait(days=1)
    with world.deed() as tx:
        elsewhere.tell(tx, world.vault, world.clock, erasure=ErasureId(asked.id), system=letters.id, by=DPO)
        telling.tell(tx, world.vault, world.clock, erasure=ErasureId(asked.id), recipient=printer.id, by=DPO)
        with pytest.raises(Conflict):
            telling.keepers_letter(tx, world.vault, world.clock, erasure=erasure, system=letters.id)
    said = answer_to(away, asked)
    assert said.count("They were told on") == 2
    assert "We tell them" not in said
