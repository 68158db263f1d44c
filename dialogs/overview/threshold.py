"""The quality team's thresholds: choosing one, its new value, what the changes would do, and adopting them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from dialogs.card import Button, Card, Choice, Facts, Field, Part, Text
from dialogs.forms.form_fields import by_field, fields, problem_banner
from dialogs.forms.verbs import Command, Verb
from dialogs.overview.threshold_sentences import (
    changed_sentences,
    limits_sentence,
    meaning_and_effect,
    reached_sentences,
    shift_parts,
)
from dialogs.turn import Press, Reply, Stored, Turn
from followup.access.municipality import Municipality
from followup.people import Conversation
from followup.risk.risk_config import RiskConfig
from followup.risk.risk_parameters import (
    GROUPS,
    HELD,
    PARAMETERS,
    Changes,
    read_changes,
    stepped,
    typed_number,
)
from followup.wording.wording import Problem, wording
from services.acting import Refused
from services.risk.threshold import (
    VALID_FROM,
    WHY,
    Preview,
    base_config,
    config_numbered,
    earliest_start,
    number_of,
    preview_for,
    reached_with,
    read_adoption,
)
from services.risk.threshold import adopt as adopt_changes
from services.risk.threshold import preview as try_out
from storage.engine.database import Transaction
from texts.catalogue import Texts


def threshold(turn: Turn) -> Reply:
    """Lists the numbers to choose from; a name and a number typed after it are tried at once."""
    words = _carried(turn.press) if turn.said.press else turn.said.rest.split()
    changes, problems = read_changes(words, base_config(turn.tx))
    if turn.said.press or problems or not changes:
        wrong = next((one.casefold() for one in words if problems and one.casefold() in PARAMETERS), "")
        return Reply(card=_list_card(turn, changes, problems, wrong))
    return _preview(turn, changes, {}, [])


def _list_card(turn: Turn, changes: Changes, problems: Sequence[Problem], chosen: str = "") -> Card:
    """All numbers, which of them to change, and what has been changed so far without being adopted."""
    say, config = turn.say, base_config(turn.tx)
    wrong = " ".join(by_field(problems, say).values())
    parts: list[Part] = [
        Text(say("threshold.title"), "title"),
        Text(
            say("threshold.in_force", version=config.id, day=config.valid_from, who=config.decided_by),
            "subtle",
        ),
        *problem_banner(problems, say),
        *_collected(config, changes, say),
        Field("name", "choice", say("threshold.which"), chosen, _choices(say), problem=wrong, compact=True),
    ]
    for group in GROUPS:
        parts += [Text(say(f"threshold.group.{group}"), "heading"), Facts(_rows(config, group, say))]
    buttons = [Button(say("threshold.choose"), "choose_threshold", takes_inputs=True)]
    if changes:
        buttons.append(Button(say("threshold.preview"), "preview_threshold"))
        buttons.append(Button(say("threshold.restart"), "threshold", {"changes": []}))
    return Card(say("threshold.title"), tuple(parts), tuple(buttons), {"changes": _written(changes)})


def _collected(config: RiskConfig, changes: Changes, say: Texts) -> list[Part]:
    heading = [Text(say("threshold.collected"), "heading")] if changes else []
    return [*heading, *(Text(one) for one in changed_sentences(config, changes, say))]


def _choices(say: Texts) -> tuple[Choice, ...]:
    return tuple(
        Choice(one.name, f"{say(f'threshold.group.{group}')}: {say(f'threshold.parameter.{one.name}')}")
        for group in GROUPS
        for one in PARAMETERS.values()
        if one.group == group
    )


def _rows(config: RiskConfig, group: str, say: Texts) -> tuple[tuple[str, str], ...]:
    """What each of the group's numbers is now, and what it does."""
    return tuple(
        (say.write(getattr(config, name)), meaning_and_effect(name, say))
        for name, one in PARAMETERS.items()
        if one.group == group
    )


def choose(turn: Turn) -> Reply:
    """The new value is asked for, beside what holds and between what it may be."""
    changes, problems = read_changes(_carried(turn.press), base_config(turn.tx))
    name = turn.press.inputs.get("name", "")
    if name not in PARAMETERS:
        missing = Problem("name", wording("form.missing"))
        return Reply(card=_list_card(turn, changes, [*problems, missing]))
    return Reply(card=_value_card(turn, name, changes, "", problems))


def _value_card(turn: Turn, name: str, changes: Changes, typed: str, problems: Sequence[Problem]) -> Card:
    say, base = turn.say, base_config(turn.tx)
    value = typed or say.write(changes.get(name, getattr(base, name)))
    wrong = " ".join(by_field(problems, say).values())
    others = {other: number for other, number in changes.items() if other != name}
    parts: list[Part] = [
        Text(say(f"threshold.parameter.{name}"), "title"),
        *problem_banner(problems, say),
        Text(say("threshold.holds", value=getattr(base, name))),
        Text(say(f"threshold.effect.{name}")),
        *_reached_parts(turn, name),
        *_collected(base, others, say),
        Field("value", "line", say("threshold.value"), value, problem=wrong, hint=limits_sentence(name, say)),
    ]
    buttons = (
        Button(say("threshold.preview"), "preview_threshold", {"name": name}, takes_inputs=True),
        # Who has typed nothing new leaves this one as it was tried before.
        Button(say("threshold.another"), "threshold", {"changes": _written(others if typed else changes)}),
    )
    return Card(say("threshold.title"), tuple(parts), buttons, {"changes": _written(others)})


def _reached_parts(turn: Turn, name: str) -> list[Part]:
    """One step down and one up, where it may be that beside the other numbers, and what holds."""
    say, base = turn.say, base_config(turn.tx)
    held = Decimal(str(getattr(base, name)))
    steps = {*stepped(name, held)[HELD - 1 : HELD + 2]} - {held}
    values = [held, *(one for one in steps if not read_changes([name, str(one)], base)[1])]
    sentences = reached_sentences(reached_with(turn.tx, name, values, turn.now), held, say)
    return [*map(Text, sentences), Text(say("threshold.reached_how"), "subtle")]


def preview(turn: Turn) -> Reply:
    """Of all that has been changed so far; a number that is set back to what holds is no change any more."""
    base, words = base_config(turn.tx), _carried(turn.press)
    name, typed = str(turn.press.data.get("name", "")), turn.press.inputs.get("value", "")
    if name in PARAMETERS and not (words and typed_number(typed) == getattr(base, name)):
        words += [name, typed.replace(" ", "")]
    changes, problems = read_changes(words, base)
    if problems and name in PARAMETERS:
        return Reply(card=_value_card(turn, name, changes, typed, problems))
    if not changes and not problems:
        problems = [Problem("name", wording("threshold.nothing"))]
    if problems:
        return Reply(card=_list_card(turn, changes, problems))
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
    data = {"changes": _written(changes), "base": number_of(found.base)}
    adopt_it = Button(say("threshold.adopt"), "adopt_threshold", data, takes_inputs=True)
    another = Button(say("threshold.another"), "threshold", {"changes": _written(changes)})
    back = Button(say("threshold.restart"), "threshold")
    return Card(say("threshold.title"), tuple(parts), (adopt_it, another, back))


def adopt(turn: Turn) -> Reply:
    """From the day on; refused when another change has been adopted since what was previewed."""
    base, say = base_config(turn.tx), turn.say
    changes, problems = read_changes(_carried(turn.press), base)
    if problems or not changes:
        return Reply(
            notice=" ".join(map(say.say, [one.what for one in problems] or [wording("threshold.nothing")]))
        )
    typed = turn.press.inputs
    config = adopt_changes(turn.acting, changes, typed, turn.press.number("base") or 0)
    if isinstance(config, Refused):
        if isinstance(turn.ready, Preview):
            return Reply(card=_preview_card(turn, turn.ready, typed, config.problems))
        return Reply(notice=" ".join(say.say(one.what) for one in config.problems) or say("refused.role"))
    sentences = [Text(sentence) for sentence in changed_sentences(base, changes, say)]
    return Reply(
        card=_adopted(config, sentences, say), effect=Stored("threshold", {"number": number_of(config)})
    )


def prepare(
    tx: Transaction, press: Press, now: datetime, _municipality: Municipality
) -> Callable[[], object] | None:
    """What is shown again where a change cannot be adopted as it was typed; nothing where it can."""
    base = base_config(tx)
    changes, problems = read_changes(_carried(press), base)
    if problems or not changes:
        return None
    if number_of(base) == press.number("base") and not read_adoption(tx, press.inputs, now)[1]:
        return None
    found = try_out(tx, changes, now)
    return lambda: found


def _adopted(config: RiskConfig, sentences: Sequence[Part], say: Texts) -> Card:
    said = say("threshold.adopted", version=config.id, day=config.valid_from, who=config.decided_by)
    parts = (Text(say("threshold.adopted_title"), "title"), Text(said, "good"), *sentences)
    return Card(say("threshold.title"), parts, (Button(say("threshold.back"), "threshold"),))


def told_again(turn: Turn, number: int) -> Reply:
    """Which version was adopted, from when and by whom."""
    return Reply(card=_adopted(config_numbered(turn.tx, number), [], turn.say))


def _written(changes: Changes) -> list[list[str]]:
    return [[name, str(value)] for name, value in changes.items()]


def _carried(press: Press) -> list[str]:
    """The changes that the card carries, as words."""
    carried = press.data.get("changes")
    pairs = carried if isinstance(carried, list) else []
    return [str(word) for pair in pairs if isinstance(pair, list) for word in pair]


OFFERED = (
    Command("threshold", Conversation.THRESHOLD, ("tröskel", "troskel", "threshold"), threshold),
    Verb("threshold", Conversation.THRESHOLD, threshold),
    Verb("choose_threshold", Conversation.THRESHOLD, choose),
    Verb("preview_threshold", Conversation.THRESHOLD, preview),
    Verb("adopt_threshold", Conversation.THRESHOLD, adopt),
)
