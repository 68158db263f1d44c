"""The link that opens a thing in the tab in Teams; it names its kind and number, and nothing of a child."""

import json
from collections.abc import Callable
from functools import partial
from urllib.parse import quote, urlencode

from bot.settings import Settings
from texts.catalogue import Texts
from workspace.frame.entry import ROOT

TAB = "arbetsyta"
# Windows takes no longer one.
LONGEST = 1_900


def deep_link(settings: Settings, link: str) -> str:
    """Empty where the pages cannot be reached; in local mode the page itself."""
    if not settings.address:
        return ""
    page = f"{settings.address}{ROOT}" + (f"?{urlencode({'sub': link})}" if link else "")
    if settings.local:
        return page
    context = {"context": json.dumps({"subEntityId": link})} if link else {}
    query = {"tenantId": settings.tenant_id, "webUrl": page, "label": Texts("sv")("page.tab"), **context}
    return f"https://teams.microsoft.com/l/entity/{settings.tab_app_id}/{TAB}?{urlencode(query, quote_via=quote)}"


def page_links(settings: Settings) -> Callable[[str], str]:
    """For the cards: the tab in Teams, or in local mode the page beside the chat."""
    return partial(deep_link, settings)
