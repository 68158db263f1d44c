"""What is acted out in each language, for each role; the words are typed in the language of the story."""

from tests.support.transcripts import Story, Transcript
from tests.support.turns import SLAP

MINE, AWAY = ("mina", "my"), ("ledig", "away")
BILAL = {"substitute": "4"}


def _away_and_back(story: Transcript) -> None:
    """A no, another question, a yes, the days themselves, and the morning after."""
    story.types("anna", "ledig från torsdag till nästa måndag", "away from Thursday to next Monday")
    story.presses("anna", "leave.send", BILAL)
    story.gets("bilal")
    story.presses("bilal", "stand_in.no")
    story.gets("anna")
    story.presses("anna", "stand_in.choose")
    story.presses("anna", "leave.cancel")
    story.types("anna", "ledig 5/11-9/11", "away 5/11 - 9/11")
    story.presses("anna", "leave.send", BILAL)
    story.gets("bilal")
    story.presses("bilal", "stand_in.yes")
    story.types("anna", *AWAY)
    story.types("anna", "vem är min ersättare", "who is my substitute")
    for day in ("2026-11-05 08:00", "2026-11-06 08:00", "2026-11-10 08:00"):
        story.comes(day, "anna", "bilal")


def _ill_today(story: Transcript) -> None:
    """The list comes with the question, and leaves again when she is back sooner."""
    story.comes("2026-11-03 09:00")
    story.types("anna", "ledig i dag till fredag", "away today until Friday")
    story.presses("anna", "leave.send", BILAL)
    story.comes("2026-11-03 09:05", "anna", "bilal")
    story.comes("2026-11-04 08:00", "anna", "bilal")
    story.types("anna", *MINE)
    story.presses("anna", "leave.cancel")
    story.gets("bilal")
    story.types("anna", *MINE)


def _two_months(story: Transcript) -> None:
    """A round that opened late is open still as the next one opens."""
    for day in ("11-20 09:00", "11-24 08:00", "12-01 08:00", "12-03 08:00", "12-04 08:00"):
        story.comes(f"2026-{day}", "anna")
    story.types("anna", *MINE)


def _history(story: Transcript) -> None:
    """What she answered, one answer of it corrected, and a reminder taken back."""
    anna = story.client("anna").look()
    story.presses("anna", "list.send", dict.fromkeys([*anna.inputs][:2], "true"))
    story.types("anna", "svar", "answers")
    story.types("anna", "vad svarade jag i september", "what did I answer in September")
    story.presses("anna", "answers.show", row="AKT-3")
    story.types("anna", "AKT-1", "AKT-1")
    story.presses("anna", "answers.show", row="AKT-1")
    story.presses("anna", "correct.open")
    story.presses("anna", "correct.change", row=story.say("report.health"))
    story.presses("anna", "report.hand_in", {"health": "watch"})
    story.types("anna", "rätta AKT-99", "correct AKT-99")
    story.types("anna", "svar AKT-99", "answers AKT-99")
    story.types("anna", "påminn mig på fredag", "remind me on Friday")
    story.types("anna", *MINE)
    story.presses("anna", "snooze.cancel")


def _settings_and_help(story: Transcript) -> None:
    for key in ("anna", "karin", "maria"):
        story.types(key, "hjälp", "help")
    story.types("maria", "inställningar", "settings")
    story.types("anna", "språk engelska", "language Swedish")
    story.types("anna", "mina", "my")


def _the_teams_day(story: Transcript) -> None:
    """A serious signal, the desk, the alert taken, the signal and the unit."""
    story.types("anna", "avvikelse", "deviation")
    story.presses("anna", "signal.hand_in", {**SLAP, "unit": "1"})
    story.gets("karin")
    story.types("karin", "mitt", "desk")
    story.types("karin", "larm", "alerts")
    story.presses("karin", "alerts.open")
    story.presses("karin", "alert.take")
    for both in (("A-1", "A-1"), ("signaler", "signals"), ("läge", "status"), ("Norrgården", "Norrgården")):
        story.types("karin", *both)


def _the_managers_questions(story: Transcript) -> None:
    for swedish, english in (
        ("mitt", "desk"),
        ("hur går det för Norrgården", "how is Norrgården doing"),
        ("hur många avvikelser i år", "how many deviations this year"),
        ("jämfört med förra året", "compared with last year"),
        ("vilka har inte fått besök", "visits"),
        ("avtal som går ut", "contracts that end"),
        ("läge oktober", "status October"),
        ("obesvarade", "unanswered"),
        ("påminn Bilal", "remind Bilal"),
        ("svarsfrekvens per team i år", "response rate by team this year"),
        ("vem ersätter Anna", "who stands in for Anna"),
        ("vad kostar en stol", "what does a chair cost"),
        ("tack", "thanks"),
    ):
        story.types("maria", swedish, english)


STORIES = (
    Story("away_and_back", _away_and_back),
    Story("ill_today", _ill_today),
    Story("two_months", _two_months, begins="2026-11-20 08:00"),
    Story("history", _history),
    Story("settings_and_help", _settings_and_help),
    Story("the_teams_day", _the_teams_day),
    Story("the_managers_questions", _the_managers_questions),
)
