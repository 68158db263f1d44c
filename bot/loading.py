"""What is done once about what has been loaded, so that no transaction is long for that."""

import asyncio
import ctypes
import gc
import re
from collections.abc import Iterator
from pathlib import Path

from storage.engine.database import Transaction
from storage.engine.prepared import compile_all
from texts.catalogue import LANGUAGES, messages

_MAPPED = Path("/proc/self/smaps")
# Memory of our own alone: its first and its last address, its kilobytes, and how many of them have been written.
_OWN = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0(?: +\[heap\]| *)\n"
    r"Size: +(\d+) kB\n(?:\w+PageSize: .*\n)*Rss: +(\d+) kB$",
    re.MULTILINE,
)
LARGE_PAGE = 2 << 20
EACH_SECONDS = 60.0
# As Linux calls it, from 6.1 on; Python has no name for it.
_COLLAPSE = 25


def made_quick(tx: Transaction) -> None:
    """Before the bot looks for what is due."""
    compile_all(tx.connection)


def looked_through_no_more() -> None:
    """What has been loaded by now stays, so that it need not be looked through again and again for what can go."""
    gc.collect()
    gc.freeze()


async def kept_quick() -> None:
    """When all is ready, until it is cancelled."""
    await asyncio.to_thread(read_every_language)
    await keep_in_large_pages()


def read_every_language() -> None:
    """Else whoever presses first in one of them would hold the writer for as long as its texts take to read.

    What is typed is held against the words of all of them, so each is read by then in any municipality.
    """
    for language in LANGUAGES:
        messages(language)


async def keep_in_large_pages() -> None:
    """Until it is cancelled: what has been loaded now, and each minute what has come since."""
    while True:
        await asyncio.to_thread(keep_in_large_pages_now)
        await asyncio.sleep(EACH_SECONDS)


def keep_in_large_pages_now() -> None:
    """In pages of two megabytes, all of which the processor knows where to find.

    Nothing is another for it but that: where Linux cannot, or has no room, the small pages stay.
    """
    if not _MAPPED.exists():
        return
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for begins, length in filled(_MAPPED.read_text("ascii", "replace")):
        madvise(begins, length, _COLLAPSE)


def filled(mapped: str) -> Iterator[tuple[int, int]]:
    """Where large pages fit into what is at least half written, and how many bytes; a thread's stack is mostly not."""
    for begins, ends, size, written in _OWN.findall(mapped):
        first = -(-int(begins, 16) // LARGE_PAGE) * LARGE_PAGE
        length = int(ends, 16) // LARGE_PAGE * LARGE_PAGE - first
        if length > 0 and 2 * int(written) >= int(size):
            yield first, length
