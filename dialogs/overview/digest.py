"""The weekly digest (veckobrev): new yellow and red, what was answered, what is overdue, what the signals led to."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.overview.changes import change_rows
from dialogs.overview.response_rates import rate_sentence
from services.follow_ups.overdue import Overdue
from services.views.digest import DecidedAt, Digest, Outcomes
from texts.catalogue import Texts


def digest_card(found: Digest, say: Texts) -> Card:
    """Units and counts, no child."""
    parts: list[Part] = [
        Text(say("digest.title"), "title"),
        Text(say("digest.since", since=found.since, until=found.until), "subtle"),
        *_section("digest.new", change_rows(found.raised, say), "digest.nothing_new", say),
        *_section("digest.answered", _answered(found, say), "digest.nothing_answered", say),
        *_section("digest.overdue", _late(found, say), "digest.nothing_overdue", say),
        *_section("digest.led_to", _led_to(found.led_to, say), "digest.nothing_decided", say),
        Text(say("risk.last"), "subtle"),
        Text(say("digest.fewer"), "subtle"),
    ]
    buttons = (Button(say("digest.status"), "status"), Button(say("digest.change"), "settings"))
    return Card(say("digest.summary"), tuple(parts), buttons)


def _section(heading: str, rows: Sequence[Part], nothing: str, say: Texts) -> list[Part]:
    shown = at_most(MOST_ROWS, rows, "", say) or [Text(say(nothing), "subtle")]
    return [Text(say(heading), "heading"), *shown]


def _answered(found: Digest, say: Texts) -> list[Part]:
    """Reports that have come, and how far each open round has."""
    reports = [Text(say("digest.reports", n=found.reports))] if found.reports else []
    return [*reports, *(Text(rate_sentence(one, say)) for one in found.rates)]


def _late(found: Digest, say: Texts) -> list[Part]:
    """Reports whose last day has passed, alerts that nobody has taken in time, and the year's work."""
    said = [say("digest.reports_late", n=number, month=month) for month, number in found.reports_late]
    if found.alerts_late:
        said.append(say("status.alerts_late", n=found.alerts_late))
    if found.work_late is not None:
        said += _work_late(found.work_late, found.until.year, say)
    if found.levels_wait is not None:
        said.append(say("digest.base_levels", year=found.levels_wait))
    return [Text(one) for one in said]


def _work_late(late: Overdue, year: int, say: Texts) -> list[str]:
    """No unit, no day, nothing of how."""
    said = []
    if late.selection is not None:
        said.append(say("follow_ups.no_selection", year=late.selection.of, day=late.selection.due))
    if late.follow_ups:
        said.append(say("digest.follow_ups_late", n=late.follow_ups))
    if late.actions:
        said.append(say("digest.actions_late", n=late.actions))
    return said


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
