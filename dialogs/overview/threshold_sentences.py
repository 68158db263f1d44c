"""What a change of the method's numbers is and would do, in sentences for the chat, the page and the commands."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from dialogs.card import Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from followup.risk.risk_config import RiskConfig
from followup.risk.risk_parameters import PARAMETERS, Changes
from followup.times.month import Month
from services.risk.shifts import MONTHS_BACK, Shift, Shifts
from services.risk.threshold import UnitsWith
from services.views.units import shown_band
from texts.catalogue import Texts

MOST_MONTHS = 6


def limits_sentence(name: str, say: Texts) -> str:
    """Between what the number may be."""
    one = PARAMETERS[name]
    kind = "threshold.between_whole" if one.whole else "threshold.between"
    return say(kind, lowest=one.lowest, highest=one.highest)


def changed_sentences(base: RiskConfig, changes: Changes, say: Texts) -> list[str]:
    return [
        say(
            "threshold.change",
            before=getattr(base, name),
            after=value,
            meaning=say(f"threshold.parameter.{name}"),
        )
        for name, value in changes.items()
    ]


def meaning_and_effect(name: str, say: Texts) -> str:
    """What the number is, and what raising and lowering it lead to."""
    return f"{say(f'threshold.parameter.{name}')}. {say(f'threshold.effect.{name}')}"


def reached_sentences(found: Sequence[UnitsWith], held: Decimal, say: Texts) -> list[str]:
    """One a value, the smallest first: how many units would be red and yellow today, and alerts beside what holds."""
    now = next(one for one in found if one.value == held)
    return [_reached(one, now, say) for one in sorted(found, key=lambda one: one.value)]


def _reached(one: UnitsWith, now: UnitsWith, say: Texts) -> str:
    key = "threshold.reached_held" if one is now else "threshold.reached"
    said = say(key, value=one.value, red=one.units.red, yellow=one.units.yellow)
    return said if one is now else f"{said} {_alerts(one.units.alerts - now.units.alerts, say)}"


def _alerts(more: int, say: Texts) -> str:
    if not more:
        return say("threshold.reached_same")
    return say("threshold.reached_more" if more > 0 else "threshold.reached_fewer", n=abs(more))


def counted_sentences(found: Shifts, say: Texts) -> list[str]:
    """How many units are red and yellow today, and how many alerts there have been, without the change and with it."""
    before, after = found.before, found.after
    return [
        say(
            "threshold.counts_today",
            red_before=before.red,
            red=after.red,
            yellow_before=before.yellow,
            yellow=after.yellow,
        ),
        say("threshold.counts_alerts", months=MONTHS_BACK, before=before.alerts, after=after.alerts),
    ]


def shift_parts(found: Shifts, say: Texts) -> list[Part]:
    today = [Text(sentence) for sentence in today_sentences(found, say)]
    past = past_sentences(found, say)
    return [
        *(Text(sentence) for sentence in counted_sentences(found, say)),
        Text(say("threshold.today"), "heading"),
        *(at_most(MOST_ROWS, today, "", say) or [Text(say("threshold.none_today", n=found.units), "good")]),
        Text(say("threshold.past"), "heading"),
        *(
            at_most(MOST_ROWS, [Text(one) for one in past], "", say)
            or [Text(say("threshold.none_past", n=found.month_ends), "good")]
        ),
    ]


def today_sentences(found: Shifts, say: Texts) -> list[str]:
    """One a unit, and whether it takes calm month ends before the level goes down to that."""
    return [f"{one.unit.name}: {shift_words(one, say)}{_later(one, say)}" for one in found.today]


def _later(one: Shift, say: Texts) -> str:
    return f" {say('threshold.later', readings=one.readings)}" if one.waits else ""


def shift_words(shift: Shift, say: Texts) -> str:
    """From one shown band to another, with their marks."""
    before, after = (say(f"band.mark.{shown_band(one)}") for one in (shift.before, shift.after))
    return f"{before} → {after}"


def past_sentences(found: Shifts, say: Texts) -> list[str]:
    """One a unit: at how many month ends it would have been shown otherwise, and the newest of them."""
    by_unit = groupby(sorted(found.past, key=lambda one: (one.unit.name, one.day)), lambda one: one.unit)
    return [_past(unit.name, list(shifts), say) for unit, shifts in by_unit]


def _past(unit: str, shifts: list[Shift], say: Texts) -> str:
    newest = [f"{say.write(Month.of(one.day))} {shift_words(one, say)}" for one in shifts[-MOST_MONTHS:]]
    said = "; ".join(newest) if len(shifts) <= MOST_MONTHS else f"… {'; '.join(newest)}"
    return say("threshold.past_unit", unit=unit, n=len(shifts), shifts=said)
