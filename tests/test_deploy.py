"""How it is run in a municipality: image, compose file, proxy and unit, as far as that is seen without a builder."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import aiohttp.web
import pytest
import yaml
from aiohttp.test_utils import TestServer

from bot.connector import LONGEST_CALL
from bot.listening import bound, port_of
from bot.settings import LOOPBACK, PORT, Settings
from bot.web import LARGEST_BODY
from storage.engine.vault import new_key
from tests.support import image
from tests.support.builders import at
from tests.support.containerfile import copied, environment, health_command, instructions, of_last_stage
from tests.support.key_server import APP_ID, TENANT, key_server

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
CADDYFILE = ROOT / "deploy/Caddyfile"
UNIT = ROOT / "deploy/uppfoljaren.service"
EXAMPLE = ROOT / "deploy/uppfoljaren.env.example"
HADOLINT = Path(sys.executable).with_name("hadolint")
MOST_TRIES = 200


def test_the_linter_has_nothing_against_the_image() -> None:
    ran = subprocess.run([HADOLINT, ROOT / "Containerfile"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_only_what_the_lock_file_names_with_its_hash_is_installed() -> None:
    installs = [one.words for one in instructions() if one.name == "RUN" and "install --" in one.words]
    assert all("--require-hashes -r /tmp/requirements.lock" in one for one in installs if "pip" in one)
    assert not any("apt" in one.words or "curl" in one.words for one in instructions())


def test_the_image_is_nobody_on_the_machine_and_says_whether_it_is_alive() -> None:
    user, group = of_last_stage("USER")[-1].split(":")
    assert int(user) > 1000 and int(group) > 1000
    assert of_last_stage("HEALTHCHECK")
    assert of_last_stage("ENTRYPOINT") == ['["python", "-m", "bot"]']
    assert of_last_stage("EXPOSE") == [str(PORT)]


def test_no_registry_is_named_but_by_the_images_own_names() -> None:
    images = [one.words.split()[0] for one in instructions() if one.name == "FROM"]
    images += [service["image"] for service in SERVICES.values()]
    assert images
    assert [one for one in images if "/" in one] == []


def test_the_image_has_every_package_of_the_program_and_no_test() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert set(copied()) == packages
    let_in = {
        line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")
    }
    assert let_in == packages | {"requirements.lock", "package.json", "package-lock.json", ".npmrc"}


def test_a_start_compiles_nothing_where_it_may_write_nothing() -> None:
    """Python's image has its own library without what is compiled."""
    own_library = "os.path.dirname(os.__file__)"
    (compiled,) = [words for words in of_last_stage("RUN") if "compileall" in words]
    assert compiled.startswith("/opt/venv/bin/python -m compileall -q . ") and own_library in compiled
    assert environment()["PYTHONDONTWRITEBYTECODE"] == "1" and "PYTHONDONTWRITEBYTECODE=1" in UNIT.read_text()
    assert "-m compileall -q" in (ROOT / "docs/drift.md").read_text("utf-8")


async def test_what_the_image_has_is_enough_to_be_ready_and_nothing_of_it_is_written_to(
    var: Path, tmp_path: Path
) -> None:
    image = tmp_path / "image"
    for name in copied():
        # With what is compiled, which the image is without: its program may write none, and would each start.
        shutil.copytree(ROOT / name, image / name)
    before = sorted(image.rglob("*"))
    async with key_server(lambda: at("2026-11-28 09:00")) as server:
        settings = _settings(var, f"{server.url}/keys")
        migrated = await _program(image, settings, "migrate")
        assert await migrated.wait() == 0
        serving = await _program(image, settings, "serve")
        assert await _becomes_ready(settings) == set()
        serving.send_signal(signal.SIGTERM)
        assert await serving.wait() == 0
    assert sorted(image.rglob("*")) == before


def _settings(var: Path, keys_url: str) -> dict[str, str]:
    given = {
        "VAR": var,
        "APP_ID": APP_ID,
        "APP_PASSWORD": "hemligt",
        "TENANT_ID": TENANT,
        "KEYS": new_key(),
        "DATABASE_URL": f"sqlite:///{var}/uppfoljaren.db",
        "HOST": LOOPBACK,
        "PORT": _free_port(),
        "METRICS_PORT": 0,
        "KEYS_URL": keys_url,
    }
    ours = {f"UPPFOLJAREN_{name}": str(value) for name, value in given.items()}
    return {**environment(), **ours, "PATH": os.environ["PATH"]}


def _free_port() -> int:
    with bound(LOOPBACK, 0) as place:
        return port_of(place)


async def _program(image: Path, settings: Mapping[str, str], command: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", command), cwd=image, env=settings, stdout=asyncio.subprocess.DEVNULL
    )


async def _becomes_ready(settings: Mapping[str, str]) -> set[str]:
    """What is still wanting when it has been asked for long, first by the image's own command."""
    wanting = {"health"}
    for _ in range(MOST_TRIES):
        asked = await asyncio.create_subprocess_exec(
            sys.executable, *health_command()[1:], env=settings, stderr=asyncio.subprocess.DEVNULL
        )
        if await asked.wait() == 0:
            wanting = await _wanting(settings["UPPFOLJAREN_PORT"])
        if not wanting:
            break
    return wanting


async def _wanting(port: str) -> set[str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{LOOPBACK}:{port}/ready") as answer:
        return {name for name, good in (await answer.json()).items() if not good}


def test_the_health_command_says_no_where_nobody_answers() -> None:
    ran = subprocess.run(
        [sys.executable, *health_command()[1:]],
        env={"UPPFOLJAREN_PORT": str(_free_port())},
        capture_output=True,
        check=False,
    )
    assert ran.returncode != 0


@pytest.mark.parametrize("name", ["bot", "migrate"])
def test_what_runs_the_program_may_change_nothing_but_its_own_folder(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [volume.partition(":")[2] for volume in service["volumes"]] == [environment()["UPPFOLJAREN_VAR"]]


def test_only_the_proxy_is_reached_from_outside_and_the_database_by_nobody() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["db"]["networks"] == ["back"]
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert "back" not in SERVICES["proxy"]["networks"]


def test_the_bot_believes_the_proxys_network_and_waits_for_the_database_to_be_migrated() -> None:
    (network,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    assert SERVICES["bot"]["environment"]["UPPFOLJAREN_PROXIES"] == network["subnet"]
    assert SERVICES["bot"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["command"] == ["migrate"]


def test_all_that_is_set_for_the_program_is_a_setting_and_starts_it() -> None:
    example = dict(
        line.split("=", 1) for line in EXAMPLE.read_text("utf-8").splitlines() if line[:1] not in "#"
    )
    named = {*example, *SERVICES["bot"]["environment"], *environment()}
    ours = {name.removeprefix("UPPFOLJAREN_").lower() for name in named if name.startswith("UPPFOLJAREN_")}
    assert ours <= set(Settings.model_fields)
    needed = {"app_id", "app_password", "tenant_id", "keys", "database_url"}
    assert needed <= ours


def test_whoever_stops_it_waits_until_what_is_on_its_way_has_been_sent() -> None:
    in_compose = int(SERVICES["bot"]["stop_grace_period"].removesuffix("s"))
    in_unit = int(_unit("TimeoutStopSec"))
    assert LONGEST_CALL < in_compose == in_unit


def _unit(name: str) -> str:
    (found,) = re.findall(rf"^{name}=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)
    return str(found)


def test_the_unit_is_not_root_writes_to_its_own_folder_and_migrates_first() -> None:
    assert _unit("User") == "uppfoljaren"
    assert (_unit("ProtectSystem"), _unit("NoNewPrivileges")) == ("strict", "yes")
    assert f"/var/lib/{_unit('StateDirectory')}" == environment()["UPPFOLJAREN_VAR"]
    assert _unit("ExecStartPre").endswith("-m bot migrate")
    assert int(_unit("LimitNOFILE")) >= 1024


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_every_line_of_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    # Here the program is not where it is installed.
    unit.write_text(re.sub(r"/opt/uppfoljaren/\S+python", "/bin/true", UNIT.read_text("utf-8")))
    ran = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("caddy") is None, reason="needs caddy")
def test_the_proxy_does_what_the_page_about_it_demands(tmp_path: Path) -> None:
    env = {"SITE": "uppfoljaren.example", "HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    ran = subprocess.run(
        ["caddy", "adapt", "--config", CADDYFILE], capture_output=True, text=True, check=True, env=env
    )
    made = json.loads(ran.stdout)
    (server,) = made["apps"]["http"]["servers"].values()
    assert server["listen"] == [":443"]
    assert (server["read_timeout"], server["read_header_timeout"]) == (15 * 10**9, 15 * 10**9)
    passed_on = _routes(server)
    assert passed_on[0]["match"] == [{"path": ["/api/messages", "/links/*", "/arbete", "/arbete/*"]}]
    handlers = {one["handler"]: one for one in passed_on[0]["handle"][0]["routes"][0]["handle"]}
    assert handlers["request_body"]["max_size"] == LARGEST_BODY
    assert handlers["reverse_proxy"]["upstreams"] == [{"dial": f"bot:{PORT}"}]
    assert passed_on[1]["handle"][0]["routes"][0]["handle"][0]["status_code"] == 404


def _routes(server: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server["routes"][0]["handle"][0]["routes"]
    return found


# A builder that takes every order and writes it down, and whose image answers at the address that it tells.
FAKE_BUILDER = """#!/bin/sh
echo "$@" >> "{log}"
case "$1" in port) echo "127.0.0.1:{port}";; run) echo a1b2;; esac
"""


async def test_where_something_builds_the_image_is_built_migrated_started_as_in_compose_and_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ready(_: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.json_response({"database": True, "keys": answers.pop()})

    answers, log, fake = [True, False], tmp_path / "orders", tmp_path / "docker"
    app = aiohttp.web.Application()
    app.router.add_get("/ready", ready)
    async with TestServer(app, host=LOOPBACK) as server:
        fake.write_text(FAKE_BUILDER.format(log=log, port=server.port), "utf-8")
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        assert await asyncio.to_thread(image.main) == 0
    assert answers == []
    orders = [one.split() for one in log.read_text("utf-8").splitlines()]
    assert [one[0] for one in orders] == ["info", "build", "run", "run", "port", "stop", "volume"]
    migrate, serve = orders[2], orders[3]
    assert (migrate[-1], serve[-1]) == ("migrate", image.IMAGE)
    for held in ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges:true"):
        assert held in migrate and held in serve


def test_where_nothing_builds_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert image.main() == 0
    assert capsys.readouterr().out == f"{image.NOBODY_BUILDS}\n"
