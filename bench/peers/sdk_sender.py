"""The SDK's ConnectorClient: one client and one set of credentials, and all messages under way at once.

That is more than it gives an app by itself, which gets a client and credentials of its own for each conversation.
"""

import argparse
import asyncio
import json
import time
from pathlib import Path
from typing import Any

from botbuilder.schema import Activity, Attachment
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import MicrosoftAppCredentials

from bench.peers import plain_http

CARD = "application/vnd.microsoft.card.adaptive"
AT_ONCE = 100


async def _send(given: dict[str, Any]) -> dict[str, float]:
    plain_http.allow()
    credentials = MicrosoftAppCredentials(
        given["app_id"], "bench", oauth_scope="https://api.botframework.com"
    )
    credentials.oauth_endpoint = f"{given['keys']}/adfs"
    client = ConnectorClient(credentials, base_url=given["service_url"])
    card = json.loads(given["card"])
    room = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        activity = Activity(
            type="message", summary="Hej", attachments=[Attachment(content_type=CARD, content=card)]
        )
        async with room:
            await client.conversations.send_to_conversation(f"a:w{number % given['recipients']}", activity)

    # So that the first token is not in what is measured.
    await one(0)
    spent, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*[asyncio.create_task(each) async for each in _paced(given, one)])
    return {"cpu": time.process_time() - spent, "seconds": time.perf_counter() - began}


async def _paced(given: dict[str, Any], one: Any) -> Any:
    """Starts a message when its slot comes; the SDK knows no limit, so an app has to keep it."""
    loop, per_second = asyncio.get_running_loop(), given["per_second"]
    began = loop.time()
    for number in range(given["messages"]):
        if per_second:
            await asyncio.sleep(max(0.0, began + number / per_second - loop.time()))
        yield one(number)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("given", type=json.loads)
    given = parser.parse_args().given
    Path(given["result"]).write_text(json.dumps(asyncio.run(_send(given))), encoding="utf-8")


if __name__ == "__main__":
    main()
