"""What the quality team is told of the year's selection in chat: each figure counted again from the stored frame.

Which texts: `selection.covers`, `selection.doc.` (how many units and placements), `selection.row`, `selection.ticket`,
`selection.draws.more`, `selection.outside` and `selection.ages.mix`.
"""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from documents.report.blocks import Paragraph
from documents.report.words import Words
from documents.selection.selection_docx import protocol_blocks
from documents.selection.selection_protocol import protocol_of
from services.selection.selection_state import state_of
from storage.engine.database import Database
from storage.engine.tables import person
from storage.register import people
from storage.selection import selections
from tests.conftest import Another
from tests.support.as_file import rows_of
from tests.support.builders import aad
from tests.support.demo_year import MADE_AT
from tests.support.turns import SAY, Chat
from tests.support.year_rows import Rows
from tests.support.year_stage import demo_municipality


@pytest.fixture(scope="module")
def chat(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    with demo_municipality(another, tmp_path_factory.mktemp("selection"), played=True) as database:
        with database.transaction() as tx:
            for one in people.everyone(tx).values():
                tx.connection.execute(
                    update(person).where(person.c.id == one.id).values(teams_id=aad(one.key))
                )
        yield Chat(database, MADE_AT)


@pytest.fixture(scope="module")
def rows(chat: Chat) -> Rows:
    return Rows(_path(chat.database))


def _path(database: Database) -> Path:
    return rows_of(database)


def told(chat: Chat, *pressed: str) -> list[str]:
    karin = chat.client("karin")
    karin.say("urval")
    for title in pressed:
        karin.press(SAY(title))
    return [line.replace("\u00a0", " ") for line in karin.words.splitlines()]


def frame(rows: Rows) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(rows.one("select frame from selection_cycle"))["rows"]
    return found


def test_how_much_it_covers_is_the_placements_of_the_selected_units(chat: Chat, rows: Rows) -> None:
    lines, placed = told(chat), {one["id"]: one["placements"] for one in frame(rows)}
    covered = sum(placed[one] for one in rows.selected() if one in placed)
    total = sum(placed.values())
    percent = (200 * covered + total) // (2 * total)
    covers = SAY("selection.covers", covered=covered, total=total, percent=percent).replace("\u00a0", " ")
    assert f"✓ {covers}" in lines
    [size] = {one for line in lines for one in re.findall(r"\d+ enheter med \d+ placeringar", line)}
    assert size == f"{len(placed)} enheter med {total} placeringar"


def test_each_unit_has_its_reasons_and_the_frames_placements(chat: Chat, rows: Rows) -> None:
    lines, placed = told(chat), {one["id"]: one["placements"] for one in frame(rows)}
    said = {}
    for title, about in pairwise(lines):
        if (unit := re.search(r"\(([A-Z]+-\d+)\)$", title)) and (
            found := re.search(r"Placeringar: (\d+)\.$", about)
        ):
            said[unit[1]] = int(found[1])
    assert said == {one: placed.get(one, 0) for one in rows.selected()}


def test_the_lots_and_their_chances_are_those_of_the_published_frame(chat: Chat, rows: Rows) -> None:
    """The first lot of each draw's winner begins as SHA-256 says, and so many more took part."""
    lines = told(chat, "selection.draws")
    [cycle] = rows.all("select * from selection_cycle")
    seed = f"{sha256(cycle['frame'].encode()).hexdigest()}|{cycle['public_value']}"
    tickets = re.findall(r"\(([A-Z]+-\d+)\)\nLott ([0-9a-f]+)…, sannolikhet (\d+(?:/\d+)?)", "\n".join(lines))
    assert tickets
    for unit, begins, chance in tickets:
        lots = [sha256(f"{seed}|{draw}|{unit}|1".encode()).hexdigest() for draw in ("general", "risk")]
        assert any(one.startswith(begins) for one in lots), unit
        assert 0 <= Fraction(chance) <= 1


def test_the_protocol_denies_neither_the_adjustment_nor_the_lots_that_there_were(
    chat: Chat, rows: Rows
) -> None:
    with chat.database.transaction() as tx:
        [cycle] = selections.of_year(tx, 2026)
        protocol = protocol_of(tx, state_of(tx, cycle), MADE_AT, person_id=None)
    blocks = protocol_blocks(protocol, Words(SAY.say))
    written = [one.text for one in blocks if isinstance(one, Paragraph)]
    assert rows.one("select count(*) from selection_adjustment")
    assert SAY("selection.doc.no_adjustments") not in written
    assert SAY("selection.doc.no_candidates") not in written
    assert SAY("selection.doc.no_before", year=2025) in written


def test_the_ages_are_of_all_the_placements_of_the_frames_year(chat: Chat, rows: Rows) -> None:
    lines = told(chat, "selection.changes")
    [mix] = {
        tuple(map(int, re.findall(r": (\d+)", line)))
        for line in lines
        if line.startswith("Placeringar under 18 år")
    }
    assert sum(mix) == sum(one["placements"] for one in frame(rows))
    [(first, last)] = {
        tuple(re.findall(r"\d+ \w+ \d{4}", line))
        for line in lines
        if line.startswith("Utanför ramen, utan placering")
    } or {("2 oktober 2025", "1 oktober 2026")}
    assert (first, last) == ("2 oktober 2025", "1 oktober 2026")
