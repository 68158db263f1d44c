"""What the bot says unasked: each queued decision turned into a card at the moment of sending, or into nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from dialogs.alerts.alert_card import alert_card
from dialogs.alerts.alert_evidence import evidence_of
from dialogs.alerts.alert_list import again_card, history_card
from dialogs.alerts.led_to import led_to_card
from dialogs.card import Button, Card, Part, Text
from dialogs.clocks.clock_messages import (
    contract_asked_card,
    late_card,
    near_card,
    near_parts,
    with_late,
)
from dialogs.clocks.team_clocks import yearly_card
from dialogs.commands.help import led_on
from dialogs.commands.logged_reads import MESSAGES, Read
from dialogs.follow_ups import follow_up_messages
from dialogs.forms.lists import still_counting
from dialogs.messages import delivery_refusals
from dialogs.month.leave_messages import leave_card, news_parts
from dialogs.month.my_tasks import list_card
from dialogs.overview.digest import digest_card
from dialogs.overview.retention import proposed_card
from dialogs.overview.unanswered import hand_over_nobodys, missing_by_worker, named
from dialogs.overview.unanswered import ownerless as ownerless_rows
from dialogs.overview.unit_rows import unit_rows
from dialogs.receipts.changed_card import changed_card
from dialogs.selection import selection_messages
from dialogs.signals.alert_messages import (
    decision_due_card,
    duty_card,
    handed_over_card,
    own_signal_card,
    signal_given_card,
)
from dialogs.signals.own_faults import own_fault_card
from dialogs.signals.signal_list import day_card
from followup import AlertId
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.messages.alerts import (
    AlertAgain,
    AlertRaised,
    DecisionDue,
    DutyToReport,
    EvidenceAsked,
    HandedOver,
    HistoryAgain,
    HistoryRead,
    LedTo,
    OwnAlert,
    OwnFault,
    SignalAsked,
    SignalGiven,
    SignalsOfDay,
)
from followup.messages.clocks import ClocksLate, ClocksNear, ContractAsked, YearlyList
from followup.messages.every import EveryMessage
from followup.messages.follow_ups import (
    ActionDue,
    ActionGiven,
    ActionLate,
    DateNear,
    FollowUpGiven,
    SelectionFrozen,
)
from followup.messages.month import (
    Escalation,
    InDoubt,
    LeaveTold,
    Nudge,
    Ownerless,
    Prompt,
    Reminder,
    Snoozed,
)
from followup.messages.operation import (
    BaseLevelsDue,
    CardChanged,
    ChannelChosen,
    ChannelRefused,
    CheckpointDue,
    LogReviewDue,
    PurgeProposed,
    TokenRefused,
    Trouble,
    WeeklyDigest,
)
from followup.month.rounds import Task
from followup.people import Person, Role
from followup.selection.cycle import NAMES
from followup.times.calendar import municipal_day
from services.acting import Acting, Reader, Refused
from services.clocks.reminding import reminds_of_clocks
from services.conversations import recipient
from services.log.log_review import is_reviewed, signed_end
from services.month.missing_reports import asked_in, missing_in, thin_units
from services.month.own_tasks import own_tasks
from services.month.standing_in import news_of_day
from services.overview.digest_choice import chosen
from services.risk.base_levels import not_to_decide
from services.selection.selection_state import has_passed, selection_name
from services.views.alerts import alert, history_alerts, is_open, open_among, waits
from services.views.changes import is_still_counting
from services.views.digest import digest_since
from services.views.people import name_of
from services.views.unanswered import IN_DOUBT, unreached
from services.views.units import rows_in_bands
from storage.engine.database import Transaction
from storage.messages.delivery import Delivery
from texts.catalogue import Texts, capital

# What is signed and stored as it is said; all else only reads.
WRITING = frozenset({CheckpointDue.kind})


def say_now(
    tx: Transaction, delivery: Delivery, now: datetime, municipality: Municipality = USUAL_MUNICIPALITY
) -> Card | None:
    """The card to send now, by the same settings as an answer; None when there is no longer anything to say."""
    person = recipient(tx, delivery.person_id)
    if person is None and delivery.person_id is not None:
        return None
    message = delivery.message
    if not _may_be_told(person, message, municipality):
        return None
    say = Texts(person.language if person else "sv")
    card = _worded(tx, message, delivery, person, now, say, municipality)
    if card is not None and delivery.is_again:
        card = replace(card, parts=(Text(say("in_doubt.again"), "subtle"), *card.parts))
    if card is not None and person is not None:
        card = led_on(card, say)
    read = MESSAGES[delivery.kind]
    if card is not None and person is not None and isinstance(read, Read):
        Acting(tx, person, now, municipality).log("read", read.what.of(delivery.kind, delivery.id))
    return card


def _may_be_told(person: Person | None, message: EveryMessage, municipality: Municipality) -> bool:
    """By the table that answers when the same is asked for; the team's channel is told what the team may ask for."""
    role = person.role if person else Role.QUALITY
    asked = message.answered_in
    return role in message.told and (asked is None or municipality.access.allows(role, asked))


def _worded(  # noqa: C901, PLR0911, PLR0912 - one row a kind, as in a table.
    tx: Transaction,
    message: EveryMessage,
    delivery: Delivery,
    person: Person | None,
    now: datetime,
    say: Texts,
    municipality: Municipality,
) -> Card | None:
    """Each kind by who words it; a kind that nobody words does not pass the type check."""
    reader = Reader(tx, person, now, municipality, channel=delivery.channel is not None)
    acting = Acting(tx, person, now, municipality) if person else None
    match message:
        case Prompt() | Reminder() | Snoozed():
            return _tasks(acting, message, delivery.key, say)
        case LeaveTold():
            return leave_card(acting, message, say) if acting else None
        case Nudge():
            return _nudge(acting, message, delivery.key, say)
        case ClocksNear():
            return near_card(acting, say) if acting else None
        case ClocksLate():
            return late_card(acting, say) if acting else None
        case ContractAsked():
            return contract_asked_card(message, reader, say)
        case Escalation():
            return _escalation(acting, message, say)
        case Ownerless():
            return _ownerless(acting, message, say)
        case InDoubt():
            return _in_doubt(acting, say)
        case AlertRaised():
            return _alert(message, reader, say)
        case AlertAgain():
            return _alert_again(message, reader, say)
        case HistoryRead() | HistoryAgain():
            return _history(message, reader, say)
        case OwnAlert():
            return _own_alert(message, reader, say)
        case EvidenceAsked():
            return _evidence(message, reader, say)
        case SignalAsked():
            return own_signal_card(message, reader, say)
        case SignalGiven():
            return signal_given_card(message, reader, say)
        case DecisionDue():
            return decision_due_card(message, reader, say)
        case DutyToReport():
            return duty_card(message, reader, say)
        case YearlyList():
            return yearly_card(message, reader.today, say)
        case SignalsOfDay():
            return day_card(message, reader, say)
        case HandedOver():
            return handed_over_card(message, reader, say)
        case OwnFault():
            return own_fault_card(message, reader, say)
        case LedTo():
            return led_to_card(message, reader, say)
        case FollowUpGiven():
            return follow_up_messages.follow_up_given_card(message, reader, say)
        case ActionGiven():
            return follow_up_messages.action_given_card(message, reader, say)
        case ActionDue():
            return follow_up_messages.action_due_card(message, reader, say)
        case ActionLate():
            return follow_up_messages.action_late_card(message, reader, say)
        case DateNear():
            return _selection(tx, message, reader, now, say)
        case SelectionFrozen():
            return selection_messages.frozen_card(message, reader, say)
        case WeeklyDigest():
            return _digest(acting, message, delivery.key, say)
        case BaseLevelsDue():
            return _base_levels(message, reader, say)
        case PurgeProposed():
            return proposed_card(acting, message, say)
        case LogReviewDue():
            return _log_review(tx, message, person, say)
        case CheckpointDue():
            return _log_checkpoint(tx, now, say)
        case ChannelChosen():
            return delivery_refusals.channel_chosen(message, reader, say)
        case ChannelRefused():
            return delivery_refusals.channel_refused(tx, say)
        case TokenRefused():
            return delivery_refusals.token_refused(message, say)
        case Trouble():
            return delivery_refusals.trouble(message, reader, say)
        case CardChanged():
            return changed_card(tx, message, delivery.conversation_id, person, now, say, municipality)
        case _:
            assert_never(message)


def _tasks(acting: Acting | None, message: Prompt | Reminder | Snoozed, key: str, say: Texts) -> Card | None:
    """A prompt, a reminder or a wake-up: only while something is left, with the day's leaves and clocks."""
    assert acting is not None
    clocks = near_parts(acting, say) if reminds_of_clocks(acting, key) else []
    left = _left(acting)
    asked = [task for task in left if task.round_id in (message.round_id, *message.others)]
    if not asked:
        return near_card(acting, say) if clocks else None
    news, day = news_of_day(acting), asked[0].deadline
    # As many as the list that follows has, whichever round they are of.
    values = {"name": acting.person.name.split()[0], "n": len(left), "day": municipal_day(day)}
    if news.own_back:
        # Of days that passed while she was away nothing is told.
        greeting = say("greeting.back", **values)
    elif isinstance(message, Prompt) and day < acting.now:
        greeting = say("greeting.late", **values)
    else:
        greeting = say(f"greeting.{message.kind}", **values)
    return list_card(acting, say, receipt=news_parts(news, say), greeting=greeting, after=clocks)


def _left(acting: Acting) -> list[Task]:
    return [task for task in own_tasks(acting) if not task.answered]


def _nudge(acting: Acting | None, message: Nudge, key: str, say: Texts) -> Card | None:
    """A manager's own reminder: only while something is left in any open round, with the day's leaves and clocks."""
    assert acting is not None
    clocks = near_parts(acting, say) if reminds_of_clocks(acting, key) else []
    left = _left(acting)
    if not left:
        return near_card(acting, say) if clocks else None
    manager = name_of(acting, message.manager_id)
    named = {"name": acting.person.name.split()[0], "manager": manager}
    greeting = say("greeting.nudge", **named, n=len(left))
    return list_card(
        acting, say, receipt=news_parts(news_of_day(acting), say), greeting=greeting, after=clocks
    )


def _escalation(acting: Acting | None, message: Escalation, say: Texts) -> Card | None:
    """What was missing when the time to answer had passed, by month and worker, of the manager's own people."""
    assert acting is not None
    over = [asked_in(acting, round_id) for round_id in (message.round_id, *message.others)]
    lacking = [(round_, missing) for round_ in over if (missing := missing_in(acting, [round_]))]
    if not lacking:
        return None
    months = ", ".join(say.write(round_.month) for round_, _ in lacking)
    parts: list[Part] = [Text(say("escalation.title", month=months), "title")]
    for round_, missing in lacking:
        parts += [Text(say.write(round_.month), "heading")] if len(lacking) > 1 else []
        parts += [
            Text(say("escalation.about", n=missing.number, deadline=municipal_day(round_.deadline))),
            *missing_by_worker(missing, say),
        ]
    parts += _thin(thin_units(acting, over), say)
    nobodys = (hand_over_nobodys(say),) if any(missing.ownerless for _, missing in lacking) else ()
    buttons = (Button(say("escalation.unanswered"), "unanswered"), *nobodys)
    return Card(say("escalation.summary"), tuple(parts), buttons)


def _thin(names: Sequence[str], say: Texts) -> list[Part]:
    """That nobody reports is no colour and no alert: it is said once a month, with what is missing."""
    if not names:
        return []
    return [Text(say("escalation.thin", n=len(names)), "heading"), *map(Text, names)]


def _ownerless(acting: Acting | None, message: Ownerless, say: Texts) -> Card | None:
    assert acting is not None
    of = [asked_in(acting, round_id) for round_id in (message.round_id, *message.others)]
    left = missing_in(acting, of).ownerless
    if not left:
        return None
    parts = (
        Text(say("ownerless.title", n=len(left)), "title"),
        Text(say("ownerless.about")),
        *ownerless_rows(left, say),
    )
    return Card(say("ownerless.summary"), parts, (hand_over_nobodys(say),))


def _in_doubt(acting: Acting | None, say: Texts) -> Card | None:
    """Those of her own who have something left now and may never have been asked."""
    assert acting is not None
    perhaps = [one for one in unreached(acting) if one.reason == IN_DOUBT]
    if not perhaps:
        return None
    title = say("unreachable.in_doubt_title")
    button = Button(say("escalation.unanswered"), "unanswered")
    parts = (Text(title, "title"), Text(say("unreachable.in_doubt_all")), *named(perhaps, say))
    return Card(title, parts, (button,))


def _alert(message: AlertRaised, reader: Reader, say: Texts) -> Card | None:
    """Of the first of its unit's that is still open, whose card tells of the others."""
    still = next((one for one in (message.alert_id, *message.others) if is_open(reader, one)), None)
    return None if still is None else _alert_card(still, reader, say)


def _alert_card(alert_id: AlertId, reader: Reader, say: Texts, *, repeated: bool = False) -> Card | None:
    view = alert(reader, alert_id)
    return None if isinstance(view, Refused) else alert_card(view, say, repeated=repeated)


def _own_alert(message: OwnAlert, reader: Reader, say: Texts) -> Card | None:
    """Asked for in the channel, so it is shown as it stands, also when it has been closed."""
    return None if reader.person is None else _alert_card(message.alert_id, reader, say)


def _alert_again(message: AlertAgain, reader: Reader, say: Texts) -> Card | None:
    left = [one for one in (message.alert_id, *message.others) if waits(reader, one)]
    if len(left) == 1:
        return _alert_card(left[0], reader, say, repeated=True)
    heads = open_among(reader, sorted(left)) if left else []
    return again_card(heads, say, channel=reader.channel) if heads else None


def _history(message: HistoryRead | HistoryAgain, reader: Reader, say: Texts) -> Card | None:
    """As long as one of the alerts is open, and the second time as long as nobody has taken one of them."""
    repeated = isinstance(message, HistoryAgain)
    found = history_alerts(reader, message.import_id, still_waiting=repeated)
    return None if found is None else history_card(found, say, repeated=repeated)


def _evidence(message: EvidenceAsked, reader: Reader, say: Texts) -> Card | None:
    shown = evidence_of(reader, message.alert_id, say)
    return None if isinstance(shown, Refused) else shown


def _digest(acting: Acting | None, message: WeeklyDigest, key: str, say: Texts) -> Card | None:
    """With the day's late clocks, which go by themselves where no letter is wanted any more."""
    assert acting is not None
    clocks = reminds_of_clocks(acting, key)
    if not chosen(acting).wanted:
        return late_card(acting, say) if clocks else None
    card = digest_card(digest_since(acting, message.since), say)
    return with_late(card, acting, say) if clocks else card


def _base_levels(message: BaseLevelsDue, reader: Reader, say: Texts) -> Card | None:
    """As long as they wait; they are shown and adopted in one's own chat, so the channel has no button for it."""
    if reader.today.year != message.year or not_to_decide(reader.tx, reader.now) is not None:
        return None
    title = say("base_levels.wait", year=message.year)
    buttons = () if reader.channel else (Button(say("base_levels.back"), "base_levels"),)
    return Card(title, (Text(title, "title"), Text(say("base_levels.wait.do"))), buttons)


def _selection(tx: Transaction, message: DateNear, reader: Reader, now: datetime, say: Texts) -> Card | None:
    """A date of the year's selection is near, with the units that are red or yellow now."""
    occasion, due = message.occasion, message.due
    if has_passed(tx, occasion, due.year, message.part):
        return None
    # Counted now: it may have waited for a person who could not be reached.
    days = (due - municipal_day(now)).days
    when = say("selection.in_days", n=days, day=due) if days > 0 else _today_or_before(due, now, say)
    parts: list[Part] = [
        Text(say(f"selection.{occasion}"), "title"),
        *_of_half(message, say),
        *_to_the_official(message, reader.person, say),
        Text(when),
        Text(say(f"selection.{occasion}.do")),
        Text(say("selection.units"), "heading"),
        *_raised_units(reader, say),
        Text(say("risk.last"), "subtle"),
    ]
    return Card(say("selection.summary"), tuple(parts))


def _of_half(message: DateNear, say: Texts) -> list[Part]:
    """Which of the year's two selections it is about."""
    if not message.part:
        return []
    name = say.say(selection_name(message.due.year, NAMES[message.part]))
    return [Text(capital(name), "subtle")]


def _to_the_official(message: DateNear, person: Person | None, say: Texts) -> list[Part]:
    if person is None or person.id != message.official_id:
        return []
    return [Text(say("selection.official", name=person.name.split()[0]))]


def _today_or_before(due: date, now: datetime, say: Texts) -> str:
    """The date may have been a weekend, or a wake was missed."""
    return say("selection.today") if due == municipal_day(now) else say("selection.was", day=due)


def _raised_units(reader: Reader, say: Texts) -> list[Part]:
    rows = unit_rows(rows_in_bands(reader, ("red", "yellow")), say)
    shown = [*rows] or [Text(say("status.none_to_follow"), "good")]
    return [*shown, *still_counting(is_still_counting(reader), say)]


def _log_review(tx: Transaction, message: LogReviewDue, person: Person | None, say: Texts) -> Card | None:
    """How to review the quarter's access log, as long as nobody has."""
    assert person is not None
    quarter = message.reviewed
    if is_reviewed(tx, quarter):
        return None
    parts = (
        Text(say("log_review.title", quarter=quarter), "title"),
        Text(say("log_review.about")),
        Text(say("log_review.do", quarter=quarter, key=person.key)),
    )
    return Card(say("log_review.summary"), parts)


def _log_checkpoint(tx: Transaction, now: datetime, say: Texts) -> Card:
    """Where the access log ends as this is sent, signed; of an end that was changed by hand, that."""
    try:
        made = signed_end(tx, now)
    except ValueError:
        said: tuple[Part, ...] = (Text(say("cli.log.not_sound"), "warning"),)
    else:
        about = say("log_checkpoint.about", n=made.entries)
        said = (Text(about), Text(made.line()), Text(say("log_checkpoint.do"), "subtle"))
    return Card(say("log_checkpoint.summary"), (Text(say("log_checkpoint.title"), "title"), *said))
