"""Who has not answered (obesvarade): by worker, with a reminder that the manager sends, and who cannot be reached."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Grid, ListRow, Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn
from followup import PersonId
from followup.access.access import DataKind
from followup.people import Conversation, Person
from followup.questions.words import folded, words_of
from followup.risk.chart import Gauge
from services.acting import Refused
from services.month.missing_reports import NOBODY, Missing, Owing
from services.month.sharing_out import remind
from services.own_people import OwnPeople
from services.views.unanswered import IN_DOUBT, Reached, Unanswered, Unreached
from services.views.unanswered import unanswered as read_unanswered
from texts.catalogue import Texts

MOST_PEOPLE, MOST_BUTTONS = 60, 15
# What may be typed beside a name.
_POLITE = frozenset(map(folded, ("tack", "snälla", "please")))


def unanswered(turn: Turn) -> Reply:
    """What is missing by worker in the open rounds, and what nobody answers for."""
    return unanswered_reply(turn)


def unanswered_reply(turn: Turn, receipt: Text | None = None, stored: Stored | None = None) -> Reply:
    """With what has just been done, if anything."""
    found = read_unanswered(turn.acting)
    if isinstance(found, Refused):
        return Reply(notice=turn.say("refused.role"))
    return Reply(card=_card(found, receipt, turn.say), effect=stored)


def _card(found: Unanswered, receipt: Text | None, say: Texts) -> Card:
    missing = found.missing
    parts: list[Part] = [
        Text(say("unanswered.title"), "title"),
        *([receipt] if receipt else []),
        *answered_so_far(found, say),
        *at_most(MOST_BUTTONS, [_row(one, say) for one in missing.owing], say("unanswered.more"), say),
        *ownerless(missing.ownerless, say),
        *([] if missing else [Text(say("unanswered.none"), "good")]),
        *how_many_were_reached(found.reached, say),
        *not_reached(found.unreached, say),
    ]
    return Card(say("unanswered.title"), tuple(parts), _buttons(missing, say), page="obesvarade")


def _buttons(missing: Missing, say: Texts) -> tuple[Button, ...]:
    someone = any(not one.reminded for one in missing.owing)
    everyone = (Button(say("unanswered.remind_all"), "remind_all"),) if someone else ()
    nobodys = (hand_over_nobodys(say),) if missing.ownerless else ()
    return (*everyone, *nobodys, Button(say("hand_over.open"), "reassign_form")) if missing else ()


def answered_so_far(found: Unanswered, say: Texts) -> list[Part]:
    """Nothing where nobody is asked."""
    answered, all_ = sum(one.answered for one in found.rates), sum(one.asked for one in found.rates)
    if not all_:
        return []
    title = say("unanswered.gauge", months=", ".join(say.write(month) for month in found.months))
    sentence = say("unanswered.answered", answered=answered, all=all_)
    return [Gauge(title, sentence, answered, all_, say("unanswered.in"), say("unanswered.missing"))]


def _row(owing: Owing, say: Texts) -> ListRow:
    """Name and count, no child."""
    worker, said = owing.person, say("unanswered.row", n=owing.number)
    if owing.reminded:
        return ListRow(_name_and_team(worker), f"{said} {say('unanswered.reminded')}")
    button = Button(say("unanswered.remind"), "remind_worker", {"worker": worker.id})
    return ListRow(_name_and_team(worker), said, button=button)


def _name_and_team(person: Person) -> str:
    return f"{person.name} ({person.team})" if person.team else person.name


def remind_worker(turn: Turn) -> Reply:
    """One reminder to one worker, once a day at most whoever presses."""
    return _reminded(turn, turn.press.id("worker", PersonId))


def _reminded(turn: Turn, worker_id: PersonId | None) -> Reply:
    done = remind(turn.acting, [] if worker_id is None else [worker_id])
    if isinstance(done, Refused) or not (done.now or done.before):
        return unanswered_reply(turn, Text(turn.say("unanswered.nothing_left"), "subtle"))
    if not done.now:
        said = turn.say("unanswered.remind_before", name=done.before[0].name)
        return unanswered_reply(turn, Text(said, "good"))
    said = turn.say("unanswered.remind_done", name=done.now[0].name)
    return unanswered_reply(turn, Text(said, "good"), Stored("reminded", {"workers": [worker_id]}))


def remind_named(turn: Turn) -> Reply:
    """`påminn Bilal`: that worker alone, and only where nothing but her name was typed; otherwise the list is shown."""
    wanted = [word for word in words_of(turn.said.rest) if word not in _POLITE]
    workers = OwnPeople(turn.acting, DataKind.MISSING).workers()
    named = [one for one in workers if wanted in (words_of(one.name), words_of(one.name)[:1])]
    if len(named) != 1:
        said = "unanswered.remind_which" if named else "unanswered.remind_whom"
        return unanswered_reply(turn, Text(turn.say(said), "warning"))
    return _reminded(turn, named[0].id)


def told_again(turn: Turn, worker_ids: Sequence[PersonId]) -> Reply:
    return unanswered_reply(turn, Text(reminded_in_words(turn, worker_ids), "good"))


def reminded_in_words(turn: Turn, worker_ids: Sequence[PersonId]) -> str:
    """Who was reminded, as far as they are still the reader's own people."""
    own = OwnPeople(turn.acting, DataKind.MISSING)
    if len(worker_ids) == 1 and own.has(worker_ids[0]):
        return turn.say("unanswered.remind_done", name=own.led[worker_ids[0]].name)
    return turn.say("unanswered.reminded_all", n=len(worker_ids))


def remind_all(turn: Turn) -> Reply:
    done = remind(turn.acting)
    if isinstance(done, Refused) or not (done.now or done.before):
        return unanswered_reply(turn, Text(turn.say("unanswered.nobody_left"), "subtle"))
    if not done.now:
        return unanswered_reply(turn, Text(turn.say("unanswered.all_reminded"), "subtle"))
    receipt = Text(turn.say("unanswered.reminded_all", n=len(done.now)), "good")
    return unanswered_reply(turn, receipt, Stored("reminded", {"workers": [one.id for one in done.now]}))


def not_reached(unreached: Sequence[Unreached], say: Texts) -> list[Part]:
    """Why, and what to do about it; those who may have been reached apart."""
    surely = [one for one in unreached if one.reason != IN_DOUBT]
    perhaps = [one for one in unreached if one.reason == IN_DOUBT]
    return [*_named(surely, "unreachable.title", say), *_named(perhaps, "unreachable.in_doubt_title", say)]


def _named(unreached: Sequence[Unreached], title: str, say: Texts) -> list[Part]:
    return [Text(say(title), "heading"), *named(unreached, say)] if unreached else []


def named(unreached: Sequence[Unreached], say: Texts) -> list[Part]:
    rows: list[Part] = [ListRow(one.person.name, say(f"unreachable.{one.reason}")) for one in unreached]
    return at_most(MOST_ROWS, rows, "", say)


def how_many_were_reached(reached: Reached, say: Texts) -> list[Part]:
    """Nothing where nobody has been asked yet."""
    numbers = {"told": reached.told, "in_doubt": reached.in_doubt, "not_told": reached.not_told}
    read = [Text(say("unanswered.read", n=reached.read), "subtle")] if reached.read else []
    if not any(numbers.values()):
        return []
    everybody = not (reached.in_doubt or reached.not_told)
    found = say("unanswered.reached_all" if everybody else "unanswered.reached", **numbers)
    return [Text(found, "subtle"), *read]


def hand_over_nobodys(say: Texts) -> Button:
    """From where they are told of: the form, filled in with those that nobody answers for."""
    return Button(say("hand_over.nobodys"), "reassign_form", {"from": NOBODY})


def missing_by_worker(missing: Missing, say: Texts) -> list[Part]:
    """As a table, for a message: names and counts, then the placements without anyone."""
    rows = tuple((_name_and_team(one.person), str(one.number)) for one in missing.owing)
    parts: list[Part] = []
    if rows:
        parts.append(Grid((say("unanswered.worker"), say("unanswered.number")), rows[:MOST_PEOPLE]))
    if len(rows) > MOST_PEOPLE:
        parts.append(Text(say("evidence.more", n=len(rows) - MOST_PEOPLE), "subtle"))
    return [*parts, *ownerless(missing.ownerless, say)]


def ownerless(units: Sequence[str], say: Texts) -> list[Part]:
    """Only a manager can give them an owner; they are told by unit."""
    if not units:
        return []
    rows = [Text(f"• {unit}") for unit in sorted({*units})]
    return [Text(say("unanswered.ownerless", n=len(units)), "warning"), *at_most(MOST_ROWS, rows, "", say)]


OFFERED = (
    Command("unanswered", Conversation.UNANSWERED, ("obesvarade", "unanswered"), unanswered),
    Command(
        "remind_worker",
        Conversation.UNANSWERED,
        ("påminn", "paminn", "remind"),
        remind_named,
        takes_words=True,
        listed=False,
    ),
    Verb("unanswered", Conversation.UNANSWERED, unanswered),
    Verb("remind_worker", Conversation.UNANSWERED, remind_worker),
    Verb("remind_all", Conversation.UNANSWERED, remind_all),
)
