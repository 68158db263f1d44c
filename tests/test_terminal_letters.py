"""The command line on a terminal that has no å."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def said(directory: Path, encoding: str, *command: str) -> "subprocess.CompletedProcess[bytes]":
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("UPPFOLJAREN_")},
        "PYTHONIOENCODING": encoding,
        "UPPFOLJAREN_VAR": str(directory),
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", *command], cwd=ROOT, env=environment, capture_output=True, check=False
    )


def test_help_is_read_in_the_nearest_letters_where_the_terminal_has_no_others(tmp_path: Path) -> None:
    helped = said(tmp_path, "ascii", "--help")
    assert (helped.returncode, helped.stderr) == (0, b"")
    assert "Uppfoljaren: fragar varje manad" in helped.stdout.decode("ascii")


@pytest.mark.parametrize(("encoding", "sentence"), [("ascii", "Ratta filen"), ("latin-1", "Rätta filen")])
def test_a_refusal_is_read_there_too(var: Path, encoding: str, sentence: str) -> None:
    refused = said(var, encoding, "import", str(var / "saknas.csv"))
    assert (refused.returncode, sentence in refused.stderr.decode(encoding)) == (1, True)


def test_json_stays_whole_on_any_terminal(var: Path) -> None:
    printed = {code: said(var, code, "round", "--json").stdout for code in ("ascii", "utf-8")}
    assert json.loads(printed["ascii"].decode("ascii")) == json.loads(printed["utf-8"].decode()) == []
