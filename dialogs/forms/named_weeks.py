"""What is said of a week that was typed and that its year does not have, before the form that asks for the days."""

from dialogs.card import Text
from dialogs.turn import Turn
from texts.named_spans import no_week_in, said_of


def week_notes(turn: Turn) -> list[Text]:
    week = no_week_in(turn.said.text, turn.acting.today)
    return [Text(said_of(week, turn.say), "problem")] if week else []
