"""The weekly digest (veckobrev): what waits, new yellow and red, what was answered, what the signals led to."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most, still_counting
from dialogs.overview.changes import change_rows
from dialogs.overview.desk import first_of
from dialogs.overview.response_rates import rate_sentence
from services.views.digest import DecidedAt, Digest, Outcomes
from texts.catalogue import Texts


def digest_card(found: Digest, say: Texts) -> Card:
    """What waits for her as her own list has it; of what has happened units and counts, no child."""
    parts: list[Part] = [
        Text(say("digest.title"), "title"),
        Text(say("digest.since", since=found.since, until=found.until), "subtle"),
        *still_counting(found.counting, say),
        *_to_do(found, say),
        *_section("digest.new", change_rows(found.raised, say), "digest.nothing_new", say),
        *_section(_heading(found), _answered(found, say), "digest.nothing_answered", say),
        *_section("digest.led_to", _led_to(found.led_to, say), "digest.nothing_decided", say),
        Text(say("risk.last"), "subtle"),
        Text(say("digest.fewer"), "subtle"),
    ]
    to_do = (Button(say("digest.to_do"), "desk"),) if found.to_do else ()
    buttons = (*to_do, Button(say("digest.status"), "status"), Button(say("digest.change"), "settings"))
    return Card(say("digest.summary"), tuple(parts), buttons)


def _to_do(found: Digest, say: Texts) -> list[Part]:
    """Nothing of one who has no such list: that nothing waits would not be known."""
    if found.to_do is None:
        return []
    return [Text(say("to_do.title"), "heading"), *first_of(found.to_do, found.until, say)]


def _section(heading: str, rows: Sequence[Part], nothing: str, say: Texts) -> list[Part]:
    shown = at_most(MOST_ROWS, rows, "", say) or [Text(say(nothing), "subtle")]
    return [Text(say(heading), "heading"), *shown]


def _heading(found: Digest) -> str:
    """A manager's figures are of her own people, and so are others than the quality team's."""
    return "digest.answered_own" if found.of_own_people else "digest.answered"


def _answered(found: Digest, say: Texts) -> list[Part]:
    """Reports that have come, how far each open round has, and what is missing after its last day."""
    said = [say("digest.reports", n=found.reports)] if found.reports else []
    said += [rate_sentence(one, say) for one in found.rates]
    said += [say("digest.reports_late", n=number, month=month) for month, number in found.reports_late]
    return [Text(one) for one in said]


def _led_to(led_to: Outcomes, say: Texts) -> list[Part]:
    """Decisions on signals by unit, alerts that were closed, and whether IVO was notified."""
    said = [_decided(one, say) for one in led_to.decided]
    said += [say("digest.closed", number=number, unit=unit) for number, unit in led_to.closed]
    said += [
        say("digest.notified" if was_notified else "digest.not_notified", unit=unit)
        for unit, was_notified in led_to.notified
    ]
    return [Text(sentence) for sentence in said]


def _decided(decided: DecidedAt, say: Texts) -> str:
    said = [
        say(
            "digest.dismissed" if dismissed else "digest.decided",
            what=f"{say(f'risk.kinds.{kind}')} ({number})",
        )
        for kind, dismissed, number in decided.outcomes
    ]
    return say("digest.unit", unit=decided.unit, outcomes=", ".join(said))
