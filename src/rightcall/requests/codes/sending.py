"""Handing a code over to be sent, after whoever asked for it has their answer: so nobody learns from how long that took."""

import logging

from rightcall.design.wording import language_of
from rightcall.errors import SenderGone
from rightcall.requests.codes.model import Made
from rightcall.requests.codes.ports import Sender
from rightcall.requests.wording import code_words

_log = logging.getLogger(__name__)


def send(sender: Sender, made: Made, language: str, controller: str) -> None:
    """Nothing where it goes to nobody. What cannot be sent is asked for again by the person."""
    if made.delivery is None:
        return
    written = language_of(language)
    try:
        sender.send(made.delivery.to, code_words(written, digits=made.delivery.digits, controller=controller), written)
    except SenderGone as error:
        _log.error("a one-time code could not be sent: %s", error)
