"""What is typed by its name or code, where there is more than can stand in a list to choose from."""

from collections.abc import Mapping

from rapidfuzz import fuzz, process, utils

from followup.provider import Unit
from followup.wording.form import clean_text
from followup.wording.wording import Wording, wording
from services.acting import Reader
from storage.register import units

# Of more than that one is typed: a card with thousands is too large for Teams, and nobody looks through them.
MOST_OFFERED = 200
CLOSEST = 3
# More signs than any name has; the rest of what is typed would only be compared for long with each of thousands.
LONGEST = 200


def key_or_closest(names: Mapping[str, str], typed: str) -> tuple[str | None, str]:
    """The key of the one that is called so, by name or key; else the names that are most like it, with their keys."""
    wanted = _spaced(typed)
    found = [key for key, name in names.items() if wanted in map(_spaced, _called(key, name))]
    if len(found) == 1:
        return found[0], ""
    like = [_told(key, names[key]) for key in (found or names)]
    near = process.extract(
        typed[:LONGEST], like, scorer=fuzz.WRatio, processor=utils.default_process, limit=CLOSEST
    )
    return None, ", ".join(name for name, _, _ in near)


def _told(key: str, name: str) -> str:
    return f"{name} ({key})"


def _called(key: str, name: str) -> tuple[str, ...]:
    """Also as it is told among those that are like what was typed, from where it is copied."""
    return key, name, _told(key, name), f"({key})"


def _spaced(text: str) -> str:
    """As it is compared: in one Unicode form, in small letters, with one blank wherever there are any."""
    return " ".join(clean_text(text).casefold().split())


def unit_named(reader: Reader, typed: str) -> tuple[Unit | None, list[Wording]]:
    """The followed unit with the code or the name, else the names that are most like what was typed."""
    if not typed.strip():
        return None, [wording("selection.add.no_unit")]
    found, near = key_or_closest(units.followed_names(reader.tx), typed)
    if found is not None:
        return units.by_key(reader.tx, found), []
    return None, [wording("selection.add.which", typed=typed.strip(), near=near)]
