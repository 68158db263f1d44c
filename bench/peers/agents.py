"""An echo on the Microsoft 365 Agents SDK: CloudAdapter, its token middleware, and the lighter ActivityHandler."""

import argparse
import json

from aiohttp import web
from microsoft_agents.activity import load_configuration_from_env
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
from microsoft_agents.hosting.core import ActivityHandler, MessageFactory, TurnContext
from microsoft_agents.hosting.core.authorization import _entra_issuers

from bench.peers import plain_http

ISSUER = "https://api.botframework.com"


class EchoAgent(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(MessageFactory.text(f"Echo: {turn_context.activity.text}"))


def connections(given: dict[str, str]) -> MsalConnectionManager:
    """As its samples read it from the environment."""
    prefix = "CONNECTIONS__SERVICE_CONNECTION__SETTINGS__"
    settings = {
        "CLIENTID": given["app_id"],
        "CLIENTSECRET": "bench",
        "TENANTID": given["tenant"],
        "AUTHORITY": f"{given['keys']}/adfs",
    }
    return MsalConnectionManager(
        **load_configuration_from_env({prefix + name: value for name, value in settings.items()})
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("given", type=json.loads)
    arguments = parser.parse_args()
    plain_http.allow()
    # The SDK has the address of the channel's keys in a table, and no setting for it.
    _entra_issuers.BOTFRAMEWORK_JWKS_URIS[ISSUER] = f"{arguments.given['keys']}/keys"
    manager = connections(arguments.given)
    adapter, agent = CloudAdapter(connection_manager=manager), EchoAgent()

    async def messages(request: web.Request) -> web.StreamResponse:
        return await adapter.process(request, agent)

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = manager.get_default_connection_configuration()
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=arguments.port, access_log=None, print=None)


if __name__ == "__main__":
    main()
