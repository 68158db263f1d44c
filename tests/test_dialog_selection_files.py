"""The selection's protocol fetched from chat: links that work once, for ten minutes, and are logged."""

import json
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import docx
import pytest

from dialogs.selection.selection_files import FILES
from documents.selection.selection_files import PARTS
from followup.selection.cycle import Cycle
from followup.selection.proposal_record import differences
from followup.selection.selection import propose
from followup.selection.selection_frame import hash_of, read_frame
from services.selection.selecting import Plan, draw, freeze
from storage.engine.database import Database
from tests.support.builders import at
from tests.support.logged_acts import acts
from tests.support.selection_builders import fill_town, somebody
from tests.support.stage import Stage, on_stage
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat
from tests.test_dialog_report_order import DOCX, addresses, fetch

NOW = at("2026-11-23 12:00")
VALUE = "4 8 15 16 23 42 7"


@pytest.fixture
def drawn(database: Database) -> Cycle:
    return with_an_extra_selection(database)


@told_once
def with_an_extra_selection(database: Database) -> Cycle:
    """An extra selection, with a name that no header can hold as it is."""
    with database.transaction() as tx:
        fill_town(tx)
        cycle = freeze(tx, Plan(2026, "Lotto 28 november", name="hösten"), somebody(tx), NOW)
        return draw(tx, cycle, VALUE, somebody(tx), NOW).cycle


async def links_of(stage: Stage) -> list[str]:
    karin = stage.player("karin")
    await karin.say("urval")
    await karin.press(SAY("selection.protocol"))
    return [stage.address + urlsplit(url).path for url in addresses(karin.card())]


async def test_the_three_files_carry_the_draw_to_anybody(
    database: Database, drawn: Cycle, tmp_path: Path
) -> None:
    async with on_stage(database, NOW, tmp_path / "chat.jsonl") as stage:
        links = await links_of(stage)
        assert len(set(links)) == len(FILES) == len(PARTS)
        assert set(FILES) == set(PARTS)
        document, data, frame = [await fetch(link) for link in links]
        assert {answer[0] for answer in (document, data, frame)} == {200}
        assert (document[1], data[1], frame[1]) == (DOCX, "application/json", "application/json")
        assert document[3] == "attachment; filename*=UTF-8''urval-2026-h%C3%B6sten.docx"
        assert drawn.frame_hash in "".join(
            cell.text
            for table in docx.Document(BytesIO(document[2])).tables
            for row in table.rows
            for cell in row.cells
        )
        assert hash_of(frame[2].decode()) == drawn.frame_hash
        assert differences(json.loads(data[2]), propose(read_frame(frame[2].decode()), VALUE)) == []


async def test_a_link_works_once_for_ten_minutes_and_is_logged(
    database: Database, drawn: Cycle, tmp_path: Path
) -> None:
    async with on_stage(database, NOW, tmp_path / "chat.jsonl") as stage:
        links = await links_of(stage)
        answers = [(await fetch(link))[0] for link in (links[0], links[0])]
        await stage.wake_at(at("2026-11-23 12:10"))
        answers.append((await fetch(links[1]))[0])
        assert answers == [200, 410, 410]
    with database.transaction() as tx:
        karin = somebody(tx).id
        assert [who for who, _, _ in acts(tx, "fetch")] == [karin]
        read = (karin, None, f"births:selection:{drawn.id}")
        # Once at the freeze, once for the file that was fetched.
        assert acts(tx, "read").count(read) == 2


async def test_a_tampered_frame_gives_the_reason_and_no_protocol(
    database: Database, drawn: Cycle, tmp_path: Path
) -> None:
    async with on_stage(database, NOW, tmp_path / "chat.jsonl") as stage:
        links = await links_of(stage)
        with database.transaction() as tx:
            tx.connection.exec_driver_sql("update selection_cycle set frame = replace(frame, 'EKEN', 'EKET')")
        status, kind, content, _ = await fetch(links[0])
        assert (status, kind) == (200, "text/plain")
        assert "har ändrats efter att den frystes" in content.decode()


def test_without_an_address_the_card_says_what_to_do(database: Database, drawn: Cycle) -> None:
    karin = Chat(database, NOW).client("karin")
    karin.say("urval")
    karin.press(SAY("selection.protocol"))
    assert 'python -m bot selection show --year 2026 --name "hösten" --out MAPP' in karin.words
    assert addresses(karin.card) == []


@pytest.mark.parametrize("key", ["anna", "maria"])
def test_nobody_else_is_offered_them(database: Database, drawn: Cycle, key: str) -> None:
    answer = Chat(database, NOW).client(key).forge("selection_protocol", {"cycle": drawn.id})
    assert (answer.card, answer.notice) == (None, SAY("refused.role"))
