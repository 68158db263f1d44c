"""Files brought into the register on a page: what is told is what happens, and nothing before it is confirmed."""

import re
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import registering
from bot import uploads as bot_uploads
from bot.registering import remember_columns
from documents.imports.reading import REASON
from services.register.uploads import LARGEST_MEBIBYTES, MEBIBYTE, MOST_FILES
from storage.engine.database import Transaction
from storage.engine.import_tables import upload, upload_file
from storage.engine.tables import access_log, access_log_record, placement
from storage.imports import uploads
from storage.imports.imports import STAGED
from storage.log import log_chain
from tests.support import builders
from tests.support.builders_register import NOW, Register, example, write_csv
from tests.support.edge import Edge, at_the_edge
from tests.support.tab import ADDRESS, Seen, Tab, entered
from texts.catalogue import Texts

SAY = Texts("sv")
NOVEMBER = "2026-11-23 12:00"


def children(numbers: Sequence[int]) -> list[dict[str, str]]:
    return [
        example("placeringar", {"Aktreferens": f"BU-{number:03}", "Alias": f"Barn {number}"})
        for number in numbers
    ]


@pytest.fixture
async def edge(register: Register) -> AsyncIterator[Edge]:
    """Five open placements, and an administrator."""
    register.write_people()
    for kind in ("utförare", "enheter"):
        register.write(kind)
    register.write("placeringar", *children(range(5)))
    register.put_in()
    with register.database.transaction() as tx:
        builders.Register(tx).person("alva", "admin")
        builders.Register(tx).person("axel", "admin")
        builders.Register(tx).person("vera")
    async with at_the_edge(register.database, NOVEMBER, sends=False, public_address=ADDRESS) as opened:
        yield opened


@pytest.fixture
async def alva(edge: Edge) -> AsyncIterator[Tab]:
    async with entered(edge, "alva") as tab:
        yield tab


async def handed_in(edge: Edge, alva: Tab, *paths: Path, complete: bool = False) -> str:
    """The address of what was found in the files, which the bot has read by then."""
    where = await sent(alva, {path.name: path.read_bytes() for path in paths}, complete=complete)
    assert edge.bot.uploads is not None
    await edge.bot.uploads.read_waiting()
    return where


async def sent(alva: Tab, files: Mapping[str, bytes], *, complete: bool = False) -> str:
    page = await alva.get("/import")
    done = await alva.post("/import", {**page.hidden, **({"complete": "1"} if complete else {})}, files=files)
    assert done.status == 303, done.words
    return done.headers["Location"].removeprefix("/arbete").partition("?")[0]


def numbers_of(seen: Seen, kind: str) -> list[int]:
    """New, changed, unchanged and ended rows of the kind, as the page says it."""
    row = seen.text.partition(f'role="rowheader">{kind}</th>')[2].partition("</tr>")[0]
    return [int(cell.partition("<")[0]) for cell in row.split(">") if cell[:1].isdigit()]


def open_cases(register: Register) -> list[str]:
    return [row["case_reference"] for row in register.rows(placement) if row["ends"] is None]


async def test_what_would_change_and_end_is_told_and_then_happens_by_the_number_that_is_typed(
    edge: Edge, alva: Tab, register: Register
) -> None:
    """`page.import.will_end`, `page.import.ends`: two of five are not in the files, and none is gone before."""
    path = register.write("placeringar", *children([0, 1, 2, 5]))
    before = register.sizes()
    where = await handed_in(edge, alva, path, complete=True)
    preview = await alva.get(where)
    assert numbers_of(preview, "Placeringar") == [1, 0, 3, 2]
    assert ("BU-003" in preview.words, "BU-004" in preview.words, "BU-001" in preview.words) == (
        True,
        True,
        False,
    )
    assert SAY("page.import.ends", n=2) in preview.words
    after, staged = register.sizes(), {table.name for table in STAGED} | {"register_import", "import_unit"}
    assert {name: after[name] for name in staged} == {name: before[name] for name in staged}
    asked = await alva.get(f"{where}/bekrafta")
    assert (SAY("page.import.will_end", n=2) in asked.words, "BU-" in asked.text) == (True, False)
    for typed in ("", "1", "tva"):
        wrong = await alva.post(f"{where}/bekrafta", {**asked.hidden, "ends": typed})
        assert (wrong.status, SAY("page.import.other_number", number=2) in wrong.words) == (422, True)
    assert len(open_cases(register)) == 5
    done = await alva.post(f"{where}/bekrafta", {**asked.hidden, "ends": "2"})
    assert (done.status, len(open_cases(register))) == (303, 5)
    assert edge.bot.uploads is not None
    await edge.bot.uploads.read_waiting()
    told = await alva.get(where)
    assert SAY("page.import.done") in told.words
    assert numbers_of(told, "Placeringar") == [1, 0, 3, 2]
    assert open_cases(register) == ["BU-000", "BU-001", "BU-002", "BU-005"]
    assert "BU-" not in told.text
    assert register.rows(upload_file) == []
    # A tab that shows what was found still: what has been brought in is not let be, and is told there.
    late = await alva.post(f"{where}/lat-bli", preview.hidden)
    assert late.headers["Location"] == f"/arbete{where}"
    assert SAY("page.import.done") in (await alva.get(where)).words


async def test_files_are_read_by_the_column_names_that_the_command_was_last_given(
    edge: Edge, alva: Tab, register: Register
) -> None:
    names = {"placements.case_reference": "Ärendenr", "placements.unit": "Placerad hos"}
    register.write("placeringar", *children([0]))
    assert SAY("page.import.own_columns", n=len(names)) not in (await alva.get("/import")).words
    remember_columns(register.database, names, NOW, "root")
    assert SAY("page.import.own_columns", n=len(names)) in (await alva.get("/import")).words
    called = {"Aktreferens": "Ärendenr", "Enhetskod": "Placerad hos"}
    rows = [{called.get(head, head): cell for head, cell in one.items()} for one in children(range(6))]
    where = await handed_in(edge, alva, write_csv(register.directory / "uttag.csv", rows))
    assert numbers_of(await alva.get(where), "Placeringar") == [1, 0, 5, 0]
    del rows[0]["Placerad hos"]
    where = await handed_in(edge, alva, write_csv(register.directory / "uttag.csv", rows[:1]))
    assert 'Kolumn">Placerad hos</td>' in (await alva.get(where)).text


async def test_every_problem_is_listed_by_file_row_and_column_and_nothing_is_brought_in(
    edge: Edge, alva: Tab, register: Register
) -> None:
    rows = children(range(3))
    rows[0]["Från"], rows[2]["Enhetskod"] = "i går", "FINNS-INTE"
    where = await handed_in(edge, alva, register.write("placeringar", *rows))
    preview = await alva.get(where)
    problems = [(one.file, one.row, one.column) for one in register.read().problems]
    assert len(problems) == 2
    assert SAY("page.import.problems", n=2) in preview.words
    for file, row, column in problems:
        assert f'role="rowheader">{file}</th>' in preview.text
        assert f'Rad">{row}</td>' in preview.text
        assert f'Kolumn">{column}</td>' in preview.text
    assert SAY("page.admin.uploads", n=1) in (await alva.get()).words
    left = await alva.post(f"{where}/lat-bli", preview.hidden)
    assert (left.status, register.rows(upload), register.rows(upload_file)) == (303, [], [])
    assert (await alva.get(where)).status == 404


async def test_the_rows_that_are_right_are_brought_in_without_the_others_which_are_fetched_with_why(
    edge: Edge, alva: Tab, register: Register
) -> None:
    """`page.import.skips`, `page.import.left_out`: as --skip-bad does it, and nothing ends by what is not whole."""
    rows = children(range(2, 9))
    rows[0]["Från"], rows[5]["Enhetskod"] = "i går", "FINNS-INTE"
    path = register.write("placeringar", *rows)
    where = await handed_in(edge, alva, path, complete=True)
    preview = await alva.get(where)
    assert SAY("page.import.wrong_some", n=2) in preview.words
    assert SAY("page.import.skips", n=2) in preview.words
    assert numbers_of(preview, "Placeringar") == [3, 0, 2, 0]
    assert ("/avvisade" in preview.text, SAY("page.import.ends", n=1) in preview.words) == (False, False)
    # BU-002 is in the file, in a row that is wrong.
    assert (
        "3 öppna placeringar finns inte bland raderna som går att läsa in, och lämnas öppna." in preview.words
    )
    asked = await alva.get(f"{where}/bekrafta")
    assert SAY("page.import.skips", n=2) in asked.words
    assert len(open_cases(register)) == 5
    done = await alva.post(f"{where}/bekrafta", asked.hidden)
    assert (done.status, len(open_cases(register))) == (303, 5)
    assert edge.bot.uploads is not None
    await edge.bot.uploads.read_waiting()
    told = await alva.get(where)
    assert SAY("page.import.left_out", n=2) in told.words
    assert numbers_of(told, "Placeringar") == [3, 0, 2, 0]
    assert open_cases(register) == [f"BU-{number:03}" for number in (0, 1, 2, 3, 4, 5, 6, 8)]
    await _fetched_with_why(edge, alva, where, told)


async def _fetched_with_why(edge: Edge, alva: Tab, where: str, told: Seen) -> None:
    """By a link that works once and for her alone, corrected and handed in again; and they are kept sealed."""
    [name] = re.findall(r'name="fil" value="([^"]+)"', told.text)
    async with entered(edge, "axel") as axel:
        hidden = (await axel.get("/import")).hidden
        assert (await axel.post(f"{where}/avvisade", {**hidden, "fil": name})).status == 404
    assert (await alva.post(f"{where}/avvisade", {**told.hidden, "fil": "annan.csv"})).status == 404
    offered = await alva.post(f"{where}/avvisade", {**told.hidden, "fil": name})
    [link] = re.findall(r'href="(/links/[^"]+)"', offered.text)
    fetched, again = await edge.get(link), await edge.get(link)
    assert (fetched.status, again.status) == (200, 410)
    header, *rejected = fetched.body.decode("utf-8-sig").splitlines()
    assert (header.rpartition(";")[2], len(rejected)) == (REASON, 2)
    assert all(one in rejected[at] for at, one in ((0, "i går"), (1, "FINNS-INTE")))
    corrected = fetched.body.decode("utf-8-sig").replace("i går", "2025-02-01").replace("FINNS-INTE", "E-01")
    page = await alva.get("/import")
    await alva.post("/import", page.hidden, files={name: corrected.encode("utf-8-sig")})
    assert edge.bot.uploads is not None
    await edge.bot.uploads.read_waiting()
    newest = re.findall(r'href="/arbete(/import/\d+)"', (await alva.get("/import")).text)[0]
    assert SAY("page.import.right") in (await alva.get(newest)).words


async def test_where_no_row_is_right_there_is_nothing_to_confirm(
    edge: Edge, alva: Tab, register: Register
) -> None:
    rows = children(range(2))
    for one in rows:
        one["Från"] = "i går"
    where = await handed_in(edge, alva, register.write("placeringar", *rows))
    preview = await alva.get(where)
    assert SAY("page.import.wrong", n=2) in preview.words
    assert (await alva.get(f"{where}/bekrafta")).status == 404
    gone = await alva.post(f"{where}/bekrafta", preview.hidden)
    assert (gone.status, len(open_cases(register))) == (303, 5)


async def test_files_are_sealed_hers_alone_bounded_and_gone_after_a_day(
    edge: Edge, alva: Tab, register: Register
) -> None:
    path = register.write("placeringar", *children([0, 7]))
    where = await handed_in(edge, alva, path, complete=True)
    [kept] = register.rows(upload_file)
    assert (b"BU-007" in kept["content"], b"placeringar" in kept["name"]) == (False, False)
    assert b"BU-001" not in register.rows(upload)[0]["told"]
    async with entered(edge, "axel") as axel:
        for address in (where, f"{where}/bekrafta"):
            assert (await axel.get(address)).status == 404
        hidden = (await axel.get("/import")).hidden
        assert (await axel.post(f"{where}/bekrafta", {**hidden, "ends": "4"})).status == 404
    async with entered(edge, "vera") as worker:
        assert (await worker.get("/import")).status == 404
        assert (await worker.post("/import", {}, files={"a.csv": b"x" * 300_000})).status == 413
    hidden = (await alva.get("/import")).hidden
    refused = {
        "page.import.no_files": {},
        "page.import.too_many": {f"{number}.csv": b"x" for number in range(MOST_FILES + 1)},
        "page.import.too_large": {"stor.csv": b"x" * (LARGEST_MEBIBYTES * MEBIBYTE + 1)},
        "page.import.same_name": {"a.csv": b"x", "mapp/A.csv": b"y"},
        "import.file.other_type": {"a.exe": b"x"},
    }
    for why, files in refused.items():
        said = await alva.post("/import", hidden, files=files)
        known = SAY(why, most=MOST_FILES, megabytes=LARGEST_MEBIBYTES)
        assert (said.status, known in said.words) == (422, True), why
    huge = await alva.post("/import", hidden, files={"stor.csv": b"x" * (LARGEST_MEBIBYTES + 1) * MEBIBYTE})
    assert (huge.status, huge.text) == (413, SAY("page.too_large"))
    with edge.database.transaction() as tx:
        log_chain.write_waiting(tx)
        seen = select(access_log_record.c.record_id).join(
            access_log, access_log.c.id == access_log_record.c.entry_id
        )
        looked = set(tx.connection.scalars(seen.where(access_log.c.subject.like("import:%"))))
        assert looked == set()
    await alva.get(where)
    with edge.database.transaction() as tx:
        log_chain.write_waiting(tx)
        assert len(set(tx.connection.scalars(seen.where(access_log.c.subject.like("import:%"))))) == 4
        now = edge.clock()
        gone = [uploads.forget_old(tx, now + timedelta(hours=hours), 9) for hours in (23, 25)]
        assert gone == [0, 1]


async def test_files_that_cannot_be_read_hold_up_no_others_and_are_told_of(
    edge: Edge,
    alva: Tab,
    register: Register,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    content = register.write("placeringar", *children([0])).read_bytes()
    first, second = [await sent(alva, {f"{name}.csv": content}) for name in ("a", "b")]
    unread = SAY("page.import.unreadable")
    assert edge.bot.uploads is not None
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(register.directory / "none"))
        await edge.bot.uploads.read_waiting()
    assert [unread in (await alva.get(where)).words for where in (first, second)] == [True, True]
    assert "could not be read" in caplog.text
    # Longer than a folder takes.
    third = await sent(alva, {f"{chr(0x1F431) * 90}.csv": content})
    await edge.bot.uploads.read_waiting()
    page = await alva.get(third)
    assert unread not in page.words
    monkeypatch.setattr(registering, "TRIES", 0)
    await alva.post(f"{third}/bekrafta", page.hidden)
    await edge.bot.uploads.read_waiting()
    assert SAY("cli.import.in_use") in (await alva.get(third)).words


async def test_how_far_files_have_been_looked_through_is_told_as_long_as_it_lasts(
    edge: Edge, alva: Tab, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, came = register.write("placeringar", *children(range(6))).read_bytes(), list[dict[str, object]]()
    first, second = [await sent(alva, {f"{name}.csv": content}) for name in ("a", "b")]
    come_to, of_others = uploads.come_to, SAY("page.import.ahead", n=1)

    def noted(tx: Transaction, number: int, how_far: Mapping[str, object]) -> None:
        come_to(tx, number, how_far)
        came.append(dict(how_far))

    monkeypatch.setattr(uploads, "come_to", noted)
    with edge.database.transaction() as tx:
        noted(tx, int(first.rpartition("/")[2]), {"step": "read", "done": 700, "of_all": 1200})
    shown = SAY("page.import.came.read", done=700, of_all=1200)
    assert [
        (shown in page, of_others in page)
        for page in [(await alva.get(one)).words for one in (first, second)]
    ] == [
        (True, False),
        (False, True),
    ]
    monkeypatch.setattr(bot_uploads, "TELL_FROM", 6)
    assert edge.bot.uploads is not None
    await edge.bot.uploads.read_waiting()
    assert came[1:] == [{"step": step, "done": 6, "of_all": 6} for step in ("read", "counted")] * 2
    assert SAY("page.import.right") in (await alva.get(first)).words


async def test_an_import_that_was_ended_in_the_middle_says_that_it_is_not_known_how_far_it_came(
    edge: Edge, alva: Tab, register: Register
) -> None:
    where = await handed_in(edge, alva, register.write("placeringar", *children([0])))
    with edge.database.transaction() as tx:
        uploads.begin(tx, int(where.rpartition("/")[2]), edge.clock())
    assert edge.bot.uploads is not None
    await edge.bot.uploads.read_waiting()
    assert SAY("page.import.now.reading") in (await alva.get(where)).words
    edge.clock.move_to(edge.clock() + timedelta(minutes=2))
    await edge.bot.uploads.read_waiting()
    assert SAY("page.import.now.interrupted") in (await alva.get(where)).words
    assert SAY("page.admin.uploads", n=1) in (await alva.get()).words
