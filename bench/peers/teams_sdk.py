"""An echo on the Teams SDK for Python; with `bridged` by its BotBuilder bridge, as one who moves a bot over has it."""

import argparse
import asyncio
import json
from dataclasses import replace

import uvicorn
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from fastapi import FastAPI
from microsoft_teams.api import MessageActivity
from microsoft_teams.api.auth.cloud_environment import PUBLIC
from microsoft_teams.apps import ActivityContext, App
from microsoft_teams.apps.http import FastAPIAdapter, HttpServerAdapter
from microsoft_teams.botbuilder import BotBuilderAdapter

from bench.peers import plain_http
from bench.peers.stock import Configuration, EchoBot
from bench.processes import LOOPBACK


def server(port: int) -> FastAPIAdapter:
    """Its own server, which writes no line a request, as none of the others does."""

    def quiet(app: FastAPI) -> uvicorn.Server:
        return uvicorn.Server(uvicorn.Config(app, LOOPBACK, port, log_level="warning", access_log=False))

    return FastAPIAdapter(server_factory=quiet)


def bridge(given: dict[str, str], over: HttpServerAdapter) -> BotBuilderAdapter:
    """The samples' echo of botbuilder-python answers, and the SDK's own pipeline follows with nothing to do."""
    authentication = ConfigurationBotFrameworkAuthentication(Configuration(given))
    return BotBuilderAdapter(
        handler=EchoBot(), cloud_adapter=CloudAdapter(authentication), http_server_adapter=over
    )


def app(given: dict[str, str], port: int, *, bridged: bool) -> App:
    """Where our key server is in the place of Microsoft's is a setting of the SDK."""
    over = server(port)
    made = App(
        client_id=given["app_id"],
        client_secret="bench",
        # The name that lets MSAL take another host than Microsoft's own, with as many questions to it.
        tenant_id="adfs",
        cloud=replace(
            PUBLIC, login_endpoint=given["keys"], openid_metadata_url=f"{given['keys']}/openidconfiguration"
        ),
        http_server_adapter=bridge(given, over) if bridged else over,
    )
    if not bridged:

        @made.on_message
        async def echo(context: ActivityContext[MessageActivity]) -> None:
            await context.send(f"Echo: {context.activity.text}")

    return made


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bridged", action="store_true")
    parser.add_argument("port", type=int)
    parser.add_argument("given", type=json.loads)
    arguments = parser.parse_args()
    plain_http.allow()
    asyncio.run(app(arguments.given, arguments.port, bridged=arguments.bridged).start(arguments.port))


if __name__ == "__main__":
    main()
