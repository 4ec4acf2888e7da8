"""The worker's round over the reviews: what has lapsed is written down and said, and the calls that go on are looked at again."""

import logging

import pytest

from rightcall.ids import ControllerId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import NewNotice
from rightcall.reviews import actions as reviews
from rightcall.reviews.model import End
from rightcall.wiring import House
from rightcall.worker import keeping
from tests.recordings.scene import DPO, new_purpose
from tests.reviews.words import reviewed


def test_a_review_that_lapsed_is_written_down_once_and_said(
    house: House, controller: ControllerId, caplog: pytest.LogCaptureFixture
) -> None:
    words = "May we record this for training? You can change your mind at any moment."
    with house.database.transaction(controller) as tx:
        purpose = purposes.create_purpose(tx, house.clock, new_purpose("training"), by=DPO)
        purposes.publish_notice(tx, house.clock, NewNotice(purpose=purpose.id, language="en", text=words), by=DPO)
        review = reviewed(tx, house.clock, purpose.id, house.rules).review.id
    keeping.keep_reviews(house)
    with house.database.transaction(controller) as tx:
        assert reviews.history(tx, review).ending is None
        purposes.publish_notice(tx, house.clock, NewNotice(purpose=purpose.id, language="en", text=f"{words} Thanks."), by=DPO)
    with caplog.at_level(logging.WARNING):
        keeping.keep_reviews(house)
        keeping.keep_reviews(house)
    with house.database.transaction(controller) as tx:
        ending = reviews.history(tx, review).ending
    assert ending is not None
    assert ending.why is End.NOTICE_CHANGED
    assert [record.message for record in caplog.records if "reviews lapsed" in record.message] == [caplog.records[0].message]
