"""A page's forms as a browser without script knows them: what each sends, filled in from the types of its fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXT, NUMBER, FILE = "Skrivet utan skript.", "1", "file"


@dataclass
class PlainForm:
    """`asked` has the kind of each field that is to be filled in, and `offered` what can be chosen of it."""

    action: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, day: str, own: Mapping[str, str]) -> dict[str, list[str]]:
        """As it is sent by its first button: what stands in a field stands, and the others get something of their type.

        `own` are the values of fields that must be more than of the right type.
        """
        typed = {name: self._typed(name, day) for name in self.asked if not any(self.sent.get(name, ()))}
        pressed = {name: [value] for name, value in self.buttons[:1] if name}
        return {**self.sent, **typed, **{name: [one] for name, one in own.items()}, **pressed}

    def _typed(self, name: str, day: str) -> list[str]:
        kind = self.asked[name]
        if kind == "chosen":
            return [next((one for one in self.offered.get(name, ()) if one), "")]
        if f"dag.{name}" in self.sent or kind == "date":
            return [day]
        return [NUMBER if kind == "number" else TEXT]


class _Reading(HTMLParser):
    """Of what is not hidden from the one who presses; `label` and all else that is only seen is passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PlainForm] = []
        self._here: PlainForm | None = None
        self._list = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._here = PlainForm(given["action"]) if given.get("method") == "post" else None
            self.forms += [self._here] if self._here else []
        elif self._here is None or "disabled" in given:
            return
        elif tag == "button":
            self._here.buttons += [(given.get("name", ""), given.get("value", ""))] * (
                given.get("type") == "submit"
            )
        elif tag == "input" and given.get("name"):
            self._input(self._here, given)
        elif tag == "select":
            self._list = given["name"]
            self._here.asked[self._list] = "chosen"
        elif tag == "option" and self._list:
            self._here.offered.setdefault(self._list, []).append(given.get("value", ""))
            if "selected" in given:
                self._here.sent[self._list] = [given.get("value", "")]
        elif tag == "textarea" and given.get("name"):
            self._text = given["name"]
            self._here.asked[self._text] = "text"

    def _input(self, form: PlainForm, given: Mapping[str, str]) -> None:
        name, kind, value = given["name"], given.get("type", "text"), given.get("value", "")
        if kind in ("checkbox", "radio"):
            form.asked[name] = "chosen"
            form.offered.setdefault(name, []).append(value)
            if "checked" in given:
                form.sent.setdefault(name, []).append(value)
            return
        if kind != "hidden":
            numeric = given.get("inputmode") in ("numeric", "decimal")
            form.asked[name] = "number" if numeric else kind
        if kind != FILE:
            form.sent.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self._here is not None and self._text:
            self._here.sent.setdefault(self._text, []).append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = None
        elif tag == "select":
            self._list = ""
        elif tag == "textarea":
            self._text = ""


def forms_in(html: str) -> list[PlainForm]:
    reading = _Reading()
    reading.feed(html)
    return reading.forms


def form_of(html: str, address: str) -> PlainForm | None:
    """The first form of the page that leads to the address, where {} is any number."""
    pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", address))
    return next((one for one in forms_in(html) if pattern.fullmatch(one.action)), None)
