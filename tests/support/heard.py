"""Which texts of the catalogue stand in what was shown: read back from the words, with the values that fill them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from babel.messages.pofile import read_po

from texts.catalogue import catalogue_files

NUMBERS = frozenset({"n", "all", "answered", "percent"})
MONTHS, DAYS = frozenset({"month", "months"}), frozenset({"since", "until", "due"})
_WORDS = r"(?![▲◆●○✓⚠→↑↓·] ).+?"
_PLACE = re.compile(r"\{(\w+)\}")
# A sentence begins a line or stands after another, and ends likewise; a mark may stand before it.
_BEFORE, _AFTER = r"(?:^|(?<=[.!?:…] )|(?<=[▲◆●○✓⚠→↑↓·] ))", r"(?=$| )"


@dataclass(frozen=True)
class Heard:
    """A text that was said: its id, the values as they were written, and in which line of what."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    def number(self, name: str = "n") -> int:
        """A number as it was written; the form for one has it in words."""
        return int(self.values.get(name, "1"))


@cache
def forms(language: str = "sv") -> Mapping[str, tuple[str, ...]]:
    """Each text by its id, with its plural where it has one."""
    found: dict[str, tuple[str, ...]] = {}
    for path in catalogue_files(language):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    id_, text = message.id, message.string or ""
                    name = id_ if isinstance(id_, str) else id_[0]
                    found[name] = (text,) if isinstance(text, str) else tuple(text)
    return found


def _value(place: str) -> str:
    if place in NUMBERS:
        return r"\d+"
    if place in MONTHS:
        return r"\w+ \d{4}(?:–\w+ \d{4})?"
    return r"\d+ \w+ \d{4}(?: \d\d:\d\d)?" if place in DAYS else _WORDS


@cache
def _pattern(text: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = []
    for nth, part in enumerate(_PLACE.split(text)):
        if nth % 2 == 0:
            parts.append(re.escape(part).replace(r"\ ", "[ \u00a0]"))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>{_value(part)})")
    return re.compile(_BEFORE + "".join(parts) + _after(text[-1]))


def _after(last: str) -> str:
    """What is no whole sentence, or ends with a value, ends where the line does; a share may be one of many."""
    return _AFTER if last in ".!?" else "(?=[.,]|$)" if last == "%" else "$"


def heard(lines: Iterable[str], ids: Iterable[str]) -> Iterator[Heard]:
    """Those of the texts that stand in the lines, in the lines' order."""
    wanted = [(id_, _longest(text), _pattern(text)) for id_ in ids for text in forms()[id_]]
    for nth, line in enumerate(lines):
        for id_, part, pattern in wanted:
            if part in line:
                for found in pattern.finditer(line):
                    yield Heard(id_, found.groupdict(), nth)


@cache
def _longest(text: str) -> str:
    """What must stand in a line that says it, to look for first."""
    return max(_PLACE.split(text)[::2], key=len)
