"""The README tells the truth: its demo output, its columns, its commands and its paths."""

import re
from pathlib import Path

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


def test_every_path_in_the_readme_is_there() -> None:
    outside = re.sub(r"<!-- demo -->.*?<!-- /demo -->", "", TEXT, flags=re.DOTALL)
    named = re.findall(
        r"`((?:followup|storage|services|texts|dialogs|documents|scheduler|bot|tests)/[\w./]+)`", outside
    )
    linked = re.findall(r"\]\((docs/[\w./-]+)\)", outside)
    assert [path for path in [*named, *linked] if not Path(ROOT, path).exists()] == []
