"""The workspace as the settings have it: with the tab's door in Teams, with a name in local mode, or not at all."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.keys import KeySet
from bot.settings import Settings
from bot.turned_away import TurnedAway
from bot.workspace.entra import TabToken, identifier_uri, issuers_of
from bot.workspace.files import read_files
from bot.workspace.installed import installed
from bot.workspace.links import deep_link
from bot.workspace.routes import Workspace, add_workspace, origin_of
from bot.workspace.visiting import Visiting
from followup.access.directory import normal_id
from storage.engine.database import Database


def add_pages(
    app: web.Application,
    settings: Settings,
    database: Database,
    clock: Callable[[], datetime],
    session: aiohttp.ClientSession,
    woken: Callable[[], None],
) -> None:
    """For an address that people reach them by."""
    workspace = Workspace(
        Visiting(database, clock, settings.as_municipality.on_page, installed(settings)),
        read_files(teams=not settings.local),
        origin_of(settings.address),
        TurnedAway(database, clock),
        None if settings.local else tab_door(settings, clock, session),
        "" if settings.local else deep_link(settings, ""),
        woken=woken,
    )
    add_workspace(app, workspace)


def tab_door(settings: Settings, clock: Callable[[], datetime], session: aiohttp.ClientSession) -> TabToken:
    """Each tenant's and each version's keys by themselves, and none of the channel's among them."""
    issuers = [one for tenant in settings.tenants for one in issuers_of(normal_id(tenant))]
    keys = {one.name: KeySet(session, f"{settings.login_url}/{one.keys_path}", clock) for one in issuers}
    return TabToken(
        keys,
        clock,
        app_id=settings.app_id,
        resource=identifier_uri(urlsplit(settings.address).netloc, settings.app_id),
        tenants=settings.tenants,
        first_tenant=settings.tenant_id,
    )
