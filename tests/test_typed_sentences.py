"""What people type is read right: a table of sentences, those of questions.md and as many again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.commands.questions import ANSWERED_BY, NOT_ANSWERED, typed_words
from dialogs.commands.registered import COMMANDS
from followup.people import ALLOWED, Conversation, Role
from followup.questions.days import Days
from followup.questions.grammar import INTENTS, Intent
from followup.questions.reading import Reading, nearest_intents, read_sentence, time_that_cannot_be
from followup.questions.weeks import NoSuchWeek
from followup.questions.words import vocabulary, with_homes, with_names, words_of
from tests.support import typed_sentences
from tests.support.typed_sentences import (
    BEFORE_LOOKING,
    BEFORE_THE_GRAMMAR,
    EVERY,
    FROM_QUESTIONS,
    HOMES,
    IN_SHORT,
    MORE,
    NAMES,
    TODAY,
    UNSEEN,
    Typed,
    block,
)
from texts.catalogue import LANGUAGES, Texts

KNOWN = with_names(with_homes(vocabulary(typed_words()), HOMES), NAMES)
CONVERSATIONS = {one.name: one.conversation for one in COMMANDS}


def allowed(role: str) -> set[Intent]:
    """As by the table of roles; what one asks about a child of one's own belongs to reporting."""
    may = ALLOWED[Role(role)]
    answered = {
        one for one, names in ANSWERED_BY.items() if any(CONVERSATIONS[name] in may for name in names)
    }
    said = {one for one, about in NOT_ANSWERED.items() if about in may}
    own: set[Intent] = {"own_child"} if Conversation.REPORT in may else set()
    return answered | said | own


def read(sentence: str, role: str = "manager") -> Reading | None:
    return read_sentence(sentence, KNOWN, allowed(role), TODAY)


def as_meant(one: Typed) -> bool:
    found = read(one.sentence, one.role)
    if found is None:
        return one.intent == "?"
    days = (found.days.first, found.days.last) if found.days else None
    about = {found.about, found.topic} - {""} or {""}
    return (found.intent, days) == (one.intent, one.period) and IN_SHORT.get(one.about, one.about) in about


def misread(one: Typed) -> bool:
    return read(one.sentence, one.role) is not None and not as_meant(one)


def test_at_least_two_hundred_sentences_are_held_against_it_forty_of_them_written_before_it() -> None:
    assert len(EVERY) == len({(one.role, one.sentence) for one in EVERY}) >= 200
    assert (len(block(BEFORE_THE_GRAMMAR)), len(block(UNSEEN)), len(block(FROM_QUESTIONS))) == (40, 40, 65)
    assert len(block(MORE)) >= 95
    assert len(block(BEFORE_LOOKING)) == 25


@pytest.mark.parametrize(
    "lines", ["FROM_QUESTIONS", "BEFORE_THE_GRAMMAR", "UNSEEN", "BEFORE_LOOKING", "MORE"]
)
def test_nine_in_ten_are_read_right_and_none_wrongly(lines: str) -> None:
    each = block(getattr(typed_sentences, lines))
    assert [one for one in each if misread(one)] == []
    not_read = [one.sentence for one in each if not as_meant(one)]
    assert len(not_read) * 10 <= len(each), not_read


@pytest.mark.parametrize("line", typed_sentences.TIMES.strip().splitlines())
def test_every_word_for_a_time_is_known_where_figures_are_asked_for(line: str) -> None:
    time, days = (one.strip() for one in line.split("|"))
    found = read(f"avvikelser {time}")
    asked = f"{found.days.first} {found.days.last}" if found and found.days else ""
    assert asked == days


@pytest.mark.parametrize(
    ("today", "typed", "found"),
    [
        ("2026-11-28", "vecka 53", Days(date(2026, 12, 28), date(2027, 1, 3))),
        ("2027-01-12", "vecka 53", None),
        ("2027-11-28", "vecka 52", None),
        ("2028-03-01", "vecka 53", NoSuchWeek(2028, 53)),
        ("2026-11-28", "week 53 2025", NoSuchWeek(2025, 53)),
        ("2026-11-28", "nästa kvartal", Days(date(2027, 1, 1), date(2027, 3, 31))),
        ("2026-11-28", "avvikelser", None),
    ],
)
def test_a_time_that_has_not_begun_or_a_week_that_is_not_there_is_known_as_that(
    today: str, typed: str, found: Days | NoSuchWeek | None
) -> None:
    assert time_that_cannot_be(f"klagomål {typed}", KNOWN, date.fromisoformat(today)) == found


ODDLY_TYPED = [
    "<at>Uppföljaren</at> hur går det för Vintertorp",
    "> läge oktober\nhur går det för Vintertorp",
    "”Hur går det för Vintertorp?”",
    "hur ga\u030ar det fo\u0308r Vintertorp",
    "hur\u00a0går\u200b det för\tVintertorp…",
    "HUR GÅR DET FÖR VINTERTORP!!!",
    "hej! hur går det för Vintertorp, tack",
    "hur gar det for vintertorp",
    "hur går det för Vintertorps",
]


@pytest.mark.parametrize("sentence", ODDLY_TYPED)
def test_how_it_is_typed_does_not_change_what_is_read(sentence: str) -> None:
    assert read(sentence) == Reading("provider", "Vintertorp")


OTHERWISE_MEANT = [
    ("manager", "vilka har inte fått påminnelse"),
    ("manager", "påminn inte Bilal"),
    ("manager", "påminn Kerstin"),
    ("manager", "påminn Bilal och Anna Ek"),
    ("manager", "Anna Ek tar över Bilals placeringar"),
    ("manager", "Bilal ersätter"),
    ("manager", "vem är ersättare för Kerstin"),
    ("manager", "avtal som inte går ut"),
    ("manager", "antal avvikelser igår"),
    ("manager", "hur många klagomål på Bilal i år"),
    ("manager", "fler avvikelser i år och förra året än 2024"),
    ("manager", "Bilal slutar inte"),
    ("worker", "pojken har inte rymt"),
    ("worker", "jag jobbar nästa vecka"),
    ("manager", "hur går det inte för Vintertorp"),
    ("manager", "läge oktober november"),
    ("manager", "läge 2029"),
    ("manager", "vem har svarat"),
    ("worker", "jag är inte sjuk"),
    ("worker", "barnet är sjukt"),
    ("worker", "räven är ledig"),
    ("worker", "barnet har inte blivit slaget"),
    ("worker", "hur många avvikelser i år"),
    ("quality", "stäng larm A-129"),
    ("quality", "inga fler larm"),
    ("quality", "ta bort signal A-129"),
]


@pytest.mark.parametrize(("role", "sentence"), OTHERWISE_MEANT)
def test_one_word_more_that_may_change_what_is_meant_is_asked_about(role: str, sentence: str) -> None:
    assert read(sentence, role) is None


@pytest.mark.parametrize(
    ("sentence", "days", "beside"),
    [
        ("har det blivit fler avvikelser än i fjol", None, (date(2025, 1, 1), date(2025, 12, 31))),
        ("fler avvikelser i oktober än i september", 10, (date(2026, 9, 1), date(2026, 9, 30))),
    ],
)
def test_more_than_then_is_a_comparison(sentence: str, days: int | None, beside: tuple[date, date]) -> None:
    found = read(sentence)
    assert found is not None
    assert (found.days.first.month if found.days else None) == days
    assert found.beside == Days(*beside)


def test_a_comparison_is_read_beside_the_days_that_are_asked_about() -> None:
    assert read("antal avvikelser i år jämfört med förra året") == Reading(
        "signal_count",
        topic="deviation",
        days=Days(date(2026, 1, 1), TODAY),
        beside=Days(date(2025, 1, 1), date(2025, 12, 31)),
    )


@pytest.mark.parametrize(
    ("role", "sentence", "nearest"),
    [
        ("manager", "påminn Kerstin", "remind_worker"),
        ("manager", "hur många besök saknas på nätterna", "missed_visits"),
        ("quality", "vilka larm gäller ekonomin", "alerts"),
        ("worker", "får jag ta semester utomlands", "leave"),
    ],
)
def test_what_is_not_read_is_nearest_to_what_shares_its_meaning(
    role: str, sentence: str, nearest: str
) -> None:
    assert read(sentence, role) is None
    assert nearest in nearest_intents(sentence, KNOWN, allowed(role))[:3]


@pytest.mark.parametrize("role", ["worker", "quality", "manager", "admin"])
def test_nobody_is_read_as_asking_what_the_role_may_not(role: str) -> None:
    for one in EVERY:
        found = read(one.sentence, role)
        assert found is None or found.intent in allowed(role), one.sentence


def test_every_intent_is_meant_by_some_sentence_and_leads_to_a_command_or_to_no_answer() -> None:
    assert {one.intent for one in EVERY} - {"?"} == set(INTENTS)
    assert ANSWERED_BY.keys() | NOT_ANSWERED.keys() | {"own_child"} == set(INTENTS)
    assert ANSWERED_BY.keys() & NOT_ANSWERED.keys() == set()
    assert {name for names in ANSWERED_BY.values() for name in names} <= CONVERSATIONS.keys()


def test_no_phrase_means_two_things() -> None:
    meant: dict[tuple[str, ...], set[str]] = {}
    for concept, phrases in typed_words().items():
        for phrase in phrases:
            meant.setdefault(tuple(words_of(phrase)), set()).add(concept)
    assert {words: concepts for words, concepts in meant.items() if len(concepts) > 1 or not words} == {}


@given(st.text(max_size=400))
def test_any_text_is_read_or_not_and_never_fails(text: str) -> None:
    found = read(text)
    assert found is None or found.days is None or found.days.first <= found.days.last


# Asked with a name or a number, or no sentence at all.
NAMING = {"provider", "evidence", "last_follow_up", "remind_worker", "hand_over", "own_child", "show_signal"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_that_is_proposed_is_read_as_what_it_is_proposed_for(language: str) -> None:
    """`question.example.`, by each role that may ask it; what is answered with a word alone is never proposed."""
    say = Texts(language)
    proposed = set(ANSWERED_BY) - {"no_ranking", "help", "thanks", "greeting"}
    wrong = [
        (role, intent, say(f"question.example.{intent}"))
        for intent in sorted(proposed - NAMING)
        for role in ("worker", "quality", "manager")
        if intent in allowed(role) and _otherwise(say(f"question.example.{intent}"), role, intent)
    ]
    assert wrong == []


def _otherwise(sentence: str, role: str, intent: Intent) -> bool:
    """What there is to do a worker asks of her list, and never of the desk."""
    intents = allowed(role) - ({"my_desk"} if "my_tasks" in allowed(role) else set())
    found = read_sentence(sentence, KNOWN, intents, TODAY)
    return intent in intents and (found is None or found.intent != intent)
