"""A person who has only a keyboard: she goes from one place of a page to the next, and sees where she is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page, expect

MOST = 200
# Where the keyboard is: what it is called, and whether anything shows it there.
_HERE = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const label = here.getAttribute("aria-label") || [...(here.labels || [])].map(one => one.innerText).join(" ");
  return {
    tag: here.tagName.toLowerCase(), type: here.type || "", field: here.name || "", value: here.value ?? "",
    checked: Boolean(here.checked), title: (label || here.innerText || "").replace(/\\s+/g, " ").trim(),
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@dataclass(frozen=True)
class Place:
    """Where the keyboard is; `ringed` and `seen` where a sighted person can tell."""

    tag: str
    type: str
    field: str
    value: str
    checked: bool
    title: str
    ringed: bool
    seen: bool


@dataclass
class Keys:
    page: Page

    async def here(self) -> Place:
        """Never nowhere, and always shown."""
        found: dict[str, Any] = await self.page.evaluate(_HERE)
        place = Place(**found)
        assert place.tag not in ("body", "html"), "the keyboard is nowhere"
        assert place.ringed, f"nothing shows where the keyboard is: {place}"
        assert place.seen, f"the keyboard is out of sight: {place}"
        return place

    async def press(self, key: str) -> Place:
        await self.page.keyboard.press(key)
        return await self.here()

    async def to(self, title: str, key: str = "Tab") -> Place:
        """The next place that is called so."""
        passed: list[str] = []
        for _ in range(MOST):
            place = await self.press(key)
            if place.title.startswith(title):
                return place
            passed.append(place.title)
        raise AssertionError(f"no {title} among {passed}")

    async def enter(self, title: str, then: str = "h1") -> Place:
        """Goes to what is called so and presses it; what comes of it is where the keyboard is afterwards."""
        await self.to(title)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator(f"{then}:focus")).to_have_count(1)
        return await self.here()

    async def fill(self, answers: Mapping[str, str], until: str) -> None:
        """Each field as she comes to it, on the way to the button."""
        left = dict(answers)
        for _ in range(MOST):
            place = await self.press("Tab")
            if place.tag == "button" and place.title == until:
                assert not left, f"never came to {left}"
                return
            if place.field in left:
                await self._answer(place, left[place.field])
                if place.type != "checkbox" or place.value == left[place.field].split(",")[-1]:
                    del left[place.field]
        raise AssertionError(f"no {until}")

    async def _answer(self, place: Place, value: str) -> None:
        if place.type == "checkbox":
            if (place.value in value.split(",")) != place.checked:
                await self.press("Space")
        elif place.type in ("radio", "select-one"):
            await self._arrow(place, value)
        else:
            await self.page.keyboard.press("ControlOrMeta+a")
            await self.page.keyboard.type(value)

    async def _arrow(self, place: Place, value: str) -> None:
        """One of several; where none is chosen a blank chooses the first."""
        if place.type == "radio" and not place.checked:
            place = await self.press("Space")
        for _ in range(MOST):
            if place.value == value:
                return
            place = await self.press("ArrowDown")
        raise AssertionError(f"{place.field} has no {value}")
