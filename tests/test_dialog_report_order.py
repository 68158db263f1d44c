"""The year's report ordered in chat: six links that work once, for ten minutes, and only for the quality team."""

from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import docx
import pytest

from bot.cards import draw
from dialogs.card import Download
from dialogs.switchboard import answer
from dialogs.turn import Said
from services.selection.year import DOCUMENTS
from storage.engine.database import Database
from tests.support.builders import aad, at
from tests.support.logged_acts import acts
from tests.support.stage import Stage, on_stage
from tests.support.turns import Chat
from texts.catalogue import Texts

NOW = at("2026-11-02 08:00")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return Chat(municipality, NOW)


def addresses(card: object) -> list[str]:
    """Where the buttons of a card lead."""
    if isinstance(card, list):
        return [url for one in card for url in addresses(one)]
    if not isinstance(card, dict):
        return []
    own = [card["url"]] if card.get("type") == "Action.OpenUrl" else []
    return own + [url for part in card.values() for url in addresses(part)]


@pytest.mark.parametrize("words", ["rapport 2026", "rapport", "Rapport 2026!", "årsrapport 2026"])
def test_the_quality_team_is_offered_every_document(chat: Chat, words: str) -> None:
    karin = chat.client("karin")
    karin.say(words)
    assert "Årets rapport 2026" in karin.words
    for title in ("Oktoberrapport", "Offentlig version", "Bilaga till kommunstyrelsen", "Anmälningsärenden"):
        assert title in karin.words


@pytest.mark.parametrize(
    "words", ["rapport i fjol", "rapport 2018", "rapport 2027", "rapport 2026 tack", "rapport ²⁰²⁶"]
)
def test_a_year_that_cannot_be_is_asked_for_again(chat: Chat, words: str) -> None:
    said = chat.client("karin").say(words)
    assert said.text == "Skriv ett år från och med 2019 till och med 2026, till exempel: rapport 2026"


@pytest.mark.parametrize("key", ["anna", "maria"])
def test_nobody_else_gets_it(chat: Chat, key: str) -> None:
    chat.client(key).say("rapport 2026")
    assert chat.refusals() == ["year_report"]


def test_it_is_not_answered_in_the_channel(chat: Chat) -> None:
    channel = chat.client("karin", channel=True)
    channel.say("rapport 2026")
    assert not addresses(channel.card)


def test_without_an_address_the_card_says_what_to_do(municipality: Database) -> None:
    said = Said(aad("karin"), "a:karin", "1", "http://127.0.0.1/teams", "rapport 2026")
    with municipality.transaction() as tx:
        reply = answer(tx, said, NOW)
    assert reply.card is not None
    files = [part for part in reply.card.parts if isinstance(part, Download)]
    assert [one.subject["document"] for one in files] == list(DOCUMENTS)
    drawn = str(draw(reply.card, "n"))
    assert "python -m bot report 2026 --out MAPP" in drawn
    assert "Action.OpenUrl" not in drawn


async def fetch(url: str) -> tuple[int, str, bytes, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        named = response.headers.get("Content-Disposition", "")
        return response.status, response.content_type, await response.read(), named


async def links_of(stage: Stage) -> list[str]:
    karin = stage.player("karin")
    await karin.say("rapport 2026")
    return [stage.address + urlsplit(url).path for url in addresses(karin.card())]


async def test_a_link_gives_the_file_once_and_is_logged(municipality: Database, tmp_path: Path) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        links = await links_of(stage)
        assert len(set(links)) == len(DOCUMENTS)
        status, kind, content, named = await fetch(links[0])
        assert (status, kind, named) == (200, DOCX, 'attachment; filename="rapport-2026.docx"')
        (tmp_path / "rapport.docx").write_bytes(content)
        assert docx.Document(str(tmp_path / "rapport.docx")).core_properties.language == "sv-SE"
        again = await fetch(links[0])
        assert (again[0], again[2].decode()) == (410, Texts("sv")("link.ended"))
    with municipality.transaction() as tx:
        assert [subject for _, _, subject in acts(tx, "read") if "report" in subject] == [
            "births:report:2026"
        ]
        assert len(acts(tx, "fetch")) == 1


async def test_a_link_ends_after_ten_minutes(municipality: Database, tmp_path: Path) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        links = await links_of(stage)
        await stage.wake_at(at("2026-11-02 08:09"))
        assert (await fetch(links[-1]))[0] == 200
        await stage.wake_at(at("2026-11-02 08:10"))
        assert (await fetch(links[1]))[0] == 410
