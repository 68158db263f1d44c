"""How many presses a normal month, a concern and a signal take: each tick, choice, day, text and button is one."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.local.terminal import inputs_of
from storage.engine.database import Database
from tests.support.turns import SAY, Client, Json, october
from tests.test_dialog_my_tasks import crowd

DOCS = Path(__file__).parent.parent / "docs/presses.md"


class Counted:
    """Presses as a person does: what stands in the card already costs nothing."""

    def __init__(self, client: Client) -> None:
        self.client, self.presses = client, 0

    def press(self, title: str, typed: Mapping[str, str] | None = None, *, row: str = "") -> None:
        shown = self.client.inputs
        self.presses += 1 + sum(shown.get(name) != value for name, value in (typed or {}).items())
        self.client.press(SAY(title), typed, row=row)


def told(what: str, presses: int, most: int) -> bool:
    """Whether it is within what it may cost, and docs/presses.md says so."""
    return presses <= most and f"| {what} | {presses} | {most} |" in DOCS.read_text(encoding="utf-8")


def asked_open(card: Json) -> list[str]:
    """The fields that need no press to be seen."""
    seen = [one for one in card["body"] if one.get("isVisible", True)]
    return [one.id for one in inputs_of({**card, "body": seen})]


def test_fifteen_normal_placements_take_fifteen_ticks_and_one_button(database: Database) -> None:
    anna = Counted(crowd(database, 15).client("anna").look())
    anna.press("list.send", dict.fromkeys(anna.client.inputs, "true"))
    assert SAY("list.all_done", n=15) in anna.client.words
    assert told("hands in fifteen normal placements", anna.presses, 17)


@pytest.mark.parametrize(
    ("report", "come"),
    [
        ({"provider_report": "not_arrived"}, "not come"),
        ({"provider_report_on": "2026-11-02", "provider_report_quality": "good"}, "come"),
    ],
)
def test_a_concern_takes_nine_at_most_also_where_the_providers_report_has_come(
    municipality: Database, report: dict[str, str], come: str
) -> None:
    """Nothing that is asked of a concern is folded, so that no press is needed to find it."""
    anna = Counted(october(municipality).client("anna").look())
    anna.press("list.open_form", row="AKT-1")
    assert {*asked_open(anna.client.card)} >= {"health", "about_care", "feels_safe", "signals", *report}
    answers = {
        "feels_safe": "partly",
        "private_talk_on": "2026-10-14",
        "signals": "none",
        "health": "concern",
        "about_care": "no",
    }
    anna.press("report.hand_in", {**answers, **report})
    assert anna.client.chat.versions("AKT-1")[0].answers["health"] == "concern"
    assert told(f"reports a concern, the provider's report {come}", anna.presses, 9)


def test_a_signal_takes_eight(municipality: Database) -> None:
    anna = Counted(october(municipality).client("anna"))
    anna.client.say("signal")
    anna.press("choice.signal_kind.complaint")
    answers = {
        "placement": str(anna.client.chat.task("AKT-1").placement.id),
        "event_on": "2026-10-20",
        "consequence": "2",
        "cause": "provider",
        "source": "guardian",
        "text": "Maten är kall.",
    }
    anna.press("signal.hand_in", answers)
    assert SAY("signal.received_title") in anna.client.words
    assert told("hands in a signal", anna.presses, 8)
