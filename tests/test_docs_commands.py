"""Every command in the docs: the program's own are read by the program, the others name what is there."""

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
import pytest
import yaml
from typer.main import get_command

from bot.clock import Clock
from bot.commands import command_line
from bot.metrics import Metrics
from tests.support.readme_blocks import DOCS, README

ROOT = README.parent
# What is indented in the page about the house is a drawing.
PAGES = [*sorted(set(ROOT.glob("*.md")) - {ROOT / "ARCHITECTURE.md"}), *sorted(DOCS.glob("*.md"))]
# How the program is begun, on a developer's machine, on a server and in a container.
PROGRAM = re.compile(r"^(?:\S*python\S* -m bot|docker compose run (?:--\S+ (?:\"[^\"]+\" )?)*bot) +(?=[a-z])")
KNOWN = {
    *("apt-get", "chmod", "cp", "curl", "docker", "export", "install", "make", "npx", "rm", "systemctl"),
    *("systemd-run", "useradd", "ulimit", "UPPFOLJAREN_HOST", "-e"),
}
SERVICES = set(yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"])


def commands(page: Path) -> Iterator[str]:
    """Each indented or quoted line of a page that is a command; what the program prints is none."""
    text = re.sub(r"<!-- (\w+) -->.*?<!-- /\1 -->", "", page.read_text("utf-8"), flags=re.DOTALL)
    joined = re.sub(r"\\\n\s*", "", text)
    yield from re.findall(r"^(?: {4,}|\t)(\S.*)$", joined, re.MULTILINE)
    for quoted in re.findall(r"`([^`\n]+)`", joined):
        if "python -m " in quoted or quoted.split()[0] in {"make", "docker", "systemctl", "systemd-run"}:
            yield quoted


def everything() -> list[tuple[Path, str]]:
    return [(page, one) for page in PAGES for one in commands(page)]


def of_the_program() -> list[tuple[str, str]]:
    found = []
    for page, one in everything():
        inner = one.split("exec bot ")[-1] if "exec bot " in one else one.split("/opt/uppfoljaren .")[-1]
        if (begun := PROGRAM.match(inner)) and "…" not in inner:
            found.append((page.name, inner[begun.end() :]))
    return found


@pytest.mark.parametrize(("page", "words"), of_the_program())
def test_the_program_understands_each_of_its_commands(page: str, words: str) -> None:
    command: click.Command = get_command(command_line(Clock()))  # type: ignore[assignment]
    rest = [one for one in shlex.split(words.partition(" > ")[0]) if one != "&"]
    while isinstance(command, click.Group):
        assert rest, f"{page}: {words} is no whole command"
        assert rest[0] in command.commands, f"{page}: {words}"
        command, rest = command.commands[rest[0]], rest[1:]
    # A page may name a command without all that it needs; what it names must be right.
    with suppress(click.MissingParameter):
        command.make_context(words, rest)


def test_the_pages_tell_of_many_commands_of_the_program() -> None:
    assert len(of_the_program()) > 30


def test_every_other_command_is_of_a_program_that_is_known() -> None:
    strange = []
    for page, one in everything():
        first = one.split()[0].split("=")[0]
        if first not in KNOWN and not PROGRAM.match(one) and "python" not in first:
            strange.append((page.name, one))
    assert strange == []


def test_every_target_of_make_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {one.split()[1] for _, one in everything() if re.match(r"make [a-z]", one)}
    assert named
    assert named <= targets


def test_every_service_and_file_that_a_command_names_is_there() -> None:
    for _, one in everything():
        if one.startswith("docker compose"):
            named = re.search(r"(?:exec|run|stop|start)(?: -\S+(?: \"[^\"]+\")?)* (\w+)", one)
            assert named is None or named[1] in SERVICES, one
        for path in re.findall(r"(?<![\w/.])(deploy/\S+|requirements\S*\.lock)", one):
            made_by_hand = path.endswith(".env") or "/tls/" in path
            assert made_by_hand or (ROOT / path).exists(), one


def test_each_alert_rule_counts_what_is_measured_and_stands_in_the_page() -> None:
    rules = yaml.safe_load((ROOT / "deploy/alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    measured = {sample.name for one in Metrics().registry.collect() for sample in one.samples}
    measured |= {one.name for one in Metrics().registry.collect()}
    measured |= {f"{name}_total" for name in measured}
    told = re.findall(r"^\| `(Uppfoljaren\w+)`", (DOCS / "drift.md").read_text("utf-8"), re.MULTILINE)
    assert [rule["alert"] for rule in rules] == told
    for rule in rules:
        named = set(re.findall(r"uppfoljaren_\w+", rule["expr"]))
        assert named <= measured, rule
        assert named or rule["expr"].startswith("up{")


def test_each_fault_of_the_page_is_shown_by_a_test_that_is_there() -> None:
    page = (DOCS / "drift.md").read_text("utf-8")
    rows = page.partition("## Varje fel för sig")[2].partition("\n## ")[0].splitlines()
    faults = [row for row in rows if row.startswith("| ") and not row.startswith("| när")]
    there = "".join(file.read_text("utf-8") for file in (ROOT / "tests").glob("test_*.py"))
    assert len(faults) >= 14
    for row in faults:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        assert all(f"def {one}(" in there for one in named), row
