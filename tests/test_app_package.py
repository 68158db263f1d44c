"""The app package: taken by Microsoft's own schema, the same each time, and true of what the bot answers."""

import json
import shutil
import subprocess
import tomllib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image

from bot import VERSION
from bot.app_package.archive import contents
from bot.app_package.command_menu import ANSWERED_THERE, ROLES, in_own_chat, in_team
from bot.app_package.manifest import SCHEMA_VERSION, Publisher, localization, manifest, menus
from dialogs.commands.registered import COMMANDS, commands_in
from followup.access.access import ACCESS
from followup.people import Conversation, Role
from tests.test_commands import Shell, shell  # noqa: F401 - a fixture.
from texts.catalogue import LANGUAGES, Texts

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "node_modules/@microsoft/app-manifest/build/json-schemas/teams"
CHECKER = ROOT / "tests/support/check_schema.mjs"
APP = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
PUBLISHER = Publisher("Vikåsa kommun", *("https://vikasa.example/boten",) * 3)
WITH_TAB = replace(PUBLISHER, address="https://Uppfoljaren.vikasa.example")
REAL = {
    "APP_ID": APP,
    "APP_PASSWORD": "hemligt",
    "TENANT_ID": "7d2504e0-4f89-41d3-9a0c-0305e82c3301",
    "DATABASE_URL": "sqlite:///uppfoljaren.db",
    "KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "MUNICIPALITY": "Vikåsa kommun",
    "WEBSITE": "https://vikasa.example/boten",
}
with_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir() or shutil.which("node") is None, reason="needs Node and Microsoft's schemas from npm"
)


def faults(*documents: tuple[str, Any]) -> list[list[str]]:
    pairs = [{"schema": str(newest() / f"{name}.schema.json"), "document": one} for name, one in documents]
    ran = subprocess.run(
        ["node", CHECKER], input=json.dumps(pairs), capture_output=True, text=True, check=True, cwd=ROOT
    )
    found: list[list[str]] = json.loads(ran.stdout)
    return found


def newest() -> Path:
    numbered = [one for one in SCHEMAS.iterdir() if one.name.removeprefix("v").replace(".", "").isdigit()]
    return max(numbered, key=lambda one: [int(part) for part in one.name.removeprefix("v").split(".")])


@with_schemas
def test_the_newest_schema_that_is_published_takes_the_manifest_and_both_languages() -> None:
    assert newest().name == f"v{SCHEMA_VERSION}"
    documents = [("MicrosoftTeams", manifest(APP, VERSION, PUBLISHER))]
    documents += [("MicrosoftTeams.Localization", localization(one)) for one in LANGUAGES]
    documents += [("MicrosoftTeams", manifest(APP, VERSION, WITH_TAB))]
    documents += [("MicrosoftTeams.Localization", localization(one, tab=True)) for one in LANGUAGES]
    assert faults(*documents) == [[]] * 6


@with_schemas
@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "uppfoljaren"},
        {"manifestVersion": "1.29"},
        {"staticTabs": [{"entityId": "arbetsyta"}]},
        {"developer": {}},
    ],
)
def test_the_schema_would_say_what_is_wrong(wrong: dict[str, Any]) -> None:
    assert faults(("MicrosoftTeams", manifest(APP, VERSION, PUBLISHER) | wrong)) != [[]]


def test_nothing_is_asked_for_that_is_not_used() -> None:
    asked = {"permissions", "devicePermissions", "validDomains"}
    made = manifest(APP, VERSION, PUBLISHER)
    assert made.keys() & (asked | {"staticTabs", "configurableTabs", "composeExtensions"}) == set()
    assert made["bots"][0]["scopes"] == ["personal", "team"]


def test_the_workspace_is_the_first_tab_and_logs_in_by_the_bots_own_registration() -> None:
    """The identifier has the host in small letters, as Entra wants it, and the domain is ours alone."""
    made = manifest(APP, VERSION, WITH_TAB)
    first, chat = made["staticTabs"]
    assert (first["entityId"], first["name"], chat["entityId"]) == (
        "arbetsyta",
        "Arbetsytan",
        "conversations",
    )
    assert (
        first["contentUrl"]
        == "https://Uppfoljaren.vikasa.example/arbete?theme={app.theme}&sub={page.subPageId}"
    )
    assert made["webApplicationInfo"] == {
        "id": APP,
        "resource": f"api://uppfoljaren.vikasa.example/botid-{APP}",
    }
    assert made["validDomains"] == ["uppfoljaren.vikasa.example"]
    assert localization("en", tab=True)["staticTabs[0].name"] == "Workspace"
    assert "devicePermissions" not in made


@pytest.mark.parametrize("publisher", [PUBLISHER, WITH_TAB])
def test_one_permission_is_asked_for_to_be_told_what_is_read_in_ones_own_chat(publisher: Publisher) -> None:
    """By the bot's own registration, which Teams wants named beside any permission, tab or not."""
    made = manifest(APP, VERSION, publisher)
    only = {"name": "ChatMessageReadReceipt.Read.Chat", "type": "Application"}
    assert made["authorization"] == {"permissions": {"resourceSpecific": [only]}}
    assert made["webApplicationInfo"]["id"] == APP
    assert made["webApplicationInfo"]["resource"].startswith("api://")


def test_each_role_is_offered_the_first_of_its_own_commands_and_none_that_nobody_may_say() -> None:
    offered = [one.command for one in in_own_chat()]
    assert len(offered) == len(set(offered)) <= 12
    for role in ROLES:
        own = [one for one in COMMANDS if one.listed and ACCESS.allows(role, one.conversation)]
        assert set(own[:3]) <= {*offered, *(one for one in own if one.followed_by)}
    assert all(one.roles for one in in_own_chat())


def test_in_a_team_only_what_its_channel_answers_is_offered() -> None:
    assert {one.command.conversation for one in in_team()} <= ANSWERED_THERE
    assert Conversation.ALERTS in {one.command.conversation for one in in_team()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_offered_is_understood_as_that_command(language: str) -> None:
    say = Texts(language)
    for menu in menus().values():
        for one in menu:
            meant = commands_in(one.title(say))
            assert one.command in meant, one.title(say)
            assert all(
                len(said) <= most for said, most in ((one.title(say), 32), (one.description(say), 128))
            )


def test_a_command_of_some_roles_says_whose_it_is() -> None:
    said = {one.command.name: one.description(Texts("sv")) for one in in_own_chat()}
    assert said["my_tasks"].startswith("Socialsekreterare: ")
    assert said["unanswered"].startswith("Chef: ")
    assert said["provider"] == Texts("sv")("command.provider.does")


def test_the_manifest_says_what_its_own_languages_file_says() -> None:
    made, swedish = manifest(APP, VERSION, PUBLISHER), localization("sv")
    for number, menu in enumerate(made["bots"][0]["commandLists"]):
        for place, command in enumerate(menu["commands"]):
            where = f"bots[0].commandLists[{number}].commands[{place}]"
            assert command == {name: swedish[f"{where}.{name}"] for name in ("title", "description")}
    assert made["name"]["short"] == swedish["name.short"]
    assert localization("en").keys() == swedish.keys()


def test_no_role_is_named_that_a_municipality_lacks() -> None:
    assert set(ROLES) == set(Role) - {Role.ADMIN}


@pytest.mark.parametrize(("name", "side"), [("color.png", 192), ("outline.png", 32)])
def test_the_icons_are_as_large_as_teams_wants_them(name: str, side: int) -> None:
    icon = Image.open(BytesIO(contents(APP, VERSION, PUBLISHER)[name]))
    assert (icon.format, icon.size) == ("PNG", (side, side))


def test_the_outline_is_white_on_nothing_and_the_other_covers_its_square() -> None:
    files = contents(APP, VERSION, PUBLISHER)
    outline, colour = (
        Image.open(BytesIO(files[one])).convert("RGBA") for one in ("outline.png", "color.png")
    )
    shown = {pixel[:3] for _, pixel in outline.getcolors(4096) or [] if pixel[3]}  # type: ignore[index]
    assert shown == {(255, 255, 255)}
    assert outline.getchannel("A").getextrema() == (0, 255)
    assert colour.getchannel("A").getextrema() == (255, 255)


def test_the_version_is_the_programs_and_the_change_logs_newest() -> None:
    program = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    newest_entry = (ROOT / "CHANGELOG.md").read_text("utf-8").split("\n## ")[1].split()[0]
    assert program == newest_entry == VERSION


def real(monkeypatch: pytest.MonkeyPatch, **other: str) -> None:
    for name, value in {**REAL, **other}.items():
        monkeypatch.setenv(f"UPPFOLJAREN_{name}", value)


def test_the_command_writes_the_same_file_each_time(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    real(monkeypatch)
    for name in ("en.zip", "två.zip"):
        assert shell.run("package", "--out", shell.directory / name).exit_code == 0
    first, second = ((shell.directory / name).read_bytes() for name in ("en.zip", "två.zip"))
    assert first == second
    with ZipFile(BytesIO(first)) as archive:
        assert sorted(archive.namelist()) == [
            "color.png",
            "en.json",
            "manifest.json",
            "outline.png",
            "sv.json",
        ]
        made = json.loads(archive.read("manifest.json"))
    assert (made["id"], made["bots"][0]["botId"], made["developer"]["name"]) == (APP, APP, "Vikåsa kommun")


@pytest.mark.parametrize(
    ("settings", "words", "said"),
    [
        ({"APP_ID": "bot"}, [], ["APP_ID"]),
        ({"WEBSITE": ""}, [], ["WEBSITE"]),
        ({"WEBSITE": "http://vikasa.example"}, [], ["WEBSITE måste börja med https"]),
        ({"MUNICIPALITY": "x" * 33}, [], ["MUNICIPALITY"]),
        ({}, ["--version", "0.9.0"], ["0.9.0"]),
        ({}, ["--version", "1.0"], ["1.0"]),
        ({}, ["--out", "app.txt"], [".zip"]),
        ({}, ["--out", "finns/inte/app.zip"], [".zip"]),
        ({"APP_ID": "bot", "WEBSITE": ""}, ["--version", "x"], ["APP_ID", "WEBSITE", "tre tal"]),
    ],
)
def test_all_that_teams_would_not_take_is_said_at_once_and_nothing_is_written(
    shell: Shell,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    words: list[str],
    said: list[str],
) -> None:
    real(monkeypatch, **settings)
    ran = shell.run("package", "--out", shell.directory / "app.zip", *words)
    assert ran.exit_code == 2
    assert all(one in ran.output for one in said)
    assert list(shell.directory.glob("**/app*")) == []


def test_local_mode_has_no_app_to_upload(shell: Shell) -> None:  # noqa: F811
    ran = shell.run("package", "--out", shell.directory / "app.zip")
    assert ran.exit_code == 2
    assert "UPPFOLJAREN_APP_ID saknas" in ran.output
