"""The app's manifest, and what of it each language says, by Microsoft's schema 1.30.

It asks for nothing that is not used: one permission, to be told when the person has read what the bot wrote in her own
chat, and no tab and no domain where the bot serves no page for one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.app_package.command_menu import Offered, in_own_chat, in_team
from bot.app_package.icons import ACCENT
from bot.workspace.entra import identifier_uri
from bot.workspace.links import TAB
from texts.catalogue import LANGUAGES, Texts
from workspace.frame.entry import ROOT

Json = dict[str, Any]
SCHEMA_VERSION = "1.30"
SCHEMAS = f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA_VERSION}"
COLOUR, OUTLINE = "color.png", "outline.png"
PERSONAL, TEAM = "personal", "team"
# Given for each chat by its own person, when the app is added; whoever shows nobody what she has read sends none.
READ_RECEIPTS = {"name": "ChatMessageReadReceipt.Read.Chat", "type": "Application"}
# What is said of the app, by the manifest's own names.
NAMES = ("name.short", "name.full", "description.short", "description.full")


@dataclass(frozen=True)
class Publisher:
    """Who gives the app to its people, and where they read about it."""

    name: str
    website: str
    privacy: str
    terms: str
    address: str = ""

    @property
    def host(self) -> str:
        """Where the workspace is; empty where there is none."""
        return urlsplit(self.address).netloc.lower()


def manifest(app_id: str, version: str, publisher: Publisher) -> Json:
    """One registration is one app: both have the same id."""
    usual = LANGUAGES[0]
    said = _said(Texts(usual))
    return {
        "$schema": f"{SCHEMAS}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA_VERSION,
        "version": version,
        "id": app_id,
        "localizationInfo": {
            "defaultLanguageTag": usual,
            "defaultLanguageFile": language_file(usual),
            "additionalLanguages": [
                {"languageTag": one, "file": language_file(one)} for one in LANGUAGES if one != usual
            ],
        },
        "developer": {
            "name": publisher.name,
            "websiteUrl": publisher.website,
            "privacyUrl": publisher.privacy,
            "termsOfUseUrl": publisher.terms,
        },
        "name": {"short": said["name.short"], "full": said["name.full"]},
        "description": {"short": said["description.short"], "full": said["description.full"]},
        "icons": {"color": COLOUR, "outline": OUTLINE},
        "accentColor": ACCENT,
        "defaultInstallScope": PERSONAL,
        "defaultGroupCapability": {TEAM: "bot"},
        "bots": [_bot(app_id, Texts(usual))],
        "authorization": {"permissions": {"resourceSpecific": [READ_RECEIPTS]}},
        "webApplicationInfo": {"id": app_id, "resource": _resource(app_id, publisher)},
        **(_tab(app_id, publisher, Texts(usual)) if publisher.address else {}),
    }


def _tab(app_id: str, publisher: Publisher, say: Texts) -> Json:
    """The workspace first, and then the chat."""
    page = f"{publisher.address}{ROOT}"
    tab = {
        "entityId": TAB,
        "name": say("page.tab"),
        "contentUrl": f"{page}?theme={{app.theme}}&sub={{page.subPageId}}",
        "websiteUrl": page,
        "scopes": [PERSONAL],
    }
    return {
        "staticTabs": [tab, {"entityId": "conversations", "scopes": [PERSONAL]}],
        "validDomains": [publisher.host],
    }


def _resource(app_id: str, publisher: Publisher) -> str:
    """What the tab logs in to, by the bot's own registration; without a tab Teams wants a word there and uses none."""
    return identifier_uri(publisher.host, app_id) if publisher.address else f"api://botid-{app_id}"


def _bot(app_id: str, say: Texts) -> Json:
    return {
        "botId": app_id,
        "scopes": list(menus()),
        "needsChannelSelector": True,
        "supportsFiles": False,
        "isNotificationOnly": False,
        "commandLists": [
            {
                "scopes": [scope],
                "commands": [{"title": one.title(say), "description": one.description(say)} for one in menu],
            }
            for scope, menu in menus().items()
        ],
    }


def menus() -> Mapping[str, Sequence[Offered]]:
    """By where they are offered, in the order that the languages number them by."""
    return {PERSONAL: in_own_chat(), TEAM: in_team()}


def language_file(language: str) -> str:
    return f"{language}.json"


def localization(language: str, *, tab: bool = False) -> Json:
    """All that the manifest says in words, in the one language; `tab` where it has one."""
    say = Texts(language)
    found: Json = {"$schema": f"{SCHEMAS}/MicrosoftTeams.Localization.schema.json", **_said(say)}
    if tab:
        found["staticTabs[0].name"] = say("page.tab")
    for number, menu in enumerate(menus().values()):
        for place, one in enumerate(menu):
            where = f"bots[0].commandLists[{number}].commands[{place}]"
            found |= {f"{where}.title": one.title(say), f"{where}.description": one.description(say)}
    return found


def _said(say: Texts) -> dict[str, str]:
    return {name: say(f"package.{name}") for name in NAMES}
