"""The demo's first chapter: nothing runs for a purpose that nobody has reviewed, and who has to sign."""

from rightcall.demo.show import Show
from rightcall.demo.stage import Stage


def reviews(stage: Stage, show: Show) -> None:
    """The register's file brought a review for each purpose, as a draft: a file signs nothing. People do, in two roles."""
    show.chapter("Before the first call: is it right?")
    purposes = stage.agent.get("/purposes")["items"]
    show.say(
        f"The register has {len(purposes)} purposes, each with a review: what for, who could be hurt, would less do,"
        " and the sentence that an agent would say to the customer's face. None of them is signed."
    )
    show.check(
        f"So nothing runs for any of them. {purposes[0]['review']['why_not'][0]['says']}",
        holds=not any(purpose["review"]["in_force"] for purpose in purposes),
    )
    for purpose in purposes:
        _sign(stage, show, purpose["key"])


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
