"""Why a unit has its band, in words: in full for the quality team's own eyes, without any child for a channel."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from dialogs.card import Button, Card, Facts, Item, Part, Text
from followup.access.small_unit import Matter
from followup.provider import Unit
from followup.risk.bands import Judgement, never_plain_green, rank
from followup.risk.chart import Tone
from followup.risk.explanation import Explanation, Row, band_words, explain
from followup.risk.risk import Contribution
from followup.share import percent_of
from followup.signals.signal import id_in
from followup.wording import Wording, wording
from services.risk.scoring import Reading
from services.unit_sight import UnitSight
from texts.catalogue import Texts

# More buttons would make the card heavier than Teams' budget; a signal is opened by its number as well.
MOST_ROWS, MOST_BUTTONS = 25, 20
# A missing report is a month's, and no item of its own.
MISSING = "M-"


def evidence_card(unit: Unit, reading: Reading, say: Texts, alert_id: int) -> Card:
    """Every contribution with its number and day: only for a conversation with one of the quality team.

    A signal's row has a button that opens it; the alert is where one comes back to.
    """
    explanation = explain(reading.score, reading.inputs, reading.judgement)
    counting = _counting(explanation)
    rest, shown = len(counting) - MOST_ROWS, counting[:MOST_ROWS]
    opened = [row for row in shown if _signal_id(row) is not None][:MOST_BUTTONS]
    parts: list[Part] = [
        Text(say("evidence.title", unit=unit.name), "title"),
        Facts(figures(reading, say)),
        Text(say("evidence.rows"), "heading"),
        *(
            _row(row, say.say(iso_days(row.wording)), alert_id if row in opened else None, say)
            for row in shown
        ),
    ]
    if rest > 0:
        parts.append(Text(say("evidence.more", n=rest), "subtle"))
    if not counting:
        parts.append(Text(say("evidence.none")))
    parts += [Text(say.say(sentence)) for sentence in (explanation.prior, *explanation.conclusion)]
    return Card(say("evidence.summary"), tuple(parts))


def _row(row: Row, sentence: str, alert_id: int | None, say: Texts) -> Part:
    number, signal_id = ", ".join(row.evidence), _signal_id(row)
    if signal_id is None or alert_id is None:
        return Item(number, sentence)
    data = {"signal": signal_id, "alert": alert_id}
    return Item(number, sentence, button=Button(say("signals.show"), "show_signal", data))


def _signal_id(row: Row) -> int | None:
    return id_in(", ".join(row.evidence))


def _counting(explanation: Explanation) -> list[Row]:
    counting = (row for row in explanation.rows if row.raises > 0)
    return sorted(counting, key=lambda row: row.raises, reverse=True)


def items_shown(reading: Reading) -> list[str]:
    """The numbers of the signals and reports that the card of evidence lists, in its order."""
    shown = _counting(explain(reading.score, reading.inputs, reading.judgement))[:MOST_ROWS]
    return [number for row in shown for number in row.evidence if not number.startswith(MISSING)]


def iso_days(row: Wording) -> Wording:
    """The row's days as ISO and its month by name alone, as evidence is cited (risk-and-selection.md, Explanation)."""
    return wording(row.id, **{name: _iso(value) for name, value in row.values.items()})


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def figures(reading: Reading, say: Texts) -> tuple[tuple[str, str], ...]:
    scored, judgement = reading.score, reading.judgement
    return (
        (say("evidence.band"), say.say(band_words(judgement))),
        (say("evidence.ratio"), say.write(scored.r)),
        (say("evidence.index"), say("evidence.index_of", index=scored.index)),
        (say("evidence.completeness"), completeness(judgement, say)),
    )


def shown_band(judgement: Judgement) -> Tone:
    return never_plain_green(judgement.band, enough=judgement.enough)


def completeness(judgement: Judgement, say: Texts) -> str:
    share = judgement.completeness
    return (
        say("completeness.nothing") if share is None else say("completeness.share", percent=percent_of(share))
    )


def completeness_told(judgement: Judgement, sight: UnitSight, say: Texts) -> str:
    if sight.whole(Matter.COVERAGE):
        return completeness(judgement, say)
    return say("small.enough" if judgement.enough else "small.not_enough")


def reasons_without_children(reading: Reading, say: Texts) -> list[str]:
    """Why, with no day: kinds with their counts, and the level. Of a small unit it is for the quality team alone."""
    counted = [row for row in reading.score.contributions if row.raises > 0]
    conclusion = explain(reading.score, reading.inputs, reading.judgement)
    return [*_kinds(counted, say), *_level(conclusion, say)]


def _kinds(rows: Sequence[Contribution], say: Texts) -> list[str]:
    number: Counter[str] = Counter()
    for row in rows:
        number[row.kind] += row.missing or 1
    kinds = kinds_that_raise(rows)
    if not kinds:
        return []
    counted = ", ".join(f"{say(f'risk.kinds.{kind}')} ({number[kind]})" for kind in kinds)
    return [say("reasons.counted", kinds=counted)]


def kinds_that_raise(rows: Iterable[Contribution]) -> list[str]:
    """The kinds of evidence by how much they raise the ratio; those that raise nothing are left out."""
    raised: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        raised[row.kind] += row.raises
    return sorted((kind for kind in raised if raised[kind] > 0), key=lambda kind: -raised[kind])


def level_sentences(reading: Reading, say: Texts) -> list[str]:
    """The level and what holds or lifts it, without the last sentence, which a card of several units says once."""
    said = explain(reading.score, reading.inputs, reading.judgement)
    kept = [one for one in said.conclusion if one.id not in ("risk.items", "risk.floor.event", "risk.last")]
    return [say.say(sentence) for sentence in kept]


def _level(explanation: Explanation, say: Texts) -> list[str]:
    spoken = [one for one in explanation.conclusion if one.id not in ("risk.items", "risk.floor.event")]
    return [say.say(sentence) for sentence in spoken]


def one_line(reading: Reading, sight: UnitSight, say: Texts) -> str:
    """What decides the shown band when that is not the level, then the kinds that raise it most, at most three."""
    if not sight.whole(Matter.EVIDENCE):
        return say("small.quality_reads")
    floor = reading.judgement.floor
    decides = floor.band is not None and rank(floor.band) > rank(reading.judgement.rate)
    first = [say(f"reasons.{floor.reason}")] if decides else []
    most = [
        say(f"risk.kinds.{kind}") for kind in kinds_that_raise(reading.score.contributions)[: 3 - len(first)]
    ]
    return ", ".join([*first, *most]) or say("reasons.none")
