"""What a verdict is asked for, as people say it."""

from collections.abc import Mapping

from rightcall.policy.model import Act

DOING: Mapping[Act, str] = {
    Act.ASK: "asking for a yes",
    Act.CAPTURE: "recording",
    Act.PLAY: "listening",
    Act.READ: "reading",
    Act.EXPORT: "handing out as a file",
    Act.PLAY_HELD: "listening, by a hold",
    Act.TRANSCRIBE: "writing down from sound",
    Act.ANALYSE: "analysing",
    Act.TRAIN_MODEL: "training a model",
    Act.SHARE: "passing on",
    Act.ERASE: "erasing",
    Act.KEEP: "keeping longer, by a hold",
    Act.EXTEND: "giving a longer term",
    Act.COLLECT: "taking in from elsewhere",
    Act.CALL_OUT: "ringing somebody",
    Act.ACTIVATE: "beginning to use a purpose",
    Act.ANSWER_REQUEST: "answering a request",
    Act.REFUSE_REQUEST: "refusing a request",
    Act.CLOSE_BREACH: "closing a breach",
    Act.CERTIFY: "certifying that something is gone",
    Act.RESTORE: "bringing a backup back",
}
