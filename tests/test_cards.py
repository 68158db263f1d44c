"""Every card as Teams gets it: drawn with what all clients draw, within limits, and with nothing hidden in it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.cards import BUDGET_BYTES, draw
from bot.local.terminal import actions_of
from dialogs.card import Button, Card, Choice, Facts, Field, Grid, ListRow, Part, Text, Toggle
from dialogs.commands.registered import VERBS
from followup.follow_ups.action import STATES
from followup.risk.chart import Amount, BarChart, Donut, Gauge, LineChart, Point
from followup.terms import SIGNAL_KINDS
from services.signals.judging import SIGNAL_CHANGES
from storage.engine.database import Database
from tests.support.turns import SAY, SLAP, Json, october, readable, size

EVERY_PART: tuple[Part, ...] = (
    Text("Rubrik", "title"),
    Text("Fel", "problem"),
    Text("Bra", "good"),
    Text("Se upp", "warning"),
    Facts((("Enhet", "Norrgården"),)),
    Grid(("Nivå", "Enheter"), (("Röd", "1"), ("Gul", "2"))),
    ListRow(
        "AKT-1", "Norrgården", Toggle("normal1", "Stämmer"), Button("Öppna", "open_form", {"task": 1}), "Obs"
    ),
    Field("a", "choice", "Ett", "x", (Choice("x", "X"),), required=True, problem="Välj."),
    Field("b", "choices", "Flera", "x,y", (Choice("x", "X"), Choice("y", "Y")), hint="Flera går bra."),
    Field("c", "date", "Dag", "2026-11-02"),
    Field("d", "text", "Text", "åäö **fet** <b>"),
    Field("e", "line", "Rad"),
    LineChart("Index", "Ett streck.", "Index", (Point("2026-10-31", "okt", 12),), 100, "Larmgräns"),
    BarChart("Svar", "Oktober 85.", "Procent", (Amount("okt", 85),), 100),
    Donut("Nivåer", "Röd 1.", (Amount("Röd", 1, "red"),)),
    Gauge("Inne", "1 av 2.", 1, 2, "Inne", "Saknas"),
)
# What Teams' clients draw in version 1.5; the rest they drop without a word.
DRAWN = {
    "AdaptiveCard",
    "TextBlock",
    "Container",
    "ColumnSet",
    "Column",
    "FactSet",
    "Table",
    "TableRow",
    "TableCell",
    "Input.Toggle",
    "Input.ChoiceSet",
    "Input.Date",
    "Input.Text",
    "Action.Execute",
    "Action.Submit",
    "Action.ToggleVisibility",
    "ActionSet",
    "Image",
    "Chart.Line",
    "Chart.VerticalBar",
    "Chart.Donut",
    "Chart.Gauge",
}


def elements(value: object) -> Iterator[dict[str, Any]]:
    """Every element and action of a card, without what the actions carry."""
    if isinstance(value, list):
        for one in value:
            yield from elements(one)
    elif isinstance(value, dict):
        if "type" in value:
            yield value
        for name, part in value.items():
            if name != "data":
                yield from elements(part)


def a_card(*parts: Part, buttons: tuple[Button, ...] = ()) -> Json:
    return draw(Card("Sammanfattning", parts or EVERY_PART, buttons), "n1")


def conversations_cards(municipality: Database) -> dict[str, Json]:
    """The cards of a month's conversations, by who sees them and what was asked."""
    chat = october(municipality)
    asked = {
        "anna": ("mina", "rätta", "signal", "påminn", "ledig", "hjälp", "x"),
        "karin": ("signal", "läge", "utförare", "utförare norrgården", "larm", "hjälp", "x"),
        "maria": ("läge", "utförare", "utförare norrgården", "obesvarade", "larm", "hjälp", "x"),
    }
    cards = {"prompt": chat.client("anna").shown[-1].card}
    anna = chat.client("anna").look()
    anna.press(SAY("list.open_form"), row="AKT-3")
    anna.press(SAY("report.add_signal"))
    anna.press(SAY("report.hand_in"))
    cards["form"] = anna.card
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**SLAP, "unit": "1"})
    cards["receipt"] = anna.card
    chat.deliver()
    cards["alert"] = chat.client("karin", channel=True).shown[-1].card
    for key, words in asked.items():
        for word in words:
            chat.client(key).say(word)
            cards[f"{key}: {word}"] = chat.client(key).card
    karin = chat.client("karin")
    karin.say("larm")
    karin.press(SAY("alerts.open"))
    karin.press(SAY("desk.close"))
    cards["closing"] = karin.card
    karin.press(SAY("alert.back"))
    karin.press(SAY("desk.decide"))
    cards["decision"] = karin.card
    karin.press(SAY("alert.back"))
    karin.press(SAY("alert.evidence"))
    cards["evidence"] = karin.card
    karin.press(SAY("signals.show"))
    cards["signal"] = karin.card
    karin.press(SAY("signals.regrade"))
    return {**cards, "regrade": karin.card}


def test_every_card_of_a_month_holds_to_what_teams_takes(municipality: Database) -> None:
    cards = conversations_cards(municipality)
    assert len(cards) > 25
    for name, card in cards.items():
        found = list(elements(card))
        ids = [one["id"] for one in found if "id" in one]
        assert {one["type"] for one in found} <= DRAWN, name
        assert len(card["actions"]) <= 6, name
        assert len(ids) == len(set(ids)), name
        assert size(card) < BUDGET_BYTES, name
        assert card["version"] == "1.5", name
        assert not any(
            "isEnabled" in one or one.get("style") in ("positive", "destructive") for one in found
        ), name


def test_every_button_of_a_month_is_answered_in_both_shapes(municipality: Database) -> None:
    for name, card in conversations_cards(municipality).items():
        for action in (one for one in elements(card) if one["type"] == "Action.Execute"):
            assert action["verb"] in VERBS, name
            carried, fallback = action["data"]["card"], action["fallback"]["data"]["card"]
            assert fallback == {**carried, "verb": action["verb"]}, name
            assert carried["nonce"], name
            assert action.get("associatedInputs") == action["fallback"].get("associatedInputs"), name


def test_no_card_carries_what_only_people_may_read(municipality: Database) -> None:
    """Buttons carry numbers and words of ours and nothing about a child."""
    words = {*SIGNAL_CHANGES, *STATES, *SIGNAL_KINDS}
    for name, card in conversations_cards(municipality).items():
        for action in (one for one in elements(card) if one["type"] == "Action.Execute"):
            values = {key: value for key, value in action["data"]["card"].items() if key != "nonce"}
            assert all(type(value) in (int, bool, list) or value in words for value in values.values()), (
                name,
                values,
            )


def test_a_notification_never_names_a_child(municipality: Database) -> None:
    for name, card in conversations_cards(municipality).items():
        for spoken in (card["fallbackText"], card["speak"]):
            assert not any(secret in spoken for secret in ("AKT-", "slag", "2026-10-30", "Anna", "garden")), (
                name
            )


def test_colour_is_never_the_only_sign() -> None:
    read = readable(a_card())
    assert ("⚠ Fel" in read, "✓ Bra" in read, "⚠ Se upp" in read, "⚠ Välj." in read) == (True,) * 4


def test_a_rows_button_says_which_row_it_belongs_to() -> None:
    titles = [one.title for one in actions_of(a_card())]
    assert titles == ["Öppna: AKT-1"]


def test_every_input_has_a_label_and_the_needed_ones_a_star() -> None:
    labels = {one["id"]: one.get("label", one.get("title")) for one in elements(a_card()) if "id" in one}
    assert labels == {"normal1": "Stämmer", "a": "Ett *", "b": "Flera", "c": "Dag", "d": "Text", "e": "Rad"}


def test_a_hint_is_drawn_nearer_to_its_input_than_to_the_one_before() -> None:
    [hinted] = [
        one for one in a_card()["body"] if any(part.get("id") == "b" for part in one.get("items", []))
    ]
    hint, field = hinted["items"]
    assert (hint["text"], hinted["spacing"], field["spacing"]) == ("Flera går bra.", "Medium", "Small")


@pytest.mark.parametrize(
    ("field", "drawn"),
    [
        ("a", {"type": "Input.ChoiceSet", "value": "x", "isMultiSelect": False, "style": "expanded"}),
        ("b", {"type": "Input.ChoiceSet", "value": "x,y", "isMultiSelect": True}),
        ("c", {"type": "Input.Date", "value": "2026-11-02"}),
        ("d", {"type": "Input.Text", "value": "åäö **fet** <b>", "isMultiline": True}),
        ("e", {"type": "Input.Text", "isMultiline": False}),
    ],
)
def test_an_input_holds_what_was_typed_as_it_was_typed(field: str, drawn: dict[str, object]) -> None:
    [found] = [one for one in elements(a_card()) if one.get("id") == field]
    assert {name: found[name] for name in drawn} == drawn
    assert ("value" in found) == ("value" in drawn)


@pytest.mark.parametrize("takes_inputs", [True, False])
def test_a_button_that_takes_no_inputs_leaves_them_alone(takes_inputs: bool) -> None:
    [action] = a_card(buttons=(Button("Sänd", "help", takes_inputs=takes_inputs),))["actions"]
    assert ("associatedInputs" in action) != takes_inputs


def test_more_buttons_than_teams_takes_are_never_drawn() -> None:
    buttons = tuple(Button(str(number), "help") for number in range(9))
    assert len(a_card(buttons=buttons)["actions"]) == 6


def test_a_card_speaks_its_language() -> None:
    assert draw(Card("x", ()), "n", "en")["lang"] == "en"
    assert draw(Card("x", ()), "n")["lang"] == "sv"


@pytest.mark.parametrize("text", ["\u0000", "\ud800", "👩‍👧", "\u202e", "</script>", '"\\'])
def test_any_text_can_be_sent(text: str) -> None:
    card = a_card(Text(text), Field("x", "text", "Text", text))
    assert json.loads(json.dumps(card)) == card


def test_a_table_is_also_a_list_with_each_value_by_its_header_for_clients_without_tables() -> None:
    grid = Grid(("Enhet", "Nu", "Sedan"), (("Norr", "grön", "gul"), ("Söder", "röd", "röd")))
    [drawn] = draw(Card("Visning", (grid,)), "n")["body"]
    assert drawn["type"] == "Table"
    # A heading's longest month breaks inside the word where a column is a fifth of a phone.
    assert [one["width"] for one in drawn["columns"]] == [2, 1, 1]
    listed = drawn["fallback"]["items"]
    assert [one["text"] for one in listed if one["type"] == "TextBlock"] == ["Norr", "Söder"]
    facts = [[tuple(one.values()) for one in each["facts"]] for each in listed if each["type"] == "FactSet"]
    assert facts == [[("Nu", "grön"), ("Sedan", "gul")], [("Nu", "röd"), ("Sedan", "röd")]]
