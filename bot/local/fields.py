"""A card's inputs in a terminal: how each is shown, and how a typed answer becomes its value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from bot.local.pieces import unbroken
from texts.named_days import only_day

YES, NO = ("j", "ja", "true", "x"), ("n", "nej", "false")
CLEAR = "-"


class InputKind(StrEnum):
    TEXT = "Input.Text"
    NUMBER = "Input.Number"
    DATE = "Input.Date"
    TIME = "Input.Time"
    TOGGLE = "Input.Toggle"
    CHOICE = "Input.ChoiceSet"
    CHOICES = "many"


@dataclass(frozen=True)
class InputChoice:
    title: str
    value: str


@dataclass(frozen=True)
class Input:
    """One input, numbered as it is drawn; a toggle's two choices are on and off."""

    number: int
    id: str
    label: str
    kind: InputKind
    choices: tuple[InputChoice, ...]
    value: str
    required: bool

    def shown(self) -> str:
        if self.kind is InputKind.TOGGLE:
            return f"({self.number}) [{'x' if self.value == self.choices[0].value else ' '}] {self.label}"
        star = " *" if self.required else ""
        if self.choices:
            offered = [unbroken(self._mark(choice)) for choice in self.choices]
            return f"({self.number}) {self.label}{star}: {'  '.join(offered)}"
        return f"({self.number}) {self.label}{star}: {self.value or '____'}"

    def _mark(self, choice: InputChoice) -> str:
        chosen = choice.value in self.value.split(",")
        if self.kind is InputKind.CHOICES:
            return f"[{'x' if chosen else ' '}] {choice.title}"
        return f"({'•' if chosen else ' '}) {choice.title}"

    def question(self) -> str:
        """What is asked for in the terminal; what stands in brackets is kept with Enter."""
        if self.kind is InputKind.TOGGLE:
            return f"({self.number}) {self.label} (j/n) [{'j' if self.value == self.choices[0].value else 'n'}]: "
        numbered = ", ".join(f"{number} {choice.title}" for number, choice in enumerate(self.choices, 1))
        told = f" ({numbered})" if numbered else ""
        current = ", ".join(choice.title for choice in self.choices if choice.value in self.value.split(","))
        return f"({self.number}) {self.label}{told} [{current or self.value}]: "

    def typed(self, answer: str, today: date | None = None) -> str:
        """The value of a typed answer; ValueError, in words for the person, when it cannot be one.

        A day may be named in words from `today`.
        """
        answer = answer.strip()
        value = self.value if not answer else "" if answer == CLEAR else self._value_of(answer, today)
        if self.required and not value:
            raise ValueError("Det här behöver besvaras.")
        return value

    def _value_of(self, answer: str, today: date | None) -> str:
        match self.kind:
            case InputKind.DATE if today is not None:
                return _day(answer, today)
            case InputKind.TOGGLE:
                return self._toggle(answer)
            case InputKind.CHOICE:
                return self._choice(answer)
            case InputKind.CHOICES:
                return ",".join(self._choice(part.strip()) for part in answer.split(","))
            case InputKind.NUMBER | InputKind.DATE | InputKind.TIME:
                return _checked(self.kind, answer)
        return answer

    def _toggle(self, answer: str) -> str:
        if answer.casefold() not in YES + NO:
            raise ValueError("Svara j eller n.")
        return self.choices[0 if answer.casefold() in YES else 1].value

    def _choice(self, answer: str) -> str:
        for number, choice in enumerate(self.choices, 1):
            if answer.casefold() in (str(number), choice.value.casefold(), choice.title.casefold()):
                return choice.value
        raise ValueError(f"Svara med ett tal mellan 1 och {len(self.choices)}.")


def _day(answer: str, today: date) -> str:
    named = only_day(answer, today)
    return named.isoformat() if named else _checked(InputKind.DATE, answer)


def _checked(kind: InputKind, answer: str) -> str:
    try:
        if kind is InputKind.DATE:
            return date.fromisoformat(answer).isoformat()
        if kind is InputKind.TIME:
            return time.fromisoformat(answer).isoformat(timespec="minutes")
        return f"{float(answer.replace(',', '.')):g}"
    except ValueError:
        wanted = {
            InputKind.DATE: "ett datum som 2026-11-02, 3/11 eller nästa fredag",
            InputKind.TIME: "en tid som 08:30",
        }
        raise ValueError(f"Skriv {wanted.get(kind, 'ett tal')}.") from None


def field_of(element: Mapping[str, Any], number: int) -> Input:
    kind = InputKind.CHOICES if element.get("isMultiSelect") else _kind(element["type"])
    choices = tuple(InputChoice(one["title"], one["value"]) for one in element.get("choices", []))
    value = str(element.get("value", ""))
    if kind is InputKind.TOGGLE:
        choices = (
            InputChoice("ja", element.get("valueOn", "true")),
            InputChoice("nej", element.get("valueOff", "false")),
        )
        value = value or choices[1].value
    named = (element.get(name) for name in ("label", "title", "placeholder", "id"))
    label = next(filter(None, named), "")
    return Input(number, element["id"], label, kind, choices, value, bool(element.get("isRequired")))


def _kind(name: str) -> InputKind:
    return InputKind(name) if name in list(InputKind) else InputKind.TEXT
