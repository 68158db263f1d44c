"""The quality team's signals as a list (signaler), narrowed by what is typed after the word, and the day's message."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.lists import MOST_ROWS
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn
from followup.messages.alerts import SignalsOfDay
from followup.people import Conversation
from followup.signals.filters import LONGEST_PHRASE, Phrase, SignalFilter, Sort, plain_word, read_filter
from followup.signals.progress import ENDS, STATES, state_in_words
from followup.signals.signal import AREAS, CATEGORIES, MARKS
from followup.signals.situations import SITUATIONS
from followup.terms import SIGNAL_KINDS
from followup.times.month import Month
from services.acting import Reader, Refused
from services.views.signal_list import (
    SignalList,
    SignalRow,
    day_of_signals,
    handlers,
    signal_list,
    units_named,
)
from texts.catalogue import LANGUAGES, Texts, capital

MOST_WORDS, LONGEST = 30, 300
FILLER = "filler"


def listed(turn: Turn) -> Reply:
    """`signaler`, `signaler klagomål Södergården november`, or the button for those after the ones shown."""
    typed, wanted, unknown = _read(turn)
    if unknown:
        said = turn.say("signals.list.unknown", words=", ".join(unknown))
        return Reply(text=f"{said} {turn.say('signals.list.how')}")
    start = turn.press.number("start") or 0 if turn.said.press else 0
    found = signal_list(turn.acting, wanted, start, MOST_ROWS)
    if isinstance(found, Refused):
        return turn.refusal(found, "refused.role")
    if start and not found.rows:
        # An old card may say where there are none any more: an empty page would deny them all.
        start, found = 0, signal_list(turn.acting, wanted, 0, MOST_ROWS)
        assert not isinstance(found, Refused)
    return Reply(card=_card(turn, wanted, found, " ".join(typed), start))


def reads_all(turn: Turn) -> bool:
    """Whether every word stands for something that can be chosen."""
    return not _read(turn)[2]


def _read(turn: Turn) -> tuple[list[str], SignalFilter, list[str]]:
    """What was typed, what it chooses, and which words stand for nothing."""
    typed = _typed(turn)[:LONGEST].split()[:MOST_WORDS]
    return typed, *read_filter(typed, phrases(turn, typed), Month.of(turn.acting.today))


def _typed(turn: Turn) -> str:
    words = turn.press.data.get("words") if turn.said.press else turn.said.rest
    return words if isinstance(words, str) else ""


def phrases(turn: Turn, typed: Sequence[str]) -> Mapping[str, Phrase]:
    """What may be typed: the catalogue's words in both languages, units, and those who handle signals."""
    found: dict[str, Phrase] = {}
    for said, phrase in _all_phrases(turn, {plain_word(one) for one in typed}) if typed else ():
        word = said.casefold()
        if len(word.split()) <= LONGEST_PHRASE:
            found[word] = found[word] | phrase if word in found else phrase
    return found


def _all_phrases(turn: Turn, words: Set[str]) -> Iterator[tuple[str, Phrase]]:
    for say in map(Texts, LANGUAGES):
        yield from _fixed(turn, say)
    for unit in units_named(turn.acting, words):
        for said in {unit.name, unit.name.split()[0], unit.key, unit.provider_name}:
            yield said, Phrase("unit", frozenset({unit.id}))
    for person in handlers(turn.acting):
        for said in {person.name, person.name.split()[0]}:
            yield said, Phrase("owner", frozenset({person.id}))


def _fixed(turn: Turn, say: Texts) -> Iterator[tuple[str, Phrase]]:
    yield from _words(say, FILLER, Phrase())
    yield from _words(say, "overdue", Phrase("overdue", frozenset({True})))
    yield from _words(say, "mine", Phrase("owner", frozenset({turn.person.id})))
    yield from _words(say, "ended", Phrase("state", frozenset(ENDS)))
    yield from _words(say, "every", Phrase("state", frozenset(STATES)))
    for state in STATES:
        yield from _words(say, state, Phrase("state", frozenset({state})))
    for kind in SIGNAL_KINDS.values():
        for said in (kind.word, say(f"choice.signal_kind.{kind.code}"), say(f"risk.kinds.{kind.code}")):
            yield said, Phrase("kind", frozenset({kind.code}))
    sorts: tuple[tuple[Sort, str, Iterable[str]], ...] = (
        ("situation", "situation", SITUATIONS),
        ("category", "category", CATEGORIES),
        ("area", "area", AREAS),
        ("mark", "mark", MARKS),
    )
    for sort, family, codes in sorts:
        for code in codes:
            yield say(f"choice.{family}.{code}"), Phrase(sort, frozenset({code}))
    for number in range(1, 13):
        yield say.write(Month(2026, number)).split()[0], Phrase("month", frozenset({number}))


def _words(say: Texts, name: str, phrase: Phrase) -> Iterator[tuple[str, Phrase]]:
    """The catalogue parts the words of one by commas."""
    for said in say(f"signals.filter.{name}").split(","):
        yield said.strip(), phrase


def _card(turn: Turn, wanted: SignalFilter, found: SignalList, words: str, start: int) -> Card:
    say = turn.say
    title = say("signals.list.title_of", words=words) if words else say("signals.list.title")
    parts: list[Part] = [Text(title, "title")]
    if found.total:
        parts.append(Text(say("signals.list.total", n=found.total), "subtle"))
    hers = [one for one in found.rows if one.hers]
    others = [one for one in found.rows if not one.hers]
    for heading, rows in (("hers", hers), ("others", others)):
        if rows:
            parts += [Text(say(f"signals.list.{heading}"), "heading"), *(_row(one, say) for one in rows)]
    if not found.rows:
        parts.append(Text(say(_none(wanted)), "good"))
    parts.append(Text(say("signals.list.how"), "subtle"))
    rest = found.total - start - len(found.rows)
    following = {"words": words, "start": start + len(found.rows)}
    more = (Button(say("list.more", n=rest), "signals", following),) if found.rows and rest > 0 else ()
    return Card(say("signals.list.title"), tuple(parts), more)


def _none(wanted: SignalFilter) -> str:
    """Of those that are asked for alone: there may be others, decided on."""
    if wanted == SignalFilter():
        return "signals.list.none"
    return "signals.list.none_undecided" if wanted.hides_ended else "signals.list.none_such"


def _row(one: SignalRow, say: Texts) -> ListRow:
    with_whom = say("signals.with", name=one.owner) if one.owner else say("signals.with_nobody")
    state = f"{say.say(state_in_words(one.state, one.receiver))} {with_whom}"
    by_when = ""
    if one.last_day is not None:
        by_when = say("signals.overdue" if one.overdue else "signals.decide_by", day=one.last_day)
    return ListRow(
        f"{one.number} · {one.unit}",
        capital(say(f"risk.kind.{one.kind}")),
        note=f"{state} {by_when}".strip(),
        button=Button(say("signals.show"), "show_signal", {"signal": one.id}),
    )


def day_card(message: SignalsOfDay, reader: Reader, say: Texts) -> Card | None:
    """How many, no unit and no child: the list is opened from it."""
    found = day_of_signals(reader, message)
    if found is None:
        return None
    how_many = (
        say("signals.day.came_since", n=found.came, since=found.since)
        if found.since
        else say("signals.day.came", n=found.came)
    )
    came = [Text(how_many), Text(say("signals.day.hers", n=found.hers))]
    parts: list[Part] = [Text(say("signals.day.title"), "title"), *(came if found.came else [])]
    if found.undecided:
        parts.append(Text(say("signals.day.undecided", n=found.undecided)))
    if found.overdue:
        parts.append(Text(say("signals.day.overdue", n=found.overdue), "warning"))
    return Card(say("signals.day.title"), tuple(parts), (Button(say("signals.day.open"), "signals"),))


OFFERED = (
    Command("signals", Conversation.SIGNAL_DESK, ("signaler", "signals"), listed, reads=reads_all),
    Verb("signals", Conversation.SIGNAL_DESK, listed),
)
