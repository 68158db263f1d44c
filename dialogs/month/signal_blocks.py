"""The signals in the month's form: each shows what its kind asks, is taken away alone, and is added by its kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogs.card import Button, Deeds, ListRow, Part, Text
from dialogs.forms.form_fields import fields, of_prefix, with_prefix
from dialogs.turn import Press, Turn
from followup.signals.kind_form import AT_FIRST, of_kind
from followup.signals.signal import IN_REPORT
from followup.terms import SIGNAL_KINDS, SignalCode
from followup.wording.form import asked
from followup.wording.wording import Problem
from services.month.reporting import prefix
from services.views.month import ReportSeen
from texts.catalogue import Texts

# With more, what is typed in all of them would not fit in a card.
MOST_SIGNALS = 3


@dataclass(frozen=True)
class FilledSignals:
    """What stands in the form, with what is wrong in it, and how many signals it has room for."""

    typed: Mapping[str, str]
    problems: Sequence[Problem]
    number: int


def signal_parts(
    turn: Turn, seen: ReportSeen, filled: FilledSignals, data: Mapping[str, object]
) -> list[Part]:
    """Those that are told already, those that are filled in, and a row for each kind that may be added."""
    say, parts = turn.say, list[Part]()
    for signal in seen.signals:
        parts.append(Text(say("report.has_signal", number=signal.number), "subtle"))
    for block in range(1, filled.number + 1):
        parts += _block(turn, filled, block, data)
    if filled.number:
        parts.append(Text(say("report.more_signals"), "heading"))
    if filled.number == MOST_SIGNALS:
        parts.append(Text(say("report.most_signals", most=MOST_SIGNALS), "subtle"))
    if filled.number:
        parts.append(Text(say("signal.not_lex_sarah"), "warning"))
    return parts + _to_add(filled, data, say)


def _block(turn: Turn, filled: FilledSignals, block: int, data: Mapping[str, object]) -> list[Part]:
    """One signal with what its kind asks, and the button that takes it away."""
    say, named = turn.say, prefix(block)
    typed, own = with_prefix(named, filled.typed), of_prefix(named, filled.problems)
    questions = of_kind(asked(IN_REPORT, free_text=turn.municipality.free_text), typed)
    drop = Button(
        say("report.drop_signal", number=block), "drop_signal", {**data, "number": block}, takes_inputs=True
    )
    heading = Text(signal_heading(block, block, say), "heading")
    return [heading, *fields(questions, typed, own, say, "signal", named), Deeds((drop,))]


def _to_add(filled: FilledSignals, data: Mapping[str, object], say: Texts) -> list[ListRow]:
    if filled.number == MOST_SIGNALS:
        return []
    return [
        ListRow(
            say(f"choice.signal_kind.{kind}"),
            button=Button(say("report.add_signal"), "add_signal", {**data, "kind": kind}, takes_inputs=True),
        )
        for kind in SIGNAL_KINDS
    ]


def signal_heading(number: int, blocks: int, say: Texts) -> str:
    """Of the signal, and where so many are too few of what comes after them, or of the question about signals."""
    if number <= blocks:
        return say("report.signal_block", number=number)
    return say("report.more_signals") if blocks else say("section.signals")


def with_signal(typed: Mapping[str, str], blocks: int, kind: SignalCode | None) -> tuple[dict[str, str], int]:
    """What was typed with one signal more of the kind, and how many there are then; cards from before name no kind."""
    if blocks == MOST_SIGNALS:
        return {**typed, "signals": "some"}, blocks
    begun = {"kind": kind, **AT_FIRST} if kind else {}
    named = prefix(blocks + 1)
    return {**typed, "signals": "some", **{named + name: value for name, value in begun.items()}}, blocks + 1


def without_signal(typed: Mapping[str, str], blocks: int, number: int | None) -> tuple[dict[str, str], int]:
    """What was typed without that one of so many signals, and how many are left; those after it move up.

    Cards from before name none, and there the last was taken away.
    """
    here = range(1, blocks + 1)
    gone = number if number in here else blocks
    kept = [with_prefix(prefix(one), typed) for one in here if one != gone]
    among = tuple(map(prefix, here))
    rest = {name: value for name, value in typed.items() if not name.startswith(among)}
    for at, of_signal in enumerate(kept, 1):
        rest |= {prefix(at) + name: value for name, value in of_signal.items()}
    if not kept:
        rest.pop("signals", None)
    return rest, len(kept)


def number_of_signals(press: Press) -> int:
    """How many the form that was pressed has room for."""
    return min(press.number("blocks") or 0, MOST_SIGNALS)


def drawn_kinds(press: Press) -> list[str]:
    """The kinds that the form's signals were drawn for; cards from before have none, and show what all are asked."""
    found = press.data.get("kinds")
    return [str(one) if str(one) in SIGNAL_KINDS else "" for one in found] if isinstance(found, list) else []
