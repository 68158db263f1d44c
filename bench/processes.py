"""Child processes: started with a port, waited for, measured and ended."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
_TICK = os.sysconf("SC_CLK_TCK")


class ChildDiedError(Exception):
    """A child did not start, or ended before its time; the message says which, and its last words."""


@dataclass(frozen=True)
class Child:
    """A server on loopback."""

    name: str
    url: str
    pid: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def workplace() -> Iterator[Path]:
    """A directory on the project's own disk: /tmp may be in memory, where a durable commit costs nothing."""
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as directory:
        yield Path(directory)


@contextmanager
def running(
    name: str, command: list[str], given: Mapping[str, object], log: Path, **environment: str
) -> Iterator[Child]:
    """The command with a port and what it is given, as soon as the port answers; ended on the way out."""
    port = free_port()
    with (log / f"{name}.log").open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            [*command, str(port), json.dumps(given)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )
    try:
        _wait_for(name, process, port, log)
        yield Child(name, f"http://{LOOPBACK}:{port}", process.pid)
    finally:
        end(process)


def module(name: str, python: str = sys.executable) -> list[str]:
    return [python, "-m", name]


def _wait_for(name: str, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    words = (log / f"{name}.log").read_text(encoding="utf-8")[-2000:]
    raise ChildDiedError(f"{name}: {words}")


def end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def until_stopped() -> None:
    stopped = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    await stopped.wait()


def cpu_seconds(pid: int) -> float:
    """User and system time of the process and its children, dead and alive."""
    # What stands before the last bracket is the program's name, which may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    own = sum(int(field) for field in fields[11:15]) / _TICK
    return own + sum(cpu_seconds(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text(encoding="utf-8").split()
    ]
