"""What the pages load: our own stylesheet and script, and htmx and TeamsJS as npm gave them, under their hashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from workspace.frame.entry import ROOT

ROOT_FOLDER = Path(__file__).parents[2]
OWN = ROOT_FOLDER / "workspace/static"
FROM_NPM = ROOT_FOLDER / "node_modules"
HTMX = Path("htmx.org/dist/htmx.min.js")
TEAMS = Path("@microsoft/teams-js/dist/umd/MicrosoftTeams.min.js")
CACHED = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TYPES = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True)
class LoadedFile:
    content: bytes
    content_type: str


@dataclass(frozen=True)
class PageFiles:
    """`addresses` by the plain name; a name holds the content's hash, so that nothing old is ever taken for new."""

    addresses: Mapping[str, str]
    by_name: Mapping[str, LoadedFile]

    async def serve(self, request: web.Request) -> web.Response:
        found = self.by_name.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return web.Response(
            body=found.content, content_type=found.content_type, charset="utf-8", headers=CACHED
        )


def read_files(*, teams: bool, npm: Path = FROM_NPM) -> PageFiles:
    """Read once at the start; what npm has not installed is left out, and the page says so. `teams` in Teams alone."""
    wanted = {"workspace.css": OWN / "workspace.css", "htmx.js": npm / HTMX}
    wanted |= {"teams.js": npm / TEAMS} if teams else {}
    wanted["workspace.js"] = OWN / "workspace.js"
    addresses, by_name = {}, {}
    for name, path in wanted.items():
        if path.exists():
            content = path.read_bytes()
            stem, _, ending = name.partition(".")
            hashed = f"{stem}.{sha256(content).hexdigest()[:16]}.{ending}"
            addresses[name] = f"{ROOT}/static/{hashed}"
            by_name[hashed] = LoadedFile(content, _TYPES[f".{ending}"])
    return PageFiles(addresses, by_name)
