"""`python -m bot selection` from freezing to the locked protocol, run as a person runs it."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from docx import Document

from bot.opening import open_database
from bot.settings import Settings, read_settings
from tests.support.selection_builders import fill_town
from tests.test_commands import NOW, Shell

FREEZE = ("selection", "freeze", "--public-value-name", "Lottos första rad 28 november", "--by", "karin")
DRAW = ("selection", "draw", "--public-value", "4 8 15 16 23 42 7", "--by", "karin")
LOCK = ("selection", "lock", "--by", "karin")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, var: Path) -> Shell:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"UPPFOLJAREN_{name.upper()}", raising=False)
    monkeypatch.setenv("UPPFOLJAREN_VAR", str(var))
    monkeypatch.chdir(tmp_path)
    database = open_database(read_settings(local=True), NOW, new=True)
    with database.transaction() as tx:
        fill_town(tx)
    database.close()
    return Shell(tmp_path)


def done(shell: Shell, *words: object) -> str:
    result = shell.run(*words)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_frames_file_has_the_published_hash(town: Shell) -> None:
    data = town.shows(*FREEZE, "--out", "ram.json")
    assert sha256(Path("ram.json").read_bytes()).hexdigest() == data["frame_hash"]
    assert (data["state"], data["public_value"], data["units"]) == ("frozen", None, 6)
    assert (data["dormant"], data["own"]) == (["VILAR"], ["EGET"])


def test_from_freezing_to_the_locked_protocol_that_verifies(town: Shell) -> None:
    done(town, *FREEZE, "--out", "ram.json")
    assert "störst andel av placeringarna" in done(town, *DRAW)
    done(town, "selection", "adjust", "remove", "ASPEN", "--reason", "Enheten har stängt.", "--by", "karin")
    done(town, *LOCK)
    printed = done(town, "selection", "show", "--out", "ut")
    assert "Urvalet är låst." in printed
    assert "Ta bort ASPEN: Enheten har stängt." in printed
    assert Path("ut/urval-2026-ram.json").read_bytes() == Path("ram.json").read_bytes()
    compared = ("--protocol", "ut/urval-2026.json", "--public-value", "4 8 15 16 23 42 7")
    assert "Samma enheter" in done(town, "selection", "verify", "--frame", "ram.json", *compared)


def test_the_protocol_has_all_that_somebody_must_be_able_to_check(town: Shell) -> None:
    # Nobody has reported in this town, and no place is left for that.
    done(town, *FREEZE, "--n-risk", "0")
    done(town, *DRAW)
    done(town, "selection", "adjust", "add", "VILAR", "--reason", "Öppnar igen.", "--by", "kim")
    done(town, *LOCK, "--json")
    data = town.shows("selection", "show", "--out", "ut")
    assert json.loads(Path("ut/urval-2026.json").read_text("utf-8")) == data
    assert data["proposal"]["seed"] == f"{data['frame_hash']}|4 8 15 16 23 42 7"
    assert data["adjustments"][0] | {"at": ""} == {
        "unit": "VILAR",
        "act": "add",
        "reason": "Öppnar igen.",
        "by": "Kim Test",
        "at": "",
    }
    assert data["locked"]["by"] == "Karin Test"
    words = in_word(Path("ut/urval-2026.docx"))
    tickets = [one["ticket"] for draw in data["proposal"]["draws"] for one in draw["tickets"]]
    assert tickets
    for said in (
        data["frame_hash"],
        data["proposal"]["seed"],
        *tickets,
        "Öppnar igen.",
        "Kim Test",
        "Hemmet Vilar",
    ):
        assert said in words
    assert "färre än 3" in words


def in_word(path: Path) -> str:
    """Everything that stands in the document, tables too."""
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize(
    ("before", "words", "said"),
    [
        ((FREEZE,), FREEZE, "är redan fryst"),
        ((FREEZE, DRAW), (*DRAW[:3], "en annan rad", *DRAW[4:]), "dras inte om"),
        ((), DRAW, "är inte fryst"),
        ((FREEZE,), LOCK, "inte draget än"),
        ((FREEZE, DRAW, LOCK), LOCK, "ändras inte mer"),
        ((FREEZE, DRAW), (*LOCK[:3], "maria"), "hör inte till kvalitetsteamet"),
        ((FREEZE, DRAW), (*LOCK[:3], "okänd"), "Ingen person har signaturen okänd"),
        (
            (FREEZE, DRAW),
            ("selection", "adjust", "remove", "ASPEN", "--reason", "", "--by", "karin"),
            "Skäl saknas",
        ),
    ],
)
def test_what_is_refused_ends_with_words_and_changes_nothing(
    town: Shell, before: tuple[tuple[str, ...], ...], words: tuple[str, ...], said: str
) -> None:
    for step in before:
        done(town, *step)
    shown = town.run("selection", "show", "--json").output
    result = town.run(*words)
    assert (result.exit_code, said in result.output) == (1, True), result.output
    assert town.run("selection", "show", "--json").output == shown


def test_a_tampered_frame_is_refused_by_every_step(town: Shell) -> None:
    done(town, *FREEZE)
    town.tamper("update selection_cycle set frame = replace(frame, '\"placements\":6', '\"placements\":1')")
    for words in (DRAW, ("selection", "show")):
        result = town.run(*words)
        assert result.exit_code == 1
        assert "har ändrats efter att den frystes" in result.output


def test_a_frame_is_not_frozen_when_its_file_is_there_already(town: Shell) -> None:
    Path("ram.json").write_text("viktigt", "utf-8")
    result = town.run(*FREEZE, "--out", "ram.json")
    assert (result.exit_code, "finns redan" in result.output) == (2, True)
    assert Path("ram.json").read_text("utf-8") == "viktigt"
    assert town.run("selection", "show").exit_code == 1


def test_an_extra_selection_has_a_name_and_files_of_its_own(town: Shell) -> None:
    done(town, *FREEZE)
    extra = ("--name", "Hösten: HVB/akut")
    done(town, *FREEZE, *extra)
    printed = done(town, "selection", "show", "--out", "ut", *extra)
    assert "urvalet ”Hösten: HVB/akut” för 2026" in printed
    assert sorted(path.name for path in Path("ut").iterdir()) == [
        "urval-2026-hösten-hvb-akut-ram.json",
        "urval-2026-hösten-hvb-akut.docx",
        "urval-2026-hösten-hvb-akut.json",
    ]


def test_the_protocol_is_not_written_over_a_file(town: Shell) -> None:
    done(town, *FREEZE)
    Path("ut").write_text("viktigt", "utf-8")
    result = town.run("selection", "show", "--out", "ut")
    assert (result.exit_code, "är ingen katalog" in result.output) == (2, True)


def test_adjusting_takes_add_or_remove(town: Shell) -> None:
    result = town.run("selection", "adjust", "byt", "ASPEN", "--reason", "Skäl.", "--by", "karin")
    assert (result.exit_code, "add, remove" in result.output) == (2, True)
