"""The quality team's thresholds: the method's numbers, what a change would do, and adopting it from a day on."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from dialogs.card import Button, Card, Facts, Field, Part, Text
from dialogs.forms.form_fields import by_field, fields, problem_banner
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn
from followup.people import Conversation
from followup.risk.risk_config import RiskConfig
from followup.risk.risk_parameters import GROUPS, PARAMETERS, Changes, read_changes
from followup.times.month import Month
from followup.wording.wording import Problem, wording
from services.acting import Refused
from services.risk.shifts import Shift, Shifts
from services.risk.threshold import (
    VALID_FROM,
    WHY,
    Preview,
    base_config,
    config_numbered,
    earliest_start,
    number_of,
    preview_for,
)
from services.risk.threshold import adopt as adopt_changes
from services.views.units import shown_band
from texts.catalogue import Texts

MOST_MONTHS = 6


def threshold(turn: Turn) -> Reply:
    """`tröskel` lists the numbers; `tröskel red_p 0,45` shows what the change would do."""
    words = [] if turn.said.press else turn.said.rest.split()
    if not words:
        return Reply(card=_list_card(turn, {}, []))
    changes, problems = read_changes(words, base_config(turn.tx))
    if problems:
        return Reply(card=_list_card(turn, {"changes": " ".join(words)}, problems))
    return _preview(turn, changes, {}, [])


def _list_card(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say, config = turn.say, base_config(turn.tx)
    wrong = by_field(problems, say).get("changes", "")
    parts: list[Part] = [
        Text(say("threshold.title"), "title"),
        Text(
            say("threshold.in_force", version=config.id, day=config.valid_from, who=config.decided_by),
            "subtle",
        ),
        *problem_banner(problems, say),
        Field("changes", "line", say("threshold.changes"), typed.get("changes", ""), problem=wrong),
    ]
    for group in GROUPS:
        parts.append(Text(say(f"threshold.group.{group}"), "heading"))
        parts.append(Facts(parameter_rows(config, group, say)))
    send = Button(say("threshold.preview"), "preview_threshold", takes_inputs=True)
    return Card(say("threshold.title"), tuple(parts), (send,))


def parameter_rows(config: RiskConfig, group: str, say: Texts) -> tuple[tuple[str, str], ...]:
    """Each of the group's names with its value, and what it means."""
    return tuple(
        (f"{name} {say.write(getattr(config, name))}", say(f"threshold.parameter.{name}"))
        for name, one in PARAMETERS.items()
        if one.group == group
    )


def preview(turn: Turn) -> Reply:
    typed = turn.press.inputs.get("changes", "")
    changes, problems = read_changes(typed.split(), base_config(turn.tx))
    if not changes and not problems:
        problems = [Problem("changes", wording("threshold.nothing"))]
    if problems:
        return Reply(card=_list_card(turn, {"changes": typed}, problems))
    return _preview(turn, changes, {}, [])


def _preview(turn: Turn, changes: Changes, typed: Mapping[str, str], problems: Sequence[Problem]) -> Reply:
    found = preview_for(turn.acting, changes)
    if isinstance(found, Refused):
        return Reply(notice=turn.say("refused.role"))
    return Reply(card=_preview_card(turn, found, typed, problems))


def _preview_card(turn: Turn, found: Preview, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say, changes = turn.say, found.changes
    start = earliest_start(turn.tx, turn.now).isoformat()
    parts: list[Part] = [
        Text(say("threshold.preview_title"), "title"),
        *problem_banner(problems, say),
        *(Text(sentence) for sentence in changed_sentences(found.base, changes, say)),
        *shift_parts(found, say),
        Text(say("threshold.adopt_heading"), "heading"),
        Text(say("threshold.adopt_means", who=turn.person.name)),
        *fields([VALID_FROM, WHY], {"valid_from": start, **typed}, problems, say, "threshold"),
    ]
    written = [[name, str(value)] for name, value in changes.items()]
    data = {"changes": written, "base": number_of(found.base)}
    adopt_it = Button(say("threshold.adopt"), "adopt_threshold", data, takes_inputs=True)
    back = Button(say("threshold.back"), "threshold")
    return Card(say("threshold.title"), tuple(parts), (adopt_it, back))


def changed_sentences(base: RiskConfig, changes: Changes, say: Texts) -> list[str]:
    return [
        say(
            "threshold.change",
            name=name,
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


def adopt(turn: Turn) -> Reply:
    """From the day on; refused when another change has been adopted since what was previewed."""
    base, say = base_config(turn.tx), turn.say
    changes, problems = read_changes(_carried(turn), base)
    if problems or not changes:
        return Reply(
            notice=" ".join(map(say.say, [one.what for one in problems] or [wording("threshold.nothing")]))
        )
    typed = turn.press.inputs
    config = adopt_changes(turn.acting, changes, typed, turn.press.number("base") or 0)
    if isinstance(config, Refused):
        return _preview(turn, changes, typed, config.problems)
    sentences = [Text(sentence) for sentence in changed_sentences(base, changes, say)]
    return Reply(
        card=_adopted(config, sentences, say), effect=Stored("threshold", {"number": number_of(config)})
    )


def _adopted(config: RiskConfig, sentences: Sequence[Part], say: Texts) -> Card:
    said = say("threshold.adopted", version=config.id, day=config.valid_from, who=config.decided_by)
    parts = (Text(say("threshold.adopted_title"), "title"), Text(said, "good"), *sentences)
    return Card(say("threshold.title"), parts, (Button(say("threshold.back"), "threshold"),))


def told_again(turn: Turn, number: int) -> Reply:
    """Which version was adopted, from when and by whom."""
    return Reply(card=_adopted(config_numbered(turn.tx, number), [], turn.say))


def _carried(turn: Turn) -> list[str]:
    """The changes that the card carries, as words."""
    carried = turn.press.data.get("changes")
    pairs = carried if isinstance(carried, list) else []
    return [str(word) for pair in pairs if isinstance(pair, list) for word in pair]


OFFERED = (
    Command("threshold", Conversation.THRESHOLD, ("tröskel", "troskel", "threshold"), threshold),
    Verb("threshold", Conversation.THRESHOLD, threshold),
    Verb("preview_threshold", Conversation.THRESHOLD, preview),
    Verb("adopt_threshold", Conversation.THRESHOLD, adopt),
)
