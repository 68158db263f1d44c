"""The draw repeated by somebody else: with sha256sum and sort as the document shows, and by the command."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.clock import ManualClock
from bot.commands import command_line
from followup.selection.adjustment import Adjustment, selected
from followup.selection.proposal_record import adjustment_data, chosen_data, proposal_data
from followup.selection.selection import propose
from followup.selection.selection_frame import canonical_frame
from tests.support.builders import at
from tests.support.selection_builders import EXAMPLE, EXAMPLE_HASH, VALUE

DOCUMENT = Path(__file__).parents[1] / "docs" / "selection.md"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder with the example's frame and protocol, and nothing else."""
    (tmp_path / "ram.json").write_bytes(canonical_frame(EXAMPLE).encode())
    write_protocol(tmp_path, protocol())
    return tmp_path


def protocol() -> dict[str, Any]:
    proposal = propose(EXAMPLE, VALUE)
    made = [Adjustment("D", "add", "Ny chef.", "Karin Test", at("2026-11-23"))]
    return {
        "frame_hash": proposal.frame_hash,
        "public_value": VALUE,
        "proposal": proposal_data(proposal),
        "adjustments": adjustment_data(made),
        "selected": chosen_data(selected(proposal, made)),
    }


def write_protocol(folder: Path, data: object) -> None:
    (folder / "protokoll.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def verified(folder: Path, *words: str, value: str = VALUE) -> Result:
    frame = str(folder / "ram.json")
    line = ["selection", "verify", "--frame", frame, "--public-value", value, *words]
    return CliRunner().invoke(command_line(ManualClock(at("2030-01-01"))), line)


def compared(folder: Path) -> Result:
    return verified(folder, "--protocol", str(folder / "protokoll.json"))


def in_document(mark: str, kind: str) -> str:
    found = re.search(rf"<!-- {mark} -->\n```{kind}\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found is not None, mark
    return found[1]


@pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("sha256sum")), reason="needs bash and sha256sum"
)
def test_the_documents_lines_in_bash_draw_the_examples_units(published: Path) -> None:
    script = ["bash", "-euc", in_document("sha256sum", "bash")]
    printed = subprocess.run(script, cwd=published, capture_output=True, text=True, check=True).stdout
    assert printed == in_document("drawn", "text")
    general, risk = propose(EXAMPLE, VALUE).draws
    lines = printed.splitlines()
    assert lines[0] == f"kontrollsumma {EXAMPLE_HASH}"
    in_order = [ticket.unit for draw in (general, risk) for ticket in draw.tickets]
    assert [line.split()[2] for line in lines if re.fullmatch(r"\d+ \w{64} \w", line)] == in_order


def test_verify_needs_no_database_and_gives_the_same_units(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(published)
    monkeypatch.setenv("UPPFOLJAREN_DATABASE_URL", "postgresql+psycopg://nowhere.invalid/none")
    result = compared(published)
    assert result.exit_code == 0, result.output
    assert EXAMPLE_HASH in result.output
    assert "Samma enheter, skäl, lotter och reserver" in result.output
    assert sorted(path.name for path in published.iterdir()) == ["protokoll.json", "ram.json"]


def test_verify_without_a_protocol_shows_the_selection(published: Path) -> None:
    result = verified(published, "--json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert {row["unit"]: row["reasons"] for row in data["units"]}["G"] == ["spot_general"]
    assert [draw["reserves"] for draw in data["draws"]] == [["D", "E"], ["D"]]


def test_a_value_with_blanks_around_it_is_the_same_value(published: Path) -> None:
    assert (
        verified(published, "--protocol", str(published / "protokoll.json"), value=f" {VALUE} ").exit_code
        == 0
    )


def test_another_value_is_told_with_both(published: Path) -> None:
    result = verified(published, "--protocol", str(published / "protokoll.json"), value="exempel-2")
    assert result.exit_code == 1
    assert "protokollet har exempel-1, här blir det exempel-2" in result.output


def change_frame(folder: Path) -> None:
    """D is said to have been followed up in 2025, so that it is not in the general draw."""
    data = json.loads((folder / "ram.json").read_text("utf-8"))
    data["rows"][3]["last"] = 2025
    (folder / "ram.json").write_text(json.dumps(data, sort_keys=True, separators=(",", ":")), "utf-8")


def test_a_frame_changed_after_publication_is_found(published: Path) -> None:
    change_frame(published)
    result = compared(published)
    assert result.exit_code == 1
    assert f"Ramens kontrollsumma stämmer inte: protokollet har {EXAMPLE_HASH}" in result.output


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param(
            lambda data: data["proposal"]["units"].pop(), "E väljs när dragningen upprepas", id="left out"
        ),
        pytest.param(
            lambda data: data["proposal"]["units"].append({"unit": "D", "reasons": ["red"]}),
            "D står i protokollet men väljs inte",
            id="put in",
        ),
        pytest.param(
            lambda data: data["proposal"]["units"][0]["reasons"].append("red"),
            "A har andra skäl",
            id="a reason more",
        ),
        pytest.param(
            lambda data: data["proposal"]["draws"][1]["tickets"][0].update(ticket="0" * 64),
            "Dragningarna med lotter",
            id="a ticket changed",
        ),
        pytest.param(
            lambda data: data["adjustments"][0].update(reason=" "),
            "någon saknar skäl",
            id="an adjustment without reason",
        ),
        pytest.param(
            lambda data: data["selected"].pop(),
            "Det slutliga urvalet efter justeringarna",
            id="the end result changed",
        ),
        pytest.param(lambda data: data.pop("proposal"), "inget förslag", id="no proposal"),
    ],
)
def test_a_protocol_that_says_something_else_is_found(published: Path, changed: Any, said: str) -> None:
    data = protocol()
    changed(data)
    write_protocol(published, data)
    result = compared(published)
    assert result.exit_code == 1
    assert said in result.output
    assert "Samma enheter" not in result.output


def test_a_frame_in_another_layout_has_the_same_hash_and_says_that_the_file_has_not(published: Path) -> None:
    data = json.loads((published / "ram.json").read_text("utf-8"))
    (published / "ram.json").write_text(json.dumps(data, indent=2), "utf-8")
    result = compared(published)
    assert result.exit_code == 0
    assert "inte skriven i kanonisk form" in result.output


@pytest.mark.parametrize(
    ("frame", "said"),
    [(b"{", "inte läsbar som JSON"), (b"\xff\xfe\x00", "går inte att läsa"), (b"[]", "exakt delarna")],
)
def test_a_file_that_is_no_frame_is_told_without_a_traceback(
    published: Path, frame: bytes, said: str
) -> None:
    (published / "ram.json").write_bytes(frame)
    result = verified(published)
    assert (result.exit_code, said in result.output) == (2, True)


def test_a_file_that_is_no_protocol_is_told(published: Path) -> None:
    write_protocol(published, [])
    result = compared(published)
    assert (result.exit_code, "är inget protokoll" in result.output) == (1, True)
