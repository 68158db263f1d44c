"""What people choose for themselves, in one card: language, quiet days, and when the weekly digest comes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.form_fields import by_field
from dialogs.forms.verbs import Command, Verb
from dialogs.overview.digest import digest_card
from dialogs.turn import Reply, Stored, Turn
from followup.overview.digest import WEEKDAYS, DigestChoice
from followup.people import Conversation
from followup.wording.wording import Problem
from services.acting import Refused
from services.overview.settings import PersonalSettings, choose_settings, settings
from services.views.digest import digest_now
from texts.catalogue import LANGUAGES, Texts

ON, OFF = "on", "off"
# The languages by what people type for them.
_NAMED: Mapping[str, str] = {
    **dict.fromkeys(("svenska", "swedish", "sv"), "sv"),
    **dict.fromkeys(("engelska", "english", "en"), "en"),
}


def settings_form(turn: Turn) -> Reply:
    return Reply(card=_card(turn, settings(turn.acting)))


def language(turn: Turn) -> Reply:
    """`språk engelska` is taken at its word; what is said in other words is filled in, for her to save."""
    named = _NAMED.get(turn.said.rest.casefold().strip(" .!?"))
    if named is None:
        return settings_form(turn)
    return _saved(turn, choose_settings(turn.acting, language=named))


def propose_language(turn: Turn, named: str) -> Reply:
    """The card with the language filled in and nothing changed."""
    return Reply(card=_card(turn, replace(settings(turn.acting), language=named)))


def save(turn: Turn) -> Reply:
    """What was not chosen among what there is stays as it was, as on a card that had no field for it."""
    typed = turn.press.inputs
    days = typed.get("quiet_days")
    return _saved(
        turn,
        choose_settings(
            turn.acting,
            language=typed.get("language"),
            quiet_days=None if days is None else {day for day in WEEKDAYS if str(day) in days.split(",")},
            wanted={ON: True, OFF: False}.get(typed.get("wanted", "")),
            weekday=next((day for day in WEEKDAYS if str(day) == typed.get("weekday")), None),
        ),
    )


def _saved(turn: Turn, chosen: PersonalSettings | Refused) -> Reply:
    if isinstance(chosen, Refused):
        if not chosen.problems:
            return Reply(notice=turn.say("refused.role"))
        asked = replace(settings(turn.acting), quiet_days=frozenset(WEEKDAYS))
        return Reply(card=_card(turn, asked, problems=chosen.problems))
    hers = replace(turn, say=Texts(chosen.language))
    card = _card(hers, chosen, _receipt(chosen, hers.say))
    return Reply(card=card, effect=Stored("settings", _numbers(chosen)), language=chosen.language)


def _card(
    turn: Turn, chosen: PersonalSettings, receipt: str = "", problems: tuple[Problem, ...] = ()
) -> Card:
    say = turn.say
    parts: list[Part] = [
        Text(say("settings.title"), "title"),
        *([Text(receipt, "good")] if receipt else []),
        Field("language", "choice", say("settings.language"), chosen.language, _languages()),
        Field(
            "quiet_days",
            "choices",
            say("settings.quiet_days"),
            ",".join(map(str, sorted(chosen.quiet_days))),
            _weekdays(say),
            problem=by_field(problems, say).get("quiet_days", ""),
            hint=say("settings.quiet_days.hint"),
        ),
        *(_digest(chosen.digest, say) if chosen.digest else []),
    ]
    save_it = Button(say("settings.save"), "save_settings", takes_inputs=True)
    look_at = [Button(say("digest.now"), "digest_now")] if chosen.digest else []
    return Card(say("settings.title"), tuple(parts), (save_it, *look_at))


def _digest(choice: DigestChoice, say: Texts) -> list[Part]:
    wanted = tuple(Choice(one, say(f"digest.wanted.{one}")) for one in (ON, OFF))
    return [
        Text(say("digest.title"), "heading"),
        Text(say("digest.about")),
        Field("wanted", "choice", say("digest.wanted"), ON if choice.wanted else OFF, wanted),
        Field("weekday", "choice", say("digest.weekday"), str(choice.weekday), _weekdays(say), compact=True),
    ]


def _languages() -> tuple[Choice, ...]:
    """Each in its own words, so that it is found by those who read no other."""
    return tuple(Choice(one, Texts(one)("settings.language.own_name")) for one in LANGUAGES)


def _weekdays(say: Texts) -> tuple[Choice, ...]:
    return tuple(Choice(str(day), say(f"digest.weekday.{day}")) for day in WEEKDAYS)


def _receipt(chosen: PersonalSettings, say: Texts) -> str:
    """All that holds now, in the language that was chosen."""
    days = [say(f"digest.weekday.{day}") for day in sorted(chosen.quiet_days)]
    told = [
        say("settings.speaks", language=say("settings.language.own_name")),
        say("settings.quiet", days=", ".join(days)) if days else say("settings.not_quiet"),
        *([_of_digest(chosen.digest, say)] if chosen.digest else []),
    ]
    return " ".join(told)


def _of_digest(choice: DigestChoice, say: Texts) -> str:
    day = say(f"digest.weekday.{choice.weekday}")
    return say("digest.saved_on", day=day) if choice.wanted else say("digest.saved_off")


def _numbers(chosen: PersonalSettings) -> dict[str, Any]:
    digest = [chosen.digest.wanted, chosen.digest.weekday] if chosen.digest else []
    return {
        "language": LANGUAGES.index(chosen.language),
        "quiet": sorted(chosen.quiet_days),
        "digest": digest,
    }


def told_again(turn: Turn, of: Mapping[str, Any]) -> Reply:
    """What was saved then, and what holds now."""
    digest = DigestChoice(*of["digest"]) if of["digest"] else None
    saved = PersonalSettings(LANGUAGES[of["language"]], frozenset(of["quiet"]), digest)
    return _again(turn, settings(turn.acting) == saved, _receipt(saved, turn.say))


def digest_told_again(turn: Turn, saved: DigestChoice) -> Reply:
    """Of a card that had the digest alone."""
    return _again(turn, settings(turn.acting).digest == saved, _of_digest(saved, turn.say))


def _again(turn: Turn, is_so_still: bool, receipt: str) -> Reply:
    told = receipt if is_so_still else f"{receipt} {turn.say('receipt.changed')}"
    return Reply(card=_card(turn, settings(turn.acting), told))


def look(turn: Turn) -> Reply:
    """The last seven days, to look at; the next one comes as it would have."""
    found = digest_now(turn.acting)
    if isinstance(found, Refused):
        return Reply(notice=turn.say("refused.role"))
    return Reply(card=digest_card(found, turn.say))


OFFERED = (
    Command("digest", Conversation.DIGEST, ("veckobrev", "veckobrevet", "digest"), settings_form),
    Command("settings", Conversation.SETTINGS, ("inställningar", "installningar", "settings"), settings_form),
    Command(
        "language",
        Conversation.SETTINGS,
        ("språk", "sprak", "language"),
        language,
        takes_words=True,
        listed=False,
    ),
    Verb("settings", Conversation.SETTINGS, settings_form),
    Verb("save_settings", Conversation.SETTINGS, save),
    # The digest's own card had these, and cards live for months.
    Verb("digest", Conversation.DIGEST, settings_form),
    Verb("save_digest", Conversation.DIGEST, save),
    Verb("digest_now", Conversation.DIGEST, look),
)
