"""The people of the demo municipality; their names are ordinary and belong to nobody in particular."""

from collections.abc import Iterator

Row = dict[str, str]

YOUNG_ADULTS, CHILDREN, QUALITY = "Team Unga vuxna", "Team Barn och unga", "Kvalitet"
PLAYABLE = ("anna", "bilal")

_WORKERS = (
    ("anna", "Anna Lindqvist", YOUNG_ADULTS),
    ("bilal", "Bilal Haddad", YOUNG_ADULTS),
    ("cecilia", "Cecilia Norén", YOUNG_ADULTS),
    ("david", "David Åkesson", YOUNG_ADULTS),
    ("elin", "Elin Björk", YOUNG_ADULTS),
    ("fatima", "Fatima Rahimi", CHILDREN),
    ("hanna", "Hanna Östlund", CHILDREN),
    ("johan", "Johan Sandell", CHILDREN),
    ("lena", "Lena Wikström", CHILDREN),
)
# Both have left: Gustav with a placement that nobody took over, Ingrid with none.
_LEFT = (
    ("gustav", "Gustav Palm", YOUNG_ADULTS),
    ("ingrid", "Ingrid Hallén", CHILDREN),
)
_MANAGERS = {YOUNG_ADULTS: "maria", CHILDREN: "olof"}


def people() -> Iterator[Row]:
    yield _person("maria", "Maria Ek", "chef", YOUNG_ADULTS)
    yield _person("olof", "Olof Rydberg", "chef", CHILDREN)
    for signature, name, team in _WORKERS:
        yield _person(signature, name, "socialsekreterare", team, _MANAGERS[team])
    for signature, name, team in _LEFT:
        yield _person(signature, name, "socialsekreterare", team, _MANAGERS[team], active="nej")
    yield _person("karin", "Karin Sjöberg", "kvalitetsteam", QUALITY)
    yield _person("yusuf", "Yusuf Demir", "kvalitetsteam", QUALITY)
    yield _person("admin", "Petra Lund", "administratör", "")


def _person(signature: str, name: str, role: str, team: str, manager: str = "", active: str = "ja") -> Row:
    return {
        "Signatur": signature,
        "Namn": name,
        "Roll": role,
        "Team": team,
        "Chef": manager,
        "Språk": "sv",
        "Aktiv": active,
        "Teams-id": f"demo-{signature}",
    }


def colleague_of(signature: str) -> str:
    """The next active worker in the same team."""
    team = next(team for key, _, team in (*_WORKERS, *_LEFT) if key == signature)
    mates = [key for key, _, other in _WORKERS if other == team]
    return mates[(mates.index(signature) + 1) % len(mates)] if signature in mates else mates[0]
