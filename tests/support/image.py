"""`python -m tests.support.image`: builds the image and starts it as compose does, where something here can."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import yaml

from bot.settings import LOOPBACK, PORT
from storage.engine.vault import new_key
from tests.support.key_server import APP_ID, TENANT

ROOT = Path(__file__).parents[2]
BUILDERS = ("docker", "podman")
IMAGE = "uppfoljaren:tried"
NOBODY_BUILDS = "Ingen docker eller podman svarar här: bilden är inte byggd, bara dess regler är prövade."
SECONDS = 90


def builder() -> str | None:
    """The first that is here and answers; a command without its service does not."""
    return next((one for one in BUILDERS if _answers(one)), None)


def _answers(command: str) -> bool:
    try:
        return subprocess.run([command, "info"], capture_output=True, check=False, timeout=20).returncode == 0
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False


def run_options() -> list[str]:
    """As the bot's service in compose.yaml is held, with a database of its own in its own folder."""
    service = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["bot"]
    held = ["--read-only"] if service["read_only"] else []
    held += [f"--tmpfs={one}" for one in service["tmpfs"]]
    held += [f"--cap-drop={one}" for one in service["cap_drop"]]
    held += [f"--security-opt={one}" for one in service["security_opt"]]
    given = {"APP_ID": APP_ID, "APP_PASSWORD": "hemligt", "TENANT_ID": TENANT, "KEYS": new_key()}
    return held + [f"--env=UPPFOLJAREN_{name}={value}" for name, value in given.items()]


@contextmanager
def started(command: str) -> Iterator[str]:
    """The address of the image's bot, migrated first; gone with its folder afterwards."""
    options, volume = run_options(), "--volume=uppfoljaren-tried:/var/lib/uppfoljaren"
    subprocess.run([command, "run", "--rm", *options, volume, IMAGE, "migrate"], check=True)
    place = f"--publish={LOOPBACK}::{PORT}"
    run = [command, "run", "--detach", "--rm", *options, volume, place, IMAGE]
    name = subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()
    try:
        told = subprocess.run([command, "port", name, str(PORT)], check=True, capture_output=True, text=True)
        yield f"http://{told.stdout.split()[-1]}"
    finally:
        subprocess.run([command, "stop", name], check=True, capture_output=True)
        subprocess.run([command, "volume", "rm", "uppfoljaren-tried"], check=False, capture_output=True)


def wanting(address: str, seconds: float = SECONDS) -> set[str]:
    """What is not ready when it has been asked for so long; everything where nobody answered."""
    found, until = {"answer"}, time.monotonic() + seconds
    while found and time.monotonic() < until:
        try:
            with urlopen(f"{address}/ready", timeout=5) as answer:
                found = {name for name, good in json.load(answer).items() if not good}
        except (URLError, OSError):
            time.sleep(1)
    return found


def main() -> int:
    command = builder()
    if command is None:
        sys.stdout.write(f"{NOBODY_BUILDS}\n")
        return 0
    subprocess.run([command, "build", "--file", "Containerfile", "--tag", IMAGE, "."], cwd=ROOT, check=True)
    with started(command) as address:
        missing = wanting(address)
    sys.stdout.write(f"Bilden är byggd och startad. Inte klart: {', '.join(sorted(missing)) or 'inget'}.\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
