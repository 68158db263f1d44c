"""What people press in a year, by role: each tick, choice, day, text, button and typed sentence is one press."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bot.local.chats import ChatMessage
from bot.local.player import Player
from bot.local.stand_in import Notice
from bot.local.terminal import inputs_of
from tests.support.turns import SAY

# The keystroke-level model (Card, Moran and Newell, 1980): to make up one's mind, to point, to press, to type a sign.
MIND, POINT, PRESS, SIGN = 1.35, 1.1, 0.2, 0.28
# What is written: the rest is chosen, ticked or taken from a calendar.
WRITTEN = frozenset(
    {"text", "comment", "evidence", "reason", "decision_reason", "strengths", "improvements", "what"}
)
REPORTS = (SAY("list.send"), SAY("report.hand_in"))
OTHER_FORMS = (SAY("signal.hand_in"),)


@dataclass
class Tally:
    """`by_person` are all presses; a report's are those since the one before it, shared by those handed in at once."""

    by_person: Counter[str] = field(default_factory=Counter)
    presses: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    _since: dict[str, list[int]] = field(default_factory=dict)

    def press(self, key: str, number: int, signs: int) -> None:
        self.by_person[key] += number
        since = self._since.setdefault(key, [0, 0])
        since[0] += number
        since[1] += signs

    def handed_in(self, key: str, reports: int) -> None:
        presses, signs = self._since.pop(key)
        seconds = presses * (MIND + POINT + PRESS) + signs * SIGN
        self.presses += [presses / reports] * reports
        self.seconds += [seconds / reports] * reports

    def forget(self, key: str) -> None:
        """What led to something else is no part of a report."""
        self._since.pop(key, None)

    def rows(self, roles: Mapping[str, Sequence[str]], months: int) -> Iterator[str]:
        """A line of the table in docs/presses.md each role."""
        for role, people in roles.items():
            number = sum(self.by_person[one] for one in people)
            each = f"{number / len(people) / months:.1f}"
            report = self._report() if role == "worker" else ("–", "–", "–")
            yield f"| {' | '.join([role, str(len(people)), str(number), each, *report])} |"

    def _report(self) -> tuple[str, str, str]:
        return str(len(self.presses)), f"{median(self.presses):.1f}", f"{median(self.seconds):.0f}"


@dataclass
class CountedPlayer(Player):
    """A person whose presses are counted as they are made."""

    tally: Tally = field(default_factory=Tally)

    async def say(self, text: str) -> None:
        self.tally.press(self.key, 1, len(text))
        await super().say(text)

    async def press(
        self,
        title: str,
        typed: Mapping[str, str] | None = None,
        *,
        row: str = "",
        message: ChatMessage | None = None,
    ) -> Notice | None:
        changed = self._changed(message or self.newest(), typed or {})
        self.tally.press(
            self.key, 1 + len(changed), sum(len(changed[one]) for one in WRITTEN & changed.keys())
        )
        notice = await super().press(title, typed, row=row, message=message)
        if title in REPORTS:
            self.tally.handed_in(self.key, _ticked(changed) or 1)
        elif title in OTHER_FORMS:
            self.tally.forget(self.key)
        return notice

    def _changed(self, message: ChatMessage, typed: Mapping[str, str]) -> dict[str, str]:
        """What stands in the card already costs nothing."""
        assert message.card is not None
        shown = {one.id: one.value for one in inputs_of(message.card)}
        return {name: value for name, value in typed.items() if shown.get(name) != value}


def _ticked(names: Iterable[str]) -> int:
    return sum(one.startswith("normal") for one in names)
