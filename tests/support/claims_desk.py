"""What is claimed of alerts, signals and the selection, and that a thing is not there or that nothing was stored."""

import re
from datetime import date

from dialogs.commands.registered import commands_in
from tests.support.card_count import in_words
from tests.support.claims import claims
from tests.support.heard import Heard, forms
from tests.support.told import Told, day_of


@claims("alerts.none")
def _no_alert_is_open(told: Told, said: Heard) -> bool:
    return told.then.open_alerts() == []


@claims("risk.counting")
def _a_unit_is_yet_to_be_scored(told: Told, said: Heard) -> bool:
    of_import = (
        "select i.unit_id from import_unit i join register_import r on r.id = i.import_id "
        "where i.scored_at is null and r.state = 'valid'"
    )
    return told.then.rows(f"select unit_id from left_to_score union {of_import}") != []


def _alert_above(told: Told, line: int) -> dict[str, object]:
    for before in reversed(told.lines[: line + 1]):
        if found := re.search(r"\bL-(\d+)\b", before):
            [one] = told.then.rows("select * from alert where id = :id", id=int(found[1]))
            return one
    raise LookupError(told.lines[line])


@claims("alert.nobody")
def _nobody_has_the_alert(told: Told, said: Heard) -> bool:
    one = _alert_above(told, said.line)
    return one["owner_id"] is None and one["closed_at"] is None


@claims("alert.owned")
def _she_has_the_alert(told: Told, said: Heard) -> bool:
    owner = _alert_above(told, said.line)["owner_id"]
    return isinstance(owner, int) and told.then.people[owner]["name"] == said.values["name"]


@claims("alert.repeated")
def _nobody_had_taken_it(told: Told, said: Heard) -> bool:
    return _alert_above(told, said.line)["taken_at"] is None


@claims("alert.closed", "alert.closed_by_method")
def _the_alert_is_closed(told: Told, said: Heard) -> bool:
    one = _alert_above(told, said.line)
    by_person = said.id == "alert.closed"
    return one["closed_at"] is not None and (one["closed_by"] is not None) is by_person


@claims("alert.earlier_method", "alerts.earlier_method")
def _an_earlier_method_raised_it(told: Told, said: Heard) -> bool:
    number = _alert_above(told, said.line)["score_id"]
    return [
        one["method"] for one in told.then.rows("select method from score where id = :id", id=number)
    ] == ["risk-1"]


@claims("desk.no_decision")
def _no_decision_is_recorded(told: Told, said: Heard) -> bool:
    number = _alert_above(told, said.line)["id"]
    return told.then.rows("select id from alert_decision where alert_id = :id", id=number) == []


@claims("desk.no_colleague")
def _there_is_no_colleague(told: Told, said: Heard) -> bool:
    return not any(
        one["active"] and one["role"] == "quality" and one["id"] != told.person_id
        for one in told.then.people.values()
    )


@claims("alert.nobody_to_ask")
def _nobody_handed_the_signal_in(told: Told, said: Heard) -> bool:
    """Nobody here, and nobody answers for the child."""
    signal = _alert_above(told, said.line)["signal_id"]
    found = told.then.rows(
        "select author_id from signal_version where signal_id = :id and version = 1", id=signal
    )
    return [one["author_id"] for one in found] == [None]


@claims("alert.raised_by")
def _he_handed_the_signal_in(told: Told, said: Heard) -> bool:
    signal = _alert_above(told, said.line)["signal_id"]
    [found] = told.then.rows(
        "select author_id from signal_version where signal_id = :id and version = 1", id=signal
    )
    return bool(told.then.people[found["author_id"]]["name"] == said.values["name"])


@claims("alert.answered_by")
def _he_answers_for_the_child(told: Told, said: Heard) -> bool:
    [signal] = told.then.rows(
        "select placement_id from signal where id = :id", id=_alert_above(told, said.line)["signal_id"]
    )
    who = told.then.answers_for(signal["placement_id"], str(told.then.today))
    return who is not None and told.then.people[who]["name"] == said.values["name"]


# A thing that is not there.

_NUMBER = re.compile(r"(?<![A-Za-z0-9-])[AKSOaks]-?(\d+)|(?<![A-Za-z0-9-])(\d+)")
_LETTERS = {"deviation": "A", "complaint": "K", "remark": "S", "replacement": "O"}
_TABLES = {"alert": "alert", "action": "action", "follow_up": "follow_up", "signal": "signal"}


@claims("alert.unknown", "action.unknown", "follow_up.unknown")
def _there_is_no_such_thing(told: Told, said: Heard) -> bool:
    name = said.id.partition(".")[0]
    number = told.carried.get(name, 0)
    return told.then.rows(f"select id from {_TABLES[name]} where id = :id", id=number) == []


@claims("signals.unknown", "reading.not_yours")
def _there_is_no_such_signal(told: Told, said: Heard) -> bool:
    """Or none that she handed in herself."""
    typed = next(
        iter(_NUMBER.findall(" ".join([*told.typed.split()[1:], told.inputs.get("item", "")]))), ("", "")
    )
    number = int(typed[0] or typed[1] or 0) or told.carried.get("signal", 0)
    found = told.then.rows(
        "select author_id from signal_version where signal_id = :id and version = 1", id=number
    )
    if said.id == "reading.not_yours":
        found = [one for one in found if one["author_id"] == told.person_id]
    return found == []


@claims("reference.unknown")
def _nothing_has_that_number(told: Told, said: Heard) -> bool:
    """A signal's number has the letter of its kind, a report's is its task's."""
    letter, _, number = told.inputs.get("item", "").upper().partition("-")
    if not number.isdigit():
        return True
    if letter in ("R", "U"):
        return told.then.rows("select id from report where task_id = :id", id=int(number)) == []
    kinds = [one["kind"] for one in told.then.newest_versions("signal") if one["signal_id"] == int(number)]
    return letter not in [_LETTERS[one] for one in kinds]


@claims("reference.no_child")
def _the_signal_is_about_no_child(told: Told, said: Heard) -> bool:
    number = int(re.search(r"Aktreferens för [A-Z]-(\d+)", "\n".join(told.lines))[1])  # type: ignore[index]
    return [
        one["placement_id"] for one in told.then.rows("select * from signal where id = :id", id=number)
    ] == [None]


@claims("provider.none")
def _there_is_no_unit(told: Told, said: Heard) -> bool:
    return told.then.units == []


@claims("provider.unknown")
def _no_unit_has_that_name(told: Told, said: Heard) -> bool:
    typed = " ".join(told.typed.split()[1:]).casefold()
    return typed not in {one["name"].casefold() for one in told.then.units}


@claims("help.not_understood")
def _that_is_no_command(told: Told, said: Heard) -> bool:
    return commands_in(told.typed) == []


# Signals.


def _signal_above(told: Told, line: int) -> dict[str, object]:
    for before in reversed(told.lines[: line + 1]):
        if found := re.match(r"Signal [A-Z]-(\d+), ", before):
            number = int(found[1])
            [one] = [each for each in told.then.newest_versions("signal") if each["signal_id"] == number]
            return one
    raise LookupError(told.lines[line])


@claims("signals.state.open", "signals.state.dismissed")
def _the_signal_stands_so(told: Told, said: Heard) -> bool:
    """Or the row of a report, about which somebody may have decided something."""
    if rows := [one for line in told.lines for one in re.findall(r"^Uppgift (\S+) om ", line)]:
        decided = told.then.rows(
            "select * from report_item where item = :item order by version", item=rows[0]
        )
        return bool(decided and decided[-1]["dismissed"]) is (said.id == "signals.state.dismissed")
    one = _signal_above(told, said.line)
    if said.id == "signals.state.dismissed":
        return bool(one["dismissed"])
    return not one["dismissed"] and not one["decided"]


@claims("own_faults.none")
def _no_cause_is_the_authoritys(told: Told, said: Heard) -> bool:
    """Of those that managers are told of: all that the reader's people handed in."""
    of_hers = [
        one
        for one in told.then.newest_versions("signal")
        if one["cause"] == "authority" and not one["dismissed"] and _first_author(told, one) in _hers(told)
    ]
    return of_hers == []


def _first_author(told: Told, version: dict[str, object]) -> int | None:
    [one] = told.then.rows(
        "select author_id from signal_version where signal_id = :id and version = 1", id=version["signal_id"]
    )
    found: int | None = one["author_id"]
    return found


def _hers(told: Told) -> set[int]:
    return {one for one in told.then.people if told.person_id in told.then.managers_of(one)}


@claims("signal.quality_told")
def _its_event_has_an_alert(told: Told, said: Heard) -> bool:
    number = next(found[1] for line in told.lines if (found := re.search(r"\b[AKSO]-(\d+)\b", line)))
    return told.then.rows("select id from alert where signal_id = :id", id=int(number)) != []


# The selection.


@claims("selection.none")
def _no_frame_is_frozen(told: Told, said: Heard) -> bool:
    year = told.then.today.year
    return not any(
        one["year"] in (year, year + 1) for one in told.then.rows("select year from selection_cycle")
    )


@claims("follow_ups.not_locked")
def _it_is_drawn_and_not_locked(told: Told, said: Heard) -> bool:
    found = told.then.rows("select * from selection_cycle where year = :year", year=int(said.values["year"]))
    return any(one["drawn_at"] and not one["locked_at"] for one in found)


@claims("follow_ups.no_selection")
def _it_is_not_drawn(told: Told, said: Heard) -> bool:
    found = told.then.rows("select * from selection_cycle where year = :year", year=int(said.values["year"]))
    return not any(one["drawn_at"] for one in found)


# Nothing was stored.

NOT_STORED = re.compile(
    r"\b(inget|inte|ingenting)\b[^.]*\b(sparat|sparats|sparad|skickat|registrerat)\b|är inte sparat"
    r"|inget mer gjort|inget är ändrat",
    re.IGNORECASE,
)
# The others that she ticked may have been stored.
OF_ONE_OF_MANY = "list.otherwise"


def not_stored() -> list[str]:
    """Every text that says of the turn that nothing was stored by it."""
    of_chat = (
        one for one in forms().items() if one[0].partition(".")[0] not in ("cli", "import", "year", "demo")
    )
    return sorted(
        id_ for id_, texts in of_chat if any(map(NOT_STORED.search, texts)) and id_ != OF_ONE_OF_MANY
    )


@claims(*not_stored())
def _nothing_was_stored(told: Told, said: Heard) -> bool:
    return told.before is None or told.then.counts() == told.before


@claims("alerts.row")
def _it_came_then_and_is_hers(told: Told, said: Heard) -> bool:
    """The day, or of a small home the month."""
    one = _alert_above(told, said.line)
    day, owner = in_words(day_of(str(one["raised_at"]))), one["owner_id"]
    came = said.values["raised"] in (day, f"i {day.partition(' ')[2]}")
    name = told.then.people[owner]["name"] if isinstance(owner, int) else "ingen"
    return came and said.values["owner"] == name


@claims("alert.title.event", "alert.title.band", "alert.title.safety", "small.alert_title")
def _the_alert_is_of_that_kind_and_home(told: Told, said: Heard) -> bool:
    [one] = told.then.rows("select * from alert where id = :id", id=int(said.values["number"][2:]))
    [home] = [each["name"] for each in told.then.units if each["id"] == one["unit_id"]]
    return said.values["unit"] == home and (said.id == "small.alert_title" or said.id.endswith(one["kind"]))


@claims("alerts.red_since")
def _the_home_is_red_since_that_day(told: Told, said: Heard) -> bool:
    """By the reading that raised the alert."""
    score = _alert_above(told, said.line)["score_id"]
    [raised] = told.then.rows("select red_since from score where id = :id", id=score)
    return raised["red_since"] is not None and said.values["day"] == in_words(
        date.fromisoformat(raised["red_since"])
    )
