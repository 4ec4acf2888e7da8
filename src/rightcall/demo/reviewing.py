"""The demo's first chapter with the running system: nothing runs for a purpose that nobody has reviewed, and who has to sign."""

from rightcall.demo.calls import PROOF
from rightcall.demo.show import Show
from rightcall.demo.stage import Stage


def reviews(stage: Stage, show: Show) -> None:
    """The register's file brought a review for each purpose, as a draft: a file signs nothing. People do, in two roles."""
    show.chapter("Before the first call: is it right?")
    purposes = stage.agent.get("/purposes")["items"]
    unsigned = [purpose for purpose in purposes if not purpose["review"]["in_force"]]
    show.say(
        f"The register has {len(purposes)} purposes, each with a review: what for, who could be hurt, would less do,"
        f" and the sentence that an agent would say to the customer's face. {_signed(len(purposes) - len(unsigned))}"
    )
    keys = [purpose["key"] for purpose in unsigned]
    show.check(f"Nothing runs for {' and '.join(keys) or 'what nobody signed'}: their reviews are drafts.", holds=PROOF in keys)
    for key in keys:
        _sign(stage, show, key)


def _signed(number: int) -> str:
    return f"{number} were signed when the quarter began, and run." if number else "None of them is signed."


def _sign(stage: Stage, show: Show, key: str) -> None:
    review = stage.agent.get(f"/purposes/{key}/reviews")["items"][0]
    show.quote([f"{key}: “{review['content']['answers']['said_aloud']}”"])
    once = stage.supervisor.post(f"/reviews/{review['id']}/sign", {"capacity": "for_the_house"})
    signed = stage.agent.post(f"/reviews/{review['id']}/sign", {"capacity": "for_agents"})
    verdict = stage.dpo.get(f"/verdicts/{signed['verdict']}")["outcome"] if signed["verdict"] else "not asked"
    show.check(
        f"A supervisor signs for the house, which is not enough. An agent signs for agents; the law and the house are asked"
        f" ({verdict}), and the review is in force until {signed['expires_on']}.",
        holds=(once["stage"], signed["stage"]) == ("draft", "in_force"),
    )
