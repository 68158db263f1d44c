from datetime import date
from typing import Any

import pytest

from bot.local.fields import field_of
from bot.local.terminal import actions_of, draw, inputs_of
from bot.local.terminal_chat import toggled

CHOICES = [{"title": "utan anmärkning", "value": "ok"}, {"title": "oro", "value": "worry"}]


def column(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "Column", "width": "auto", "items": [{"type": "TextBlock", "text": text}], **more}


def row(case: str, state: str) -> dict[str, Any]:
    pressed = {"type": "Action.Execute", "title": f"Öppna {case}", "verb": "open", "data": {"case": case}}
    wide = column(case, width="stretch")
    return {"type": "ColumnSet", "columns": [wide, column(state), column("Öppna", selectAction=pressed)]}


def card(*body: dict[str, Any], actions: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": list(actions)}


FORM = card(
    {"type": "TextBlock", "text": "Månadsrapport **oktober**", "weight": "Bolder"},
    {
        "type": "FactSet",
        "facts": [{"title": "Ärende", "value": "SD-104"}, {"title": "Enhet", "value": "Ängen"}],
    },
    row("SD-104", "kvar"),
    row("SD-2", "klar"),
    {"type": "Input.Date", "id": "visit", "label": "Senaste besök", "isRequired": True, "separator": True},
    {"type": "TextBlock", "text": "Datumet ligger i framtiden.", "color": "Attention"},
    {"type": "Input.ChoiceSet", "id": "health", "label": "Hälsa", "choices": CHOICES, "value": "ok"},
    {"type": "Input.Toggle", "id": "alone", "title": "Jag har talat enskilt med barnet", "value": "true"},
    {"type": "Input.Text", "id": "nonce", "value": "abc", "isVisible": False},
    actions=(
        {"type": "Action.Execute", "title": "Skicka", "verb": "hand_in"},
        {"type": "Action.Submit", "title": "Avbryt", "associatedInputs": "None"},
    ),
)

DRAWN = """\
Månadsrapport oktober
Ärende  SD-104
Enhet   Ängen
SD-104                                    kvar  [1] Öppna
SD-2                                      klar  [2] Öppna

(1) Senaste besök *: ____
! Datumet ligger i framtiden.
(2) Hälsa: (•) utan anmärkning  ( ) oro
(3) [x] Jag har talat enskilt med barnet

[3] Skicka   [4] Avbryt"""


def test_a_card_is_drawn_as_a_person_would_read_it() -> None:
    assert draw(FORM, width=57) == DRAWN


def test_a_fact_that_is_one_long_word_is_shown_whole() -> None:
    fact = {"title": "Kontrollsumma", "value": "0123456789abcdef" * 4}
    drawn = draw(card({"type": "FactSet", "facts": [fact]}), 60)
    assert "".join(drawn.split()) == "Kontrollsumma" + fact["value"]


def test_bold_and_colours_come_only_when_asked_for() -> None:
    assert "\x1b[" in draw(FORM, styled=True)
    assert "\x1b[" not in draw(FORM)


def test_a_picture_is_not_named_where_the_text_before_it_says_the_same() -> None:
    chart = {"type": "Image", "url": "https://bild.example", "altText": "Svar per månad"}
    heading = {"type": "TextBlock", "text": "Svar per månad"}
    assert draw(card(heading, chart)) == "Svar per månad"
    assert draw(card(chart, heading)) == "[bild: Svar per månad]\nSvar per månad"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("Larmgränsen är 50 %.", ["Larmgränsen är", "50 %."]),
        ("Larmgränsen är 50\u00a0%.", ["Larmgränsen är", "50 %."]),
        ("27 kap. i SoL, 7 §", ["27 kap. i SoL,", "7 §"]),
    ],
)
def test_a_number_is_not_parted_from_its_sign(words: str, lines: list[str]) -> None:
    assert draw(card({"type": "TextBlock", "text": words}), width=17).splitlines() == lines


def test_a_choice_and_a_button_stay_on_their_lines() -> None:
    field = {"type": "Input.ChoiceSet", "id": "health", "label": "Hälsa", "choices": CHOICES}
    buttons = (
        {"type": "Action.Submit", "title": "Lämna in"},
        {"type": "Action.Submit", "title": "Gå tillbaka"},
    )
    drawn = draw(card(field, actions=buttons), width=29).splitlines()
    assert drawn == ["(1) Hälsa:", "( ) utan anmärkning  ( ) oro", "", "[1] Lämna in", "[2] Gå tillbaka"]


def test_what_is_marked_in_words_is_not_marked_twice() -> None:
    assert (
        draw(card({"type": "TextBlock", "text": "⚠ Datum saknas.", "color": "Attention"}))
        == "⚠ Datum saknas."
    )


def test_a_long_checksum_is_shown_whole() -> None:
    facts = {"type": "FactSet", "facts": [{"title": "Kontrollsumma", "value": "0123456789" * 3}]}
    drawn = draw(card(facts), width=35)
    assert "".join(drawn.split()) == "Kontrollsumma" + "0123456789" * 3


def test_text_in_brackets_is_not_taken_for_markup() -> None:
    assert draw(card({"type": "TextBlock", "text": "[bold]inte fet[/bold]"})) == "[bold]inte fet[/bold]"


def test_a_table_is_drawn_with_its_heading() -> None:
    cells = [
        [{"items": [{"type": "TextBlock", "text": word}]} for word in line.split()]
        for line in ("Enhet Band", "Ängen röd")
    ]
    table = {"type": "Table", "columns": [{"width": 1}] * 2, "rows": [{"cells": one} for one in cells]}
    assert draw(card(table)) == "Enhet  Band\nÄngen  röd"


def test_what_the_terminal_does_not_know_is_drawn_by_its_fallback_or_left_out() -> None:
    fallback = {"type": "TextBlock", "text": "12 enheter"}
    drawn = draw(card({"type": "Chart.Donut", "fallback": fallback}, {"type": "Badge", "text": "ny"}))
    assert drawn == "12 enheter"


def test_actions_are_numbered_in_drawing_order() -> None:
    assert [(one.number, one.title) for one in actions_of(FORM)] == [
        (1, "Öppna SD-104"),
        (2, "Öppna SD-2"),
        (3, "Skicka"),
        (4, "Avbryt"),
    ]


def test_an_action_takes_the_cards_inputs_unless_it_says_none() -> None:
    *_, send, cancel = actions_of(FORM)
    assert [field.id for field in send.fields] == ["visit", "health", "alone"]
    assert send.hidden == {"nonce": "abc"}
    assert (cancel.fields, cancel.hidden) == ((), {})


def test_inputs_that_a_person_sees_are_listed_with_their_values() -> None:
    assert [(field.id, field.value) for field in inputs_of(FORM)] == [
        ("visit", ""),
        ("health", "ok"),
        ("alone", "true"),
    ]


def test_an_unfolded_card_takes_its_own_inputs_and_those_around_it() -> None:
    inner = card(
        {"type": "Input.Text", "id": "reason", "label": "Skäl"},
        actions=({"type": "Action.Execute", "title": "Avskriv"},),
    )
    outer = card(
        {"type": "Input.Text", "id": "note", "label": "Anteckning"},
        actions=(
            {"type": "Action.ShowCard", "title": "Avskriv …", "card": inner},
            {"type": "Action.Execute", "title": "Ta"},
        ),
    )
    assert draw(outer) == ("(1) Anteckning: ____\n\n[1] Ta\nAvskriv …\n  (2) Skäl: ____\n\n  [2] Avskriv")
    take, dismiss = actions_of(outer)
    assert [field.id for field in take.fields] == ["note"]
    assert [field.id for field in dismiss.fields] == ["note", "reason"]


def test_toggling_shows_what_was_hidden() -> None:
    hidden = card({"type": "TextBlock", "id": "more", "text": "Underlag", "isVisible": False})
    pressed = {"type": "Action.ToggleVisibility", "targetElements": ["more"]}
    assert draw(hidden) == ""
    assert draw(toggled(hidden, pressed)) == "Underlag"
    assert draw(toggled(toggled(hidden, pressed), pressed)) == ""


@pytest.mark.parametrize(
    ("element", "answer", "value"),
    [
        ({"type": "Input.Text", "value": "förra"}, "", "förra"),
        ({"type": "Input.Text", "value": "förra"}, "-", ""),
        ({"type": "Input.Text"}, " Allt är bra ", "Allt är bra"),
        ({"type": "Input.Toggle"}, "j", "true"),
        ({"type": "Input.Toggle", "value": "1", "valueOn": "1", "valueOff": "0"}, "nej", "0"),
        ({"type": "Input.ChoiceSet", "choices": CHOICES}, "2", "worry"),
        ({"type": "Input.ChoiceSet", "choices": CHOICES}, "Oro", "worry"),
        ({"type": "Input.ChoiceSet", "choices": CHOICES, "isMultiSelect": True}, "1, 2", "ok,worry"),
        ({"type": "Input.Number"}, "2,5", "2.5"),
        ({"type": "Input.Date"}, "2026-10-30", "2026-10-30"),
    ],
)
def test_a_typed_answer_becomes_the_inputs_value(element: dict[str, Any], answer: str, value: str) -> None:
    assert field_of({"id": "field", **element}, 1).typed(answer) == value


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("2026-10-30", "2026-10-30"),
        ("nästa fredag", "2026-11-13"),
        ("10/3", "2027-03-10"),
        ("i går", "2026-11-03"),
        ("om två veckor", "2026-11-18"),
        # More than one day, and words that name none beside one that does.
        ("i dag eller i morgon", None),
        ("kanske i morgon", None),
        ("31/2", None),
    ],
)
def test_a_day_may_be_typed_in_words_where_it_is_typed(answer: str, meant: str | None) -> None:
    field = field_of({"id": "field", "type": "Input.Date"}, 1)
    # A Wednesday.
    today = date(2026, 11, 4)
    if meant is not None:
        assert field.typed(answer, today) == meant
        return
    with pytest.raises(ValueError, match="nästa fredag"):
        field.typed(answer, today)


@pytest.mark.parametrize(
    ("element", "answer", "problem"),
    [
        ({"type": "Input.Text", "isRequired": True}, "", "behöver besvaras"),
        ({"type": "Input.Toggle"}, "kanske", "j eller n"),
        ({"type": "Input.ChoiceSet", "choices": CHOICES}, "3", "mellan 1 och 2"),
        ({"type": "Input.Number"}, "tre", "ett tal"),
        ({"type": "Input.Date"}, "30/10", "datum som 2026-11-02"),
    ],
)
def test_an_answer_that_cannot_be_read_is_refused_in_words(
    element: dict[str, Any], answer: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        field_of({"id": "field", **element}, 1).typed(answer)
