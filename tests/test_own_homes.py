"""The municipality's own foster homes: asked about where it has chosen that, and in no score or figure (R21)."""

import pytest
from sqlalchemy import func, select, update

from scheduler.jobs import Times
from scheduler.waking import tick
from services.month.missing_reports import missing_in
from storage.engine.database import Database
from storage.engine.tables import delivery, score, unit
from storage.month import rounds
from storage.overview import response_rates
from storage.register import units
from tests.support.builders import at
from tests.support.deeds import acting
from tests.support.turns import ANEW, SAY, Chat

OPENS = "2026-11-02 08:00"


class OwnHomes(Chat):
    def wake(self, moment: str) -> None:
        self.now = at(moment)
        with self.database.transaction() as tx:
            tick(tx, self.now, Times(rounds=self.days, own_homes=True))
        self.deliver()


@pytest.fixture
def town(municipality: Database) -> Database:
    """Norrgården with AKT-1 and AKT-2 is one of the municipality's own, in no figure of the month before."""
    with municipality.transaction() as tx:
        tx.connection.execute(update(unit).where(unit.c.key == "NORR").values(form="kommunens_familjehem"))
    return municipality


def asked_of(chat: Chat) -> set[str]:
    """Whom Anna is asked about, of her three."""
    anna = chat.client("anna")
    anna.say("mina")
    return {case for case in ("AKT-1", "AKT-2", "AKT-3") if case in anna.words}


@pytest.mark.parametrize(("kind", "asked"), [(Chat, {"AKT-3"}), (OwnHomes, {"AKT-1", "AKT-2", "AKT-3"})])
def test_they_are_asked_about_only_where_the_municipality_has_chosen_that(
    town: Database, kind: type[Chat], asked: set[str]
) -> None:
    chat = kind(town, at(OPENS))
    chat.wake(OPENS)
    assert asked_of(chat) == asked


def test_an_answer_about_one_is_in_no_score_alert_or_figure(town: Database) -> None:
    chat = OwnHomes(town, at(OPENS))
    chat.wake(OPENS)
    anna = chat.client("anna").look()
    anna.press(SAY("list.open_form"), row="AKT-1")
    anna.press(SAY("report.hand_in"), {**ANEW, "feels_safe": "no"})
    assert chat.versions("AKT-1")[0].answers["feels_safe"] == "no"
    with town.transaction() as tx:
        [own] = [one.id for one in units.all_units(tx) if one.key == "NORR"]
        stored = select(func.count()).select_from(score).where(score.c.unit_id == own)
        assert tx.connection.scalar(stored) == 0
        assert "alert" not in set(tx.connection.scalars(select(delivery.c.kind)))
        [october] = rounds.asking_rounds(tx, chat.now)[-1:]
        counted = response_rates.of_round(tx, october, chat.now.date())
    assert (sum(one.asked for one in counted), sum(one.answered for one in counted)) == (3, 0)
    # But what is left of them is left, whoever asks for it.
    with acting(town, "maria", chat.now) as maria:
        assert missing_in(maria, [october]).number == 4


def test_the_choice_made_later_asks_the_same_round_and_asks_once(town: Database) -> None:
    Chat(town, at(OPENS)).wake(OPENS)
    chat = OwnHomes(town, at("2026-11-03 08:00"))
    for moment in ("2026-11-03 08:00", "2026-11-03 08:01", "2026-11-04 08:00"):
        chat.wake(moment)
    assert asked_of(chat) == {"AKT-1", "AKT-2", "AKT-3"}
    with town.transaction() as tx:
        [october] = rounds.asking_rounds(tx, chat.now)[-1:]
        assert len(rounds.tasks(tx, [october.id], chat.now.date())) == 5
