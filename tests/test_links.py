"""Links: for one person, for minutes, once where that is wanted, logged, and silent about whose they were."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import aiohttp
import aiohttp.web
import pytest
from sqlalchemy import select, update

from bot.clock import ManualClock
from bot.links import CHART, File, add_links, chart_picture, fetch
from bot.listening import bound, listening, port_of
from bot.reporting import REPORT
from bot.settings import LOOPBACK
from dialogs.selection.selection_files import KIND as SELECTION_FILES
from followup import PersonId
from followup.messages.message import LinkKind
from followup.risk.chart import Gauge, LineChart, Point, as_json
from storage.engine.database import Database, Transaction
from storage.engine.tables import link, person, placement
from storage.messages import links
from storage.messages.links import LASTS, Fetched
from storage.register import people
from tests.support.builders import Register, at
from tests.support.logged_acts import acts
from tests.support.stage import on_stage
from tests.test_dialog_small_unit import HOME, filled

NOW = at("2026-11-02 08:00")
LATE = NOW + LASTS
GAUGE = as_json(Gauge("Inne", "1 av 2.", 1, 2, "Inne", "Saknas"))


@pytest.fixture
def maria(tx: Transaction) -> int:
    return Register(tx).person("maria", "manager")


def test_a_link_leads_to_what_it_was_made_for_and_that_is_logged(tx: Transaction, maria: PersonId) -> None:
    secret = links.issue(tx, CHART, {"a": 1}, NOW, person_id=maria)
    assert links.fetch(tx, secret, LATE - timedelta(seconds=1)) == Fetched(CHART, {"a": 1}, maria)
    assert [(one, subject) for one, _, subject in acts(tx, "fetch")] == [(maria, "link:1")]


def test_only_the_hash_of_the_secret_is_stored(tx: Transaction, maria: PersonId) -> None:
    secret = links.issue(tx, CHART, {}, NOW, person_id=maria)
    [row] = tx.connection.execute(select(link)).all()
    assert not any(secret in str(value) for value in row)
    assert len(secret) >= 43


def test_no_two_links_have_the_same_secret(tx: Transaction, maria: PersonId) -> None:
    assert len({links.issue(tx, CHART, {}, NOW, person_id=maria) for _ in range(50)}) == 50


@pytest.mark.parametrize("secret", ["", "x", "../etc", "a" * 5000, "åäö"])
def test_a_secret_that_was_never_given_is_unknown(tx: Transaction, secret: str) -> None:
    assert links.fetch(tx, secret, NOW) == "unknown"


def test_a_link_ends_when_its_minutes_have_passed(tx: Transaction, maria: PersonId) -> None:
    secret = links.issue(tx, CHART, {}, NOW, person_id=maria)
    assert links.fetch(tx, secret, LATE) == "ended"
    assert acts(tx, "fetch") == []
    assert acts(tx, "refused") == [(maria, None, "link:1")]


def test_a_link_for_once_works_once_and_another_again_and_again(tx: Transaction, maria: PersonId) -> None:
    once = links.issue(tx, "report", {}, NOW, person_id=maria, once=True)
    often = links.issue(tx, CHART, {}, NOW, person_id=maria)
    assert isinstance(links.fetch(tx, once, NOW), Fetched)
    assert links.fetch(tx, once, NOW) == "ended"
    assert all(isinstance(links.fetch(tx, often, NOW), Fetched) for _ in range(3))


def test_a_link_ends_when_its_person_has_left(tx: Transaction, maria: PersonId) -> None:
    secret = links.issue(tx, CHART, {}, NOW, person_id=maria)
    tx.connection.execute(update(person).where(person.c.id == maria).values(active=False))
    assert links.fetch(tx, secret, NOW) == "ended"


@pytest.mark.parametrize("role", ["worker", "quality", "admin"])
def test_a_link_ends_when_its_person_has_another_role(tx: Transaction, maria: PersonId, role: str) -> None:
    secret = links.issue(tx, "report", {}, NOW, person_id=maria)
    tx.connection.execute(update(person).where(person.c.id == maria).values(role=role))
    assert links.fetch(tx, secret, NOW) == "ended"
    assert acts(tx, "fetch") == []
    assert acts(tx, "refused") == [(maria, None, "link:1")]


def test_what_has_ended_is_forgotten_the_day_after(tx: Transaction, maria: PersonId) -> None:
    secrets = [links.issue(tx, CHART, {}, NOW, person_id=maria) for _ in range(3)]
    assert links.forget_ended(tx, NOW + timedelta(hours=23), 9) == 0
    assert [links.fetch(tx, one, LATE) for one in secrets] == ["ended"] * 3
    # So many at a time.
    assert [links.forget_ended(tx, NOW + timedelta(hours=25), 2) for _ in range(3)] == [2, 1, 0]
    assert [links.fetch(tx, one, LATE) for one in secrets] == ["unknown"] * 3


@dataclass
class Server:
    database: Database
    clock: ManualClock
    address: str
    session: aiohttp.ClientSession

    def link(self, kind: LinkKind = CHART, *, once: bool = False) -> str:
        with self.database.transaction() as tx:
            holder = people.by_key(tx, "maria")
            assert holder
            return links.issue(tx, kind, GAUGE, self.clock(), person_id=holder.id, once=once)

    async def get(self, secret: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        async with self.session.request(method, f"{self.address}/links/{secret}") as answer:
            return answer.status, dict(answer.headers), await answer.read()


async def test_a_report_is_not_fetched_after_a_demotion(server: "Server") -> None:
    secret = server.link("report", once=True)
    with server.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "maria").values(role="worker"))
    status, _, body = await server.get(secret)
    assert (status, b"docx" in body) == (410, False)


@pytest.fixture
async def server(municipality: Database) -> AsyncIterator[Server]:
    app, clock, place = aiohttp.web.Application(), ManualClock(NOW), bound(LOOPBACK)
    makers = {CHART: chart_picture, "report": lambda _: File(b"docx", "application/pdf", "rapport.pdf")}
    add_links(app, municipality, clock, makers)
    async with listening(app, place), aiohttp.ClientSession() as session:
        yield Server(municipality, clock, f"http://{LOOPBACK}:{port_of(place)}", session)


async def test_a_chart_is_served_as_a_picture_that_nobody_keeps_or_guesses_at(server: Server) -> None:
    status, headers, body = await server.get(server.link())
    assert (status, body[:4]) == (200, b"\x89PNG")
    assert {name: headers[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")} == {
        "Content-Type": "image/png",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


async def test_a_file_is_saved_under_its_name(server: Server) -> None:
    _, headers, body = await server.get(server.link("report", once=True))
    assert (body, headers["Content-Disposition"]) == (b"docx", 'attachment; filename="rapport.pdf"')


async def test_a_look_at_the_headers_does_not_use_up_a_link(server: Server) -> None:
    secret = server.link("report", once=True)
    assert (await server.get(secret, "HEAD"))[0] == 405
    assert [(await server.get(secret))[0] for _ in range(2)] == [200, 410]


@pytest.mark.parametrize(
    ("secret", "status"), [("", 404), ("unknown", 404), ("ended", 410), ("strange", 410)]
)
async def test_what_leads_nowhere_says_so_in_plain_words_and_nothing_of_whose_it_was(
    server: Server, secret: str, status: int
) -> None:
    given = {"ended": server.link(), "strange": server.link(cast("LinkKind", "no such kind"))}.get(
        secret, secret
    )
    if secret == "ended":
        server.clock.move_to(LATE)
    got, headers, body = await server.get(given)
    assert got == status
    assert headers["Content-Type"].startswith("text/plain")
    assert b"Maria" not in body
    assert b"maria" not in body


async def test_a_database_that_is_gone_is_a_later_time_and_not_a_trace(server: Server) -> None:
    secret = server.link()
    with server.database.transaction() as tx:
        tx.connection.exec_driver_sql("ALTER TABLE link RENAME TO gone")
    status, _, body = await server.get(secret)
    assert (status, b"link" in body) == (503, False)


async def test_a_managers_chart_is_fetched_by_the_link_in_her_card(
    municipality: Database, tmp_path: Path
) -> None:
    async with (
        on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage,
        aiohttp.ClientSession() as session,
    ):
        maria = stage.player("maria")
        await maria.say("läge")
        charts = [one for one in maria.card()["body"] if one["type"].startswith("Chart.")]
        urls = [item["url"] for one in charts for item in one["fallback"]["items"] if item["type"] == "Image"]
        assert len(urls) == len(charts) > 0
        for url in urls:
            async with session.get(url) as answer:
                assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        with municipality.transaction() as tx:
            assert len(acts(tx, "fetch")) == len(urls)


@pytest.mark.parametrize(
    ("key", "status"),
    [pytest.param("maria", 410, id="a manager"), pytest.param("karin", 200, id="quality team")],
)
async def test_a_picture_of_a_unit_is_fetched_by_whoever_may_see_it_when_it_is_fetched(
    database: Database, tmp_path: Path, key: str, status: int
) -> None:
    """The unit becomes small when it turns out that two of its children had left long before."""
    filled(database, ["2025-01-01"] * 3)
    async with on_stage(database, NOW, tmp_path / "chat.jsonl") as stage, aiohttp.ClientSession() as session:
        reader = stage.player(key)
        await reader.say(f"utförare {HOME}")
        [url] = pictures(reader.card())
        assert await fetched(session, url) == (200, b"\x89PNG")
        with database.transaction() as tx:
            left = {"ends": date(2026, 1, 1), "end_reason": "planned_end"}
            tx.connection.execute(update(placement).where(placement.c.id > 1).values(**left))
            before = len(acts(tx, "fetch"))
        assert (await fetched(session, url))[0] == status
        with database.transaction() as tx:
            refused = [subject for _, _, subject in acts(tx, "refused")]
            assert len(acts(tx, "fetch")) - before == (status == 200)
            assert len([one for one in refused if one.startswith("link:")]) == (status == 410)
        await reader.say(f"utförare {HOME}")
        assert len(pictures(reader.card())) == (status == 200)
        assert ("altText" in json.dumps(reader.card())) == (status == 200)


def pictures(card: dict[str, Any]) -> list[str]:
    charts = [one for one in card["body"] if one["type"].startswith("Chart.")]
    return [item["url"] for one in charts for item in one["fallback"]["items"] if item["type"] == "Image"]


async def fetched(session: aiohttp.ClientSession, url: str) -> tuple[int, bytes]:
    async with session.get(url) as answer:
        return answer.status, (await answer.read())[:4]


@pytest.mark.parametrize("kind", [CHART, REPORT, SELECTION_FILES])
def test_no_link_of_any_kind_outlives_the_role_that_it_was_made_for(
    tx: Transaction, maria: PersonId, kind: LinkKind
) -> None:
    secret = links.issue(tx, kind, GAUGE, NOW, person_id=maria)
    tx.connection.execute(update(person).where(person.c.id == maria).values(role="worker"))
    assert links.fetch(tx, secret, NOW) == "ended"


def test_a_line_that_does_not_say_whose_it_is_is_not_shown(tx: Transaction, maria: PersonId) -> None:
    drawn = as_json(LineChart("Trend", "1, 2", "Index", (Point("2026-10-31", "okt", 1),), 2, "Gräns"))
    secret = links.issue(tx, CHART, drawn, NOW, person_id=maria)
    assert fetch(tx, secret, NOW) == "ended"


async def test_a_card_without_charts_makes_no_links(municipality: Database, tmp_path: Path) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.player("maria").say("hjälp")
        await stage.player("anna").say("mina")
    with municipality.transaction() as tx:
        assert tx.connection.execute(select(link)).all() == []
