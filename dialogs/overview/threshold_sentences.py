"""What a change of the method's numbers is and would do, in sentences for the chat, the page and the commands."""

from itertools import groupby

from dialogs.card import Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from followup.risk.risk_config import RiskConfig
from followup.risk.risk_parameters import PARAMETERS, Changes
from followup.times.month import Month
from services.risk.shifts import Shift, Shifts
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


def shift_parts(found: Shifts, say: Texts) -> list[Part]:
    today = [Text(sentence) for sentence in today_sentences(found, say)]
    past = past_sentences(found, say)
    return [
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
