"""The echo bot of botbuilder-python's samples (02.echo-bot, its CloudAdapter and its app.py), single-tenant."""

import argparse
import json

from aiohttp import web
from botbuilder.core import ActivityHandler, MessageFactory, TurnContext
from botbuilder.core.integration import aiohttp_error_middleware
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

from bench.peers import plain_http


class EchoBot(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(MessageFactory.text(f"Echo: {turn_context.activity.text}"))


class Configuration:
    """What the samples' config.py holds, and where our key server is in the place of Microsoft's."""

    APP_TYPE = "SingleTenant"
    APP_PASSWORD = "bench"
    CALLER_ID = None
    VALIDATE_AUTHORITY = True
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = "https://api.botframework.com/.default"
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = "https://api.botframework.com"
    OAUTH_URL = "https://api.botframework.com"

    def __init__(self, given: dict[str, str]) -> None:
        self.APP_ID, self.APP_TENANTID = given["app_id"], given["tenant"]
        # The name that lets MSAL take another host than Microsoft's own, with as many questions to it.
        self.TO_CHANNEL_FROM_BOT_LOGIN_URL = f"{given['keys']}/adfs"
        self.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = f"{given['keys']}/configuration"
        self.TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = f"{given['keys']}/configuration"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("given", type=json.loads)
    arguments = parser.parse_args()
    plain_http.allow()
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration(arguments.given)))
    bot = EchoBot()

    async def messages(request: web.Request) -> web.StreamResponse:
        return await adapter.process(request, bot)

    app = web.Application(middlewares=[aiohttp_error_middleware])
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=arguments.port, access_log=None, print=None)


if __name__ == "__main__":
    main()
