"""What a test call says at its end."""

import pytest

from rightcall.testcall.report import advice_on, kept_of


def state(roles: list[str], packets: list[int], dark: int = 0) -> dict[str, object]:
    takes = [{"id": str(number), "packets": count, "purposes": ["training"]} for number, count in enumerate(packets)]
    timeline = [{"kind": "went_dark", "take": str(number), "purpose": "training"} for number in range(dark)]
    return {"parties": [{"role": role} for role in roles], "takes": takes, "timeline": timeline}


@pytest.mark.parametrize(
    ("packets", "dark", "said"),
    [
        ([], 0, "nothing was kept"),
        ([7], 0, "7 are kept, in 1 take"),
        ([7, 5], 0, "12 are kept, in 2 takes"),
        ([7, 5], 1, "12 had been kept; 7 of them are dark now, their key destroyed by the withdrawal"),
        ([7, 5], 2, "12 had been kept; all of them are dark now, their key destroyed by the withdrawal"),
    ],
)
def test_how_much_is_kept(packets: list[int], dark: int, said: str) -> None:
    assert kept_of(state(["customer", "agent"], packets, dark)) == said


@pytest.mark.parametrize(
    ("withdrawn", "said"),
    [(["training"], "7 are kept, in 1 take"), (["training", "proof"], "7 had been kept; all of them are dark now")],
)
def test_what_another_purpose_keeps_is_not_dark(withdrawn: list[str], said: str) -> None:
    timeline = [{"kind": "went_dark", "take": "0", "purpose": purpose} for purpose in withdrawn]
    takes = [{"id": "0", "packets": 7, "purposes": ["training", "proof"]}]
    assert kept_of({"takes": takes, "timeline": timeline}).startswith(said)


def test_an_agent_who_counted_as_a_customer_is_said() -> None:
    assert advice_on(state(["customer", "agent"], [])) is None
    assert "--agent" in (advice_on(state(["customer", "customer"], [])) or "")
