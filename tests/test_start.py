"""What a start loads: what the command needs, and what makes documents only when one is made."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from alembic.config import Config
from alembic.script import ScriptDirectory
from typer.main import get_command

from bench.processes import ROOT
from bot.clock import ManualClock
from bot.commands import SUBJECTS, command_line
from bot.loading import filled, kept_quick
from storage.engine import schema
from tests.support.builders import at
from texts.catalogue import LANGUAGES, messages

MAKES_DOCUMENTS = {"matplotlib", "openpyxl", "docx", "lxml", "typst", "PIL"}
READS_DOCUMENTS = {"bot.registering", "documents.imports.register", "documents.demo.municipality", "stdnum"}
# For a server's database, for what is withheld of figures, for a schema that is migrated, and for tests.
FOR_SOME = {
    *("psycopg", "sqlalchemy.dialects.postgresql"),
    *("scipy", "numpy", "alembic", "holidays", "hypothesis", "pytest"),
}
# For people who have an address to reach them by.
PAGES = {"bot.workspace.opening", "jinja2"}
SERVES = {
    *("aiohttp", "apscheduler", "botbuilder"),
    *("bot.app", "bot.charts", "bot.reporting"),
}
SERVED = """
import asyncio, json, sys
from fractions import Fraction
import bot.local.mode
from bot.app import assembled, working
from bot.clock import Clock
from bot.commands import command_line
from bot.loading import keep_in_large_pages_now
from bot.opening import open_database
from bot.settings import read_settings
from followup.risk.risk import probability_of_twice
from followup.risk.risk_config import FIRST_CONFIG

async def serve(settings):
    print(json.dumps(sorted(sys.modules)))
    database = open_database(settings, Clock()(), new=True)
    async with assembled(settings, database, Clock()) as (bot, _), working(bot):
        keep_in_large_pages_now()
        probability_of_twice(Fraction(2), Fraction(1), FIRST_CONFIG)
        print(json.dumps(sorted(sys.modules)))
    database.close()

command_line(Clock(), "serve")
asyncio.run(serve(read_settings(local=True)))
"""
COMMANDED = """
import json, sys
from bot.clock import Clock
from bot.commands import command_line

command_line(Clock(), "round")(["round", "--json"], standalone_mode=False)
print(json.dumps(sorted(sys.modules)))
"""


MAPPED = """\
561000100000-561000900000 rw-p 00000000 00:00 0                          [heap]
Size:               8192 kB
KernelPageSize:        4 kB
MMUPageSize:           4 kB
Rss:                8000 kB
7f0000000000-7f0000600000 rw-p 00000000 00:00 0
Size:               6144 kB
KernelPageSize:        4 kB
MMUPageSize:           4 kB
Rss:                3072 kB
7f0001000000-7f0001800000 rw-p 00000000 00:00 0
Size:               8192 kB
KernelPageSize:        4 kB
MMUPageSize:           4 kB
Rss:                 100 kB
7f0002100000-7f0002400000 rw-p 00000000 00:00 0
Size:               3072 kB
KernelPageSize:        4 kB
MMUPageSize:           4 kB
Rss:                3072 kB
7f0003000000-7f0003800000 rw-p 00031000 fe:00 260368                     /usr/lib/libpython3.11.so
Size:               8192 kB
KernelPageSize:        4 kB
MMUPageSize:           4 kB
Rss:                8192 kB
7f0004000000-7f0004800000 r-xp 00000000 00:00 0
Size:               8192 kB
KernelPageSize:        4 kB
MMUPageSize:           4 kB
Rss:                8192 kB
"""


def loaded(program: str) -> list[set[str]]:
    """What is, each time that the program tells it."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [set(json.loads(line)) for line in done.stdout.splitlines() if line.startswith('["')]


def test_a_bot_that_serves_and_scores_has_loaded_nothing_that_makes_or_reads_documents(var: Path) -> None:
    before, modules = loaded(SERVED)
    assert before & PAGES == set()
    assert modules & (MAKES_DOCUMENTS | READS_DOCUMENTS | FOR_SOME) == set()
    assert modules > SERVES | PAGES


def test_a_command_has_loaded_nothing_that_serves(var: Path) -> None:
    (modules,) = loaded(COMMANDED)
    assert modules & (MAKES_DOCUMENTS | FOR_SOME | SERVES) == set()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_subject_adds_the_commands_by_which_it_is_found(subject: str) -> None:
    clock, (first, *_) = ManualClock(at("2026-11-02 08:00")), SUBJECTS[subject]
    assert named(command_line(clock, first)) == sorted(SUBJECTS[subject])


def test_of_a_word_that_is_no_command_all_that_are_commands_is_told() -> None:
    clock = ManualClock(at("2026-11-02 08:00"))
    every = sorted(command for commands in SUBJECTS.values() for command in commands)
    assert [named(command_line(clock, word)) for word in (None, "--help", "servera")] == [every] * 3


def named(cli: typer.Typer) -> list[str]:
    return sorted(get_command(cli).commands)  # type: ignore[attr-defined]


def test_the_versions_are_those_that_the_migrations_lead_to() -> None:
    scripts = ScriptDirectory.from_config(_migrations())
    led_to = [script.revision for script in scripts.walk_revisions()]
    assert list(schema.versions()) == led_to[::-1]
    assert schema.newest() == scripts.get_current_head()


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "storage" / "migrations"))
    return config


def test_what_is_half_written_is_kept_in_large_pages_and_no_file_nor_a_threads_empty_stack() -> None:
    six, two = 6 << 20, 2 << 20
    assert list(filled(MAPPED)) == [(0x561000200000, six), (0x7F0000000000, six), (0x7F0002200000, two)]


def test_every_languages_texts_are_read_when_all_is_ready_and_not_when_one_is_first_answered_in() -> None:
    async def is_ready() -> None:
        keeping = asyncio.create_task(kept_quick())
        while messages.cache_info().currsize < len(LANGUAGES):
            await asyncio.sleep(0.01)
        keeping.cancel()

    messages.cache_clear()
    asyncio.run(asyncio.wait_for(is_ready(), 20))
