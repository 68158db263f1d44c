"""The table of what each answer of the connector means, row by row, and what was missed on each topic."""

import pytest

from bot.connector import Outcome
from bot.fate import Fate, Stage, fate_of
from followup import AlertId, RoundId, SignalId
from followup.messages.alerts import AlertAgain, AlertRaised, EvidenceAsked, LedTo
from followup.messages.missed import Missed, to_say_again
from followup.messages.month import Prompt, Reminder

SPEAKING: tuple[Stage, ...] = ("saying", "beginning_thread")
AGAIN, UNCERTAIN, FAILED, REFUSED, GONE = "again", "uncertain", "failed", "refused", "gone"


def answered(status: int, code: str = "") -> Outcome:
    return Outcome(status, {"error": {"code": code}} if code else {})


@pytest.mark.parametrize(
    ("status", "code", "opening", "speaking"),
    [
        (0, "", AGAIN, AGAIN),
        (0, "NoToken", AGAIN, AGAIN),
        (301, "", AGAIN, UNCERTAIN),
        (307, "", AGAIN, UNCERTAIN),
        (400, "BadSyntax", FAILED, FAILED),
        (401, "Unauthorized", AGAIN, AGAIN),
        (403, "", FAILED, FAILED),
        (403, "Forbidden", FAILED, FAILED),
        (403, "NoTeamsAccount", FAILED, FAILED),
        (403, "BotDisabledByAdmin", REFUSED, REFUSED),
        (403, "BotNotInConversationRoster", REFUSED, REFUSED),
        (403, "ConversationBlockedByUser", REFUSED, REFUSED),
        (403, "ForbiddenOperationException", REFUSED, REFUSED),
        (403, "MessageWritesBlocked", REFUSED, REFUSED),
        (404, "", FAILED, FAILED),
        (404, "ActivityNotFoundInConversation", FAILED, FAILED),
        (404, "ConversationNotFound", GONE, GONE),
        (405, "", FAILED, FAILED),
        (408, "", AGAIN, UNCERTAIN),
        (412, "", AGAIN, AGAIN),
        (413, "MessageSizeTooBig", FAILED, FAILED),
        (429, "", AGAIN, AGAIN),
        (500, "", AGAIN, UNCERTAIN),
        (500, "ConversationNotFound", AGAIN, UNCERTAIN),
        (501, "", AGAIN, UNCERTAIN),
        (502, "", AGAIN, UNCERTAIN),
        (503, "", AGAIN, AGAIN),
        (504, "", AGAIN, UNCERTAIN),
    ],
)
def test_what_an_answer_means(status: int, code: str, opening: Fate, speaking: Fate) -> None:
    assert fate_of("opening", answered(status, code)) == opening
    assert {fate_of(stage, answered(status, code)) for stage in SPEAKING} == {speaking}


def test_contact_that_is_lost_leaves_uncertain_what_had_been_said() -> None:
    assert fate_of("opening", None) == AGAIN
    assert {fate_of(stage, None) for stage in SPEAKING} == {UNCERTAIN}


def test_what_was_taken_was_sent_and_a_conversation_without_a_name_is_asked_for_again() -> None:
    assert {fate_of(stage, answered(201)) for stage in SPEAKING} == {"sent"}
    assert fate_of("opening", answered(201)) == AGAIN


def test_of_what_was_missed_the_newest_on_each_topic_is_said() -> None:
    missed = [
        Missed(9, Reminder(RoundId(2))),
        Missed(8, Prompt(RoundId(2))),
        Missed(7, AlertAgain(AlertId(5))),
        Missed(6, AlertRaised(AlertId(5))),
        Missed(5, AlertRaised(AlertId(4))),
        Missed(4, EvidenceAsked(AlertId(4))),
        Missed(3, LedTo("link", (SignalId(1),))),
        Missed(2, LedTo("regrade", (SignalId(1),))),
    ]
    assert to_say_again(missed) == [9, 7, 5, 3, 2]


def test_one_alert_stands_for_no_message_of_several() -> None:
    of_several = AlertAgain(AlertId(5), (AlertId(3), AlertId(4)))
    assert to_say_again([Missed(2, AlertRaised(AlertId(5))), Missed(1, of_several)]) == [2, 1]
    assert to_say_again([Missed(2, of_several), Missed(1, of_several)]) == [2]


def test_a_list_that_has_just_arrived_covers_the_one_that_was_missed() -> None:
    missed = [Missed(2, Prompt(RoundId(2))), Missed(1, AlertRaised(AlertId(5)))]
    assert to_say_again(missed, [Reminder(RoundId(2))]) == [1]
    assert to_say_again(missed, [AlertRaised(AlertId(6))]) == [2, 1]
