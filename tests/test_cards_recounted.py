"""Every figure of the cards in chat is what plain SQL counts, at several moments of the demo municipality's year."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.engine.database import Database
from storage.engine.tables import person, placement
from storage.register import people
from tests.conftest import Another
from tests.support.as_file import rows_of
from tests.support.builders import aad, at
from tests.support.card_count import FOLLOWED, KINDS, Known, in_words, month_in_words, months_back, percent
from tests.support.turns import ANEW, SAY, SLAP, Chat
from tests.support.year_stage import demo_municipality

MARKS = {"red": "Röd", "yellow": "Gul", "green": "Grön", "insufficient": "Otillräckligt underlag"}
BANDS = {"röd": "red", "gul": "yellow", "grön": "green"}
# After the year was played; the first morning of a round; the round's last weeks; and past the turn of a month.
MOMENTS = ("2026-10-12 09:00", "2026-11-02 08:00", "2026-11-20 10:00", "2026-12-01 08:30")
CHECKED = re.compile(r"^[▲◆●○] \S.* · (.+)$")


@pytest.fixture(scope="module")
def played(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """The demo municipality, whose people write in this test's chats."""
    with demo_municipality(another, tmp_path_factory.mktemp("cards"), played=True) as database:
        with database.transaction() as tx:
            for one in people.everyone(tx).values():
                tx.connection.execute(
                    update(person).where(person.c.id == one.id).values(teams_id=aad(one.key))
                )
        yield Chat(database, at(MOMENTS[0]))


@pytest.fixture(scope="module", params=MOMENTS)
def chat(played: Chat, request: pytest.FixtureRequest) -> Chat:
    come_to(played, request.param)
    return played


def come_to(chat: Chat, moment: str) -> None:
    """The year goes on to one of the moments."""
    if moment == MOMENTS[2]:
        _anna_answers_and_tells_of_a_blow(chat)
    chat.wake(moment)


def _anna_answers_and_tells_of_a_blow(chat: Chat) -> None:
    """One report after its last day, and an event that alerts."""
    chat.wake("2026-11-17 09:00")
    anna = chat.client("anna")
    anna.say("mina")
    anna.press(SAY("list.open_form"), row="AKT-23-0103")
    anna.press(SAY("report.hand_in"), ANEW)
    with chat.database.transaction() as tx:
        number = tx.connection.execute(
            select(placement.c.id).where(placement.c.case_reference == "AKT-23-0103")
        ).scalar_one()
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**SLAP, "placement": str(number)})
    chat.deliver()
    assert known(chat).open_alerts()
    chat.now += timedelta(minutes=1)
    assert known(chat).answered_since(chat.now - timedelta(hours=1)) == 1


def known(chat: Chat) -> Known:
    return Known(_path(chat.database), chat.now, chat.now.date())


def _path(database: Database) -> Path:
    return rows_of(database)


def told(chat: Chat, who: str, text: str) -> list[str]:
    chat.client(who).say(text)
    return chat.client(who).words.splitlines()


def only(lines: list[str], pattern: str) -> list[re.Match[str]]:
    """Each line once that the whole pattern fits; a chart says its sentence a second time, for who cannot see it."""
    return [found for line in dict.fromkeys(lines) if (found := re.fullmatch(pattern, line))]


def test_the_bands_of_the_overview_are_the_newest_stored(chat: Chat) -> None:
    [said] = only(
        told(chat, "karin", "läge"), "▲ Röd ([0-9]+), ◆ Gul ([0-9]+), ● Grön ([0-9]+), ○ .* ([0-9]+)[.]"
    )
    counted = known(chat).bands()
    assert [int(one) for one in said.groups()] == [counted[band] for band in MARKS]
    assert sum(counted.values()) == len(known(chat).units)


def test_what_is_said_to_have_changed_since_the_months_end_has_changed(chat: Chat) -> None:
    lines, today = told(chat, "karin", "läge"), chat.now.date()
    end = today.replace(day=1) - timedelta(days=1)
    assert f"Ändrat sedan {in_words(end)}" in lines
    said = only(lines, "[↑↓] (.+): från (.+) till (.+)")
    counted = known(chat).changed_since(end)
    assert {(one[1], BANDS[one[2]], BANDS[one[3]]) for one in said} == counted
    assert ("Ingen enhet har bytt nivå." in lines) is not bool(counted)


@pytest.mark.parametrize("who", ["karin", "maria"])
def test_the_response_rates_are_of_the_months_they_name(chat: Chat, who: str) -> None:
    counter, lines = known(chat), told(chat, who, "läge")
    of = None if who == "karin" else counter.team_of(who)
    said = {}
    for line in lines:
        for month, share, answered, all_ in re.findall(
            r"(\w+ 20\d\d): (\d+)\u00a0% \((\d+) av (\d+)\)", line
        ):
            said[month.lower()] = int(share), int(answered), int(all_)
    assert said
    for month in months_back(chat.now.date(), 12):
        if month_in_words(month) in said:
            answered, all_ = counter.rate(month, of)
            assert said.pop(month_in_words(month)) == (percent(answered, all_), answered, all_)
    assert not said
    [bars] = only(lines, r"\w+ 20\d\d \d+\u00a0%(, \w+ 20\d\d \d+\u00a0%)*[.]")
    rates = {month_in_words(one): counter.rate(one, of) for one in months_back(chat.now.date(), 12)}
    for month, share in re.findall(r"(\w+ 20\d\d) (\d+)", bars[0]):
        assert int(share) == percent(*rates[month.lower()])


def test_the_open_alerts_are_those_that_nobody_has_closed(chat: Chat) -> None:
    lines, counted = told(chat, "karin", "läge"), known(chat).open_alerts()
    assert ("✓ Inga öppna larm." in lines) is not bool(counted)
    assert len({one for line in lines for one in re.findall(r"\bL-(\d+)\b", line)}) == len(counted)


def test_what_each_worker_owes_is_what_is_left(chat: Chat) -> None:
    counter, lines = known(chat), told(chat, "maria", "obesvarade")
    owed = counter.owed(counter.team_of("maria"))
    without = owed.pop(None, 0)
    names = {one["id"]: one["name"] for one in counter.rows("select id, name from person")}
    said = {}
    for before, line in pairwise(lines):
        if found := re.match(r"(En|[0-9]+) rapport(er)? saknas[.]", line):
            said[before.partition(" (")[0]] = 1 if found[1] == "En" else int(found[1])
    assert said == {names[one]: number for one, number in owed.items()}
    nobody = only(lines, "⚠ (En|[0-9]+) placering(ar)? har ingen som ansvarar för .*")
    assert [1 if one[1] == "En" else int(one[1]) for one in nobody] == ([without] if without else [])
    rates = [counter.rate(month, counter.team_of("maria")) for month in counter.open_months()]
    whole = only(lines, "([0-9]+) av ([0-9]+) rapporter är inne[.]")
    assert [(int(one[1]), int(one[2])) for one in whole] == (
        [(sum(one for one, _ in rates), sum(one for _, one in rates))] if sum(one for _, one in rates) else []
    )


def test_what_is_overdue_in_a_managers_team_is_counted_from_reports_and_register(chat: Chat) -> None:
    counter, lines = known(chat), told(chat, "maria", "läge")
    today, own = str(chat.now.date()), counter.team_of("maria") - {None}
    placed = [
        one
        for one in counter.rows(
            "select p.* from placement p join unit u on u.id = p.unit_id where " + FOLLOWED
        )
        if one["starts"] <= today <= (one["ends"] or "9") and counter.owner(one["id"]) in own
    ]
    said = {one for line in lines for one in re.findall(r"\d+ av \d+ placeringar har [^.]*[.]", line)}
    assert said == counter.overdue(placed)


@pytest.mark.parametrize("who", ["karin", "maria"])
def test_the_weekly_letter_counts_its_week(chat: Chat, who: str) -> None:
    counter, since = known(chat), chat.now - timedelta(days=7)
    of = None if who == "karin" else counter.team_of(who)
    chat.client(who).say("veckobrev")
    chat.client(who).press(SAY("digest.now"))
    lines = chat.client(who).words.splitlines()
    assert _counted(lines, "(En|[0-9]+) rapport(?:er)? har lämnats in[.]") == counter.answered_since(
        since, of
    )
    if who == "karin":
        late = only(lines, "(En|[0-9]+) rapport(?:er)? saknas för (.+) efter sista svarsdagen[.]")
        assert {one[2]: _number(one[1]) for one in late} == counter.left_reports(late=True)
    else:
        left = only(lines, "(Ett|[0-9]+) svar saknas för (.+)")
        assert {one[2]: _number(one[1]) for one in left} == counter.left_reports(of)
    assert {int(one[1]) for one in only(lines, "Larm L-([0-9]+) stängdes: .*")} == counter.closed_since(since)


def _counted(lines: list[str], pattern: str) -> int:
    return sum(_number(one[1]) for one in only(lines, pattern))


def _number(said: str) -> int:
    return 1 if said in ("En", "Ett") else int(said)


def test_a_unit_card_says_what_the_rows_say(chat: Chat) -> None:
    """Each followed unit's card, as the quality team reads it: nothing on it is hidden from them."""
    counter = known(chat)
    year = months_back(chat.now.date(), 12)
    months = f"{month_in_words(year[0])}–{month_in_words(year[-1])}"
    for unit in counter.units:
        card = _card_of(chat, unit["name"])
        number = len(counter.placed(unit["id"]))
        assert card["Pågående placeringar"] == str(number), unit["name"]
        arrived, expected = counter.coverage(unit["id"])
        covered = (
            f"{percent(arrived, expected)}\u00a0% av rapporterna om {months} är inne, "
            "räknat på dem som har kommit eller vars sista dag har passerat"
            if expected
            else ""
        )
        assert card["Underlagets täckning"] == (covered or "Inga månadsrapporter finns att räkna"), unit[
            "name"
        ]
        assert card["Signaler"].startswith(f"{months}: ")
        kinds = dict(re.findall(r"(\w[\w ]*?) (\d+)(?:,|$)", card["Signaler"].partition(": ")[2]))
        mine = counter.signals(unit["id"])
        assert sum(map(int, kinds.values())) == sum(mine.values()), unit["name"]
        for kind, word in KINDS.items():
            assert int(kinds.get(word, 0)) == mine.get(kind, 0), (unit["name"], word)
        assert card["Avtal"] == counter.contract(unit["id"]), unit["name"]
        assert card["Planer som saknas"] == counter.plans_missing(unit["id"]), unit["name"]
        assert card["På ramavtal"] == counter.on_framework(unit), unit["name"]
        late = {one for one in card if re.match(r"\d+ av \d+ placeringar har", one)}
        assert late == counter.overdue(counter.placed(unit["id"])), unit["name"]
        followed = unit["last_follow_up"]
        day = in_words(date.fromisoformat(followed)) if followed else "Ingen uppföljning i registret"
        assert card["Senaste uppföljning"].split(", ")[0] == day
        assert (
            card.get("index", []) == counter.trend(unit["id"])
            or "Inget index att visa för de 24 månaderna." in card
        )


def _card_of(chat: Chat, name: str) -> dict[str, Any]:
    """A unit's part of its provider's card: each line with the one after it, and the index by month."""
    lines = told(chat, "karin", f"utförare {name.lower()}")
    heads = {nth: found[1] for nth, line in enumerate(lines) if (found := CHECKED.match(line))}
    [start] = [nth for nth, called in heads.items() if called == name]
    end = min((nth for nth in heads if nth > start), default=len(lines))
    mine = lines[start:end]
    card: dict[str, Any] = dict(zip(mine, [*mine[1:], ""], strict=True))
    for found in only(mine, r"\w+ 20\d\d–\w+ 20\d\d: ([–0-9, ]+)[.].*"):
        card["index"] = found[1].split(", ")
    return card
