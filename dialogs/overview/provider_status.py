"""How a provider is doing (utförare): found by its own or a unit's name, spelled anyhow; and never a ranking."""

from collections.abc import Sequence

from dialogs.alerts.alert_evidence import evidence_of, evidence_of_one
from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.verbs import Command, Verb
from dialogs.overview.unit_rows import band_mark, short_why
from dialogs.overview.unit_status import unit_parts
from dialogs.turn import Reply, Turn
from followup import UnitId
from followup.people import Conversation
from followup.provider import Unit
from services.acting import Refused
from services.views.evidence import asked_about
from services.views.unit_names import followed, followed_unit, is_clear, of_provider, providers_named
from services.views.units import UnitRow, provider
from texts.catalogue import Texts

MOST_OFFERED = 5
MOST_IN_FULL, MOST_IN_SHORT = 3, 12


def provider_status(turn: Turn) -> Reply:
    """`utförare NAMN`, or a button that carries the provider's id."""
    if turn.said.press is not None:
        return _show(turn, of_provider(turn.acting, turn.press.number("provider")))
    known, name = followed(turn.acting), turn.said.rest
    if not name:
        return _ask_which(turn, known, "provider.which")
    matches = providers_named(name, known)
    if is_clear(matches):
        return _show(turn, of_provider(turn.acting, matches[0].provider_id), matches[0].unit_id)
    near = [one.provider_id for one in matches if one.is_possible]
    found = near or [one.provider_id for one in matches]
    question = "provider.did_you_mean" if near else "provider.unknown"
    return _ask_which(turn, [one for one in known if one.provider_id in found[:MOST_OFFERED]], question)


def evidence_asked(turn: Turn, about: str) -> Reply:
    """All of a unit's evidence, page by page, to who reads it; else what its provider's card says of the unit."""
    asked = asked_about(turn.acting, about)
    if asked is None:
        return provider_status(turn)
    unit_id, alert_id = asked
    if alert_id is None:
        shown = evidence_of_one(turn.acting, unit_id, turn.say)
    else:
        shown = evidence_of(turn.acting, alert_id, turn.say)
    return provider_status(turn) if isinstance(shown, Refused) else Reply(card=shown)


def evidence_page(turn: Turn) -> Reply:
    """Another page of a unit's evidence; where the unit is followed no more, those that are."""
    start, unit_id = turn.press.number("start") or 0, turn.press.id("unit", UnitId)
    shown = evidence_of_one(turn.acting, unit_id, turn.say, start)
    return _show(turn, []) if isinstance(shown, Refused) else Reply(card=shown)


def show_unit(turn: Turn) -> Reply:
    """One unit of a provider that has many."""
    own = followed_unit(turn.acting, turn.press.id("unit", UnitId))
    return _show(turn, [] if own is None else [own])


def no_ranking(turn: Turn) -> Reply:
    """A comparison is asked for now and then, and there is none: the figures do not carry a list of best and worst."""
    say = turn.say
    parts = (
        Text(say("no_ranking.title"), "title"),
        Text(say("no_ranking.why")),
        Text(say("no_ranking.instead")),
    )
    status = Button(say("no_ranking.status"), "status")
    may_ask = turn.municipality.access.may(turn.person, Conversation.STATUS)
    return Reply(card=Card(say("no_ranking.title"), parts, (status,) if may_ask else ()))


def _ask_which(turn: Turn, candidates: Sequence[Unit], question: str) -> Reply:
    say = turn.say
    if not candidates:
        return Reply(text=say("provider.none"))
    names = {unit.provider_id: unit.provider_name for unit in candidates}
    items = [
        ListRow(name, button=Button(say("provider.show"), "show_provider", {"provider": provider_id}))
        for provider_id, name in sorted(names.items(), key=lambda pair: pair[1])
    ]
    rows = at_most(MOST_ROWS, items, say("provider.narrow"), say)
    return Reply(card=Card(say(question), (Text(say(question), "title"), *rows)))


def _show(turn: Turn, own: Sequence[Unit], first: int | None = None) -> Reply:
    """The unit that was named and the worst ones in full, the others a row each."""
    say, found = turn.say, provider(turn.acting, own, in_full=MOST_IN_FULL, first=first)
    if isinstance(found, Refused):
        return _ask_which(turn, followed(turn.acting), "provider.unknown")
    parts: list[Part] = [
        Text(found.name, "title"),
        Text(say("provider.about", n=found.number, day=turn.acting.today), "subtle"),
    ]
    for unit in found.in_full:
        parts += unit_parts(turn, unit)
    rest = [_row(row, say) for row in found.rest]
    if rest:
        parts.append(Text(say("provider.others"), "heading"))
    parts += [*at_most(MOST_IN_SHORT, rest, say("provider.narrow"), say), Text(say("risk.last"), "subtle")]
    shown_first = found.in_full[0].unit
    buttons, page = _buttons(turn, shown_first), f"enhet/{shown_first.id}"
    return Reply(card=Card(say("provider.summary"), tuple(parts), buttons, page=page))


def _buttons(turn: Turn, unit: Unit) -> tuple[Button, ...]:
    """For those who follow units up, and with the unit that is shown first filled in."""
    if not turn.municipality.access.may(turn.person, Conversation.FOLLOW_UPS):
        return ()
    return (Button(turn.say("follow_up.new"), "new_follow_up_form", {"unit": unit.id}),)


def _row(row: UnitRow, say: Texts) -> ListRow:
    """The form of care where nothing is told of why."""
    button = Button(say("provider.show"), "show_unit", {"unit": row.unit.id})
    said = say.say(row.unit.care.said("form_of_care")) if row.why is None else short_why(row, say)
    return ListRow(f"{band_mark(row.band, say)} · {row.unit.name}", said, button=button)


OFFERED = (
    Command(
        "provider",
        Conversation.PROVIDER,
        ("utförare", "utforare", "provider", "enhet", "unit"),
        provider_status,
        takes_words=True,
    ),
    Command(
        "compare",
        Conversation.PROVIDER,
        ("jämför", "jamfor", "jämförelse", "ranking", "topplista", "compare", "rank"),
        no_ranking,
        takes_words=True,
        listed=False,
    ),
    Verb("show_provider", Conversation.PROVIDER, provider_status),
    Verb("show_unit", Conversation.PROVIDER, show_unit),
    Verb("unit_evidence", Conversation.SIGNAL_DESK, evidence_page),
)
