"""The README and the architecture page tell the truth: the demo, the columns, the commands and the paths."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.clock import Clock
from bot.commands import command_line
from tests.support.readme_blocks import README, block, columns, demo

ROOT = README.parent
TEXT = README.read_text("utf-8")


def test_the_demo_prints_what_the_readme_shows() -> None:
    assert demo() == block("demo")


def test_the_columns_are_those_of_the_import() -> None:
    assert columns() == block("columns")


def test_every_command_stands_in_the_readme() -> None:
    commands = get_command(command_line(Clock())).commands  # type: ignore[attr-defined]
    assert all(f"| `{name}" in TEXT for name in commands)


def test_every_card_in_the_pictures_is_described() -> None:
    page = (ROOT / "docs" / "cards.md").read_text("utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(([\w-]+\.png)\)", page)
    assert sorted(name for _, name in shown) == sorted(path.name for path in (ROOT / "docs").glob("*.png"))


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md"])
def test_every_path_in_it_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    outside = re.sub(r"<!-- demo -->.*?<!-- /demo -->", "", text, flags=re.DOTALL)
    folders = "|".join(path.parent.name for path in sorted(ROOT.glob("*/__init__.py")))
    named = re.findall(rf"`((?:{folders})/[\w./]+)`", outside)
    linked = re.findall(r"\]\((docs/[\w./-]+|[\w./-]+\.md)\)", outside)
    assert named or linked
    assert [path for path in [*named, *linked] if not Path(ROOT, path).exists()] == []
