"""The README and the pages tell the truth: the demo, the columns, the commands and the paths."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.clock import Clock
from bot.commands import command_line
from bot.settings import Settings
from tests.support.readme_blocks import DOCS, README, block, columns, demo

ROOT = README.parent
TWIN = ROOT / "README.sv.md"
LARGEST_README = 8 * 1024
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md"))]


def test_the_demo_prints_what_its_page_shows() -> None:
    assert demo() == block("demo")


def test_the_columns_are_those_of_the_import() -> None:
    assert columns() == block("columns")


def test_the_readme_is_one_that_is_read_and_its_twin_says_as_much() -> None:
    assert all(page.stat().st_size <= LARGEST_README for page in (README, TWIN))
    assert _shape(README) == _shape(TWIN)


def test_every_command_stands_in_the_page_of_commands() -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    commands = get_command(command_line(Clock())).commands  # type: ignore[attr-defined]
    assert [name for name in commands if f"| `{name}" not in page] == []


def test_every_setting_that_is_named_is_one() -> None:
    named = {
        one for page in PAGES for one in re.findall(r"UPPFOLJAREN_([A-Z_]*[A-Z])\b", page.read_text("utf-8"))
    }
    assert sorted(named - {name.upper() for name in Settings.model_fields}) == []


def test_every_card_in_the_pictures_is_described() -> None:
    page = (ROOT / "docs" / "cards.md").read_text("utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(([\w-]+\.png)\)", page)
    assert sorted(name for _, name in shown) == sorted(path.name for path in (ROOT / "docs").glob("*.png"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_in_it_is_there(page: Path) -> None:
    text = re.sub(r"<!-- (\w+) -->.*?<!-- /\1 -->", "", page.read_text("utf-8"), flags=re.DOTALL)
    folders = "|".join(path.parent.name for path in sorted(ROOT.glob("*/__init__.py")))
    named = re.findall(rf"`((?:{folders})/[\w./]+)`", text)
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)", text)
    assert [one for one in named if not (ROOT / one).exists()] == []
    assert [one for one in linked if not (page.parent / one).exists()] == []


def _shape(page: Path) -> list[tuple[str, ...]]:
    """Each section's commands and links, which are the same in both languages but for the link to the other."""
    text = page.read_text("utf-8")
    sections = text.split("\n## ")
    commands = [tuple(re.findall(r"^    \S.*$", one, re.MULTILINE)) for one in sections]
    links = [tuple(sorted(re.findall(r"\]\(([^)]+)\)", one))) for one in sections[1:]]
    return [*commands, *links]
