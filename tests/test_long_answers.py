"""Who asks for what takes long is told so before Teams gives up on the answer, and gets it when it is ready."""

import asyncio
import json

import pytest
from botbuilder.schema import Activity

from bot import teams
from bot.spoken import Spoken
from bot.turns import Answer
from dialogs.turn import Said
from storage.engine.database import Database
from tests.support.edge import at_the_edge
from tests.support.turns import SAY
from texts.catalogue import Texts

CARD = {"changes": [["red_items", "4"]], "base": 1, "verb": "adopt_threshold"}


@pytest.mark.parametrize(("in_place", "locale", "say"), [(True, "sv-SE", SAY), (False, "en-GB", Texts("en"))])
async def test_a_long_answer_is_said_to_be_under_way_and_comes_where_it_was_asked_for(
    municipality: Database, monkeypatch: pytest.MonkeyPatch, in_place: bool, locale: str, say: Texts
) -> None:
    monkeypatch.setattr(teams, "TYPING_AFTER_SECONDS", 0.02)
    monkeypatch.setattr(teams, "LATER_AFTER_SECONDS", 0.04)
    async with at_the_edge(municipality, sends=False) as edge:
        karin, sent = edge.client("karin"), edge.server.sent
        asked = karin.submit(edge.clock(), "a:karin", "card-1", {"card": CARD})
        if in_place:
            asked = karin.execute(edge.clock(), "a:karin", "card-1", "adopt_threshold", {"card": CARD})
        # Another's preview is being worked out, and nothing is stored meanwhile.
        async with edge.bot.preparing:
            answer = await edge.post({**asked, "locale": locale})
            assert answer.status == 200
            told = [call.body for call in sent]
            assert say("turn.later") in (answer.body.decode() if in_place else told[-1]["text"])
            assert [one["type"] for one in told] == ([] if in_place else ["typing", "message"])
        while len(sent) == len(told):
            await asyncio.sleep(0.01)
    assert (sent[-1].method, sent[-1].path.rpartition("/")[2]) == ("PUT", "card-1")
    assert SAY("threshold.preview_title") in json.dumps(sent[-1].body, ensure_ascii=False)
    assert len(sent) == len(told) + 1


async def test_a_bot_that_is_told_to_stop_gives_the_answers_that_are_under_way_first(
    municipality: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teams, "TYPING_AFTER_SECONDS", 0.02)
    monkeypatch.setattr(teams, "LATER_AFTER_SECONDS", 0.04)
    async with at_the_edge(municipality, sends=False) as edge:
        sent = edge.server.sent
        async with edge.bot.preparing:
            await edge.post(edge.client("karin").submit(edge.clock(), "a:karin", "card-1", {"card": CARD}))
        assert len(sent) == 2
    assert (len(sent), sent[-1].method) == (3, "PUT")


@pytest.mark.parametrize(
    ("answered_in", "locale", "language"),
    [
        ("", "en-US", "en"),
        ("", "EN", "en"),
        ("", "fi-FI", "sv"),
        ("", None, "sv"),
        ("sv", "en-US", "sv"),
        ("en", "sv-SE", "en"),
    ],
)
def test_what_is_said_of_an_answer_that_is_not_there_is_in_what_she_was_last_answered_in_or_her_teams_is_in(
    answered_in: str, locale: str | None, language: str
) -> None:
    spoken, activity, say = Spoken(), Activity(locale=locale), Texts(language)
    anna, karin = (Said(who, "a:1", "1", "") for who in ("anna", "karin"))
    spoken.heard(anna, Answer(language=answered_in))
    spoken.heard(karin, Answer(language="en"))
    assert spoken.later(anna, activity) == say("turn.later")
    assert spoken.trouble(anna, activity, KeyError(), "7") == say("trouble", reference="7")
