"""How a provider is doing: its units with band, reasons, trend and last follow-up; found by name, spelled anyhow."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process, utils

from assessment.scoring import Reading, read_as_of
from dialogs.card import Button, Card, Facts, Item, Part, Text
from dialogs.evidence_card import completeness, one_line, trend
from dialogs.lists import MOST_ROWS, at_most
from dialogs.status import SHOWN_BANDS, shown_band
from dialogs.turn import Reply, Turn
from followup.calendar import municipal_day
from followup.provider import Unit
from storage import scores, units

GOOD_MATCH, POSSIBLE_MATCH = 80, 50
CLEARLY_BETTER = 10
TREND_MONTHS = 12
MOST_UNITS = 20


def provider_status(turn: Turn) -> Reply:
    """`utförare NAMN`, or a button that carries the provider's id."""
    followed = units.followed_units(turn.tx)
    if turn.said.press is not None:
        return _show(turn, [unit for unit in followed if unit.provider_id == turn.press.number("provider")])
    _, _, name = turn.said.text.strip().partition(" ")
    if not name.strip():
        return _ask_which(turn, followed, "provider.which")
    matches = _matches(name, followed)
    if matches and _is_clear(matches):
        return _show(turn, [unit for unit in followed if unit.provider_id == matches[0][1]])
    return _ask_which(
        turn,
        [unit for unit in followed if unit.provider_id in {one for _, one in matches}],
        "provider.did_you_mean",
    )


def _matches(name: str, followed: Sequence[Unit]) -> list[tuple[float, int]]:
    """Providers by how well their own or a unit's name matches, best first."""
    best: dict[int, float] = {}
    for unit in followed:
        for candidate in (unit.name, unit.provider_name):
            score = fuzz.WRatio(name, candidate, processor=utils.default_process)
            best[unit.provider_id] = max(best.get(unit.provider_id, 0), score)
    found = [(score, provider_id) for provider_id, score in best.items() if score >= POSSIBLE_MATCH]
    return sorted(found, reverse=True)[:5]


def _is_clear(matches: Sequence[tuple[float, int]]) -> bool:
    second = matches[1][0] if len(matches) > 1 else 0
    return matches[0][0] >= GOOD_MATCH and matches[0][0] - second >= CLEARLY_BETTER


def _ask_which(turn: Turn, candidates: Sequence[Unit], question: str) -> Reply:
    say = turn.say
    if not candidates:
        return Reply(text=say("provider.unknown"))
    names = {unit.provider_id: unit.provider_name for unit in candidates}
    items = [
        Item(name, button=Button(say("provider.show"), "show_provider", {"provider": provider_id}))
        for provider_id, name in sorted(names.items(), key=lambda pair: pair[1])
    ]
    rows = at_most(MOST_ROWS, items, say("provider.narrow"), say)
    return Reply(card=Card(say(question), (Text(say(question), "title"), *rows)))


def _show(turn: Turn, own: Sequence[Unit]) -> Reply:
    if not own:
        return Reply(text=turn.say("provider.unknown"))
    say, today = turn.say, municipal_day(turn.now)
    readings = [(unit, read_as_of(turn.tx, unit, today, turn.now)) for unit in own]
    parts: list[Part] = [
        Text(own[0].provider_name, "title"),
        Text(say("provider.about", n=len(own), day=today), "subtle"),
    ]
    readings.sort(key=lambda pair: SHOWN_BANDS.index(shown_band(pair[1].judgement)))
    for unit, reading in readings[:MOST_UNITS]:
        parts += _unit(turn, unit, reading)
    if len(readings) > MOST_UNITS:
        parts.append(Text(say("evidence.more", n=len(readings) - MOST_UNITS), "subtle"))
    parts.append(Text(say("risk.last"), "subtle"))
    return Reply(card=Card(say("provider.summary"), tuple(parts)))


def _unit(turn: Turn, unit: Unit, reading: Reading) -> list[Part]:
    say = turn.say
    mark = say(f"band.mark.{shown_band(reading.judgement)}")
    indexes = [score.index for score in scores.month_ends(turn.tx, unit.id).values()][-TREND_MONTHS:]
    facts = [
        (say("provider.form"), say(f"form_of_care.{unit.form}")),
        (say("provider.reasons"), one_line(reading, say)),
        (say("evidence.index"), say("evidence.index_of", index=reading.score.index)),
        (say("provider.trend"), trend(indexes) or say("provider.no_trend")),
        (say("evidence.completeness"), completeness(reading.judgement, say)),
        (say("provider.last_follow_up"), _last_follow_up(turn, unit)),
    ]
    return [Text(f"{mark} · {unit.name}", "heading"), Facts(tuple(facts))]


def _last_follow_up(turn: Turn, unit: Unit) -> str:
    day, verdict = units.last_follow_up(turn.tx, unit.id)
    if day is None:
        return turn.say("provider.never_followed_up")
    said = turn.say.write(day)
    return f"{said}, {turn.say(f'verdict.{verdict}')}" if verdict else said


def closest(word: str, known: Sequence[str], most: int = 3) -> list[str]:
    """The known words most like what was typed, best first."""
    found = process.extract(word, known, scorer=fuzz.WRatio, processor=utils.default_process, limit=most)
    return [match for match, _, _ in found]
