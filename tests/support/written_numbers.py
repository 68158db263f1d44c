"""Generated free text with a number of a person in it, and the like of it with none; a seed gives the same again."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

Write = Callable[[Random], str]


def luhn(nine: str) -> int:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine))
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def day(rng: Random, first: int = 2000) -> date:
    return date(first, 1, 1) + timedelta(days=rng.randrange(26 * 365))


def parts(rng: Random) -> tuple[date, str, str]:
    """The birth date, its two figures of the day (a samordningsnummer now and then), and the last four."""
    born = day(rng)
    written = f"{born.day + rng.choice([0, 0, 0, 60]):02d}"
    serial = f"{rng.randrange(1, 1000):03d}"
    return born, written, f"{serial}{luhn(f'{born:%y%m}{written}{serial}')}"


def long(rng: Random, between: str, inside: str = "") -> str:
    born, written, last = parts(rng)
    return f"{inside.join((f'{born:%Y}', f'{born:%m}', written))}{between}{last}"


def in_pairs(digits: str, between: str) -> str:
    return between.join(digits[at : at + 2] for at in range(0, len(digits), 2))


def short(rng: Random, between: str, inside: str = "") -> str:
    return long(rng, between, inside)[2:]


def with_letters(rng: Random) -> str:
    return long(rng, "-").replace("0", rng.choice("Oo")).replace("1", rng.choice("lI"))


def with_invisible(rng: Random) -> str:
    return rng.choice("\u00ad\u200b\u2060\ufeff").join(long(rng, "-"))


def wide(rng: Random) -> str:
    return long(rng, "-").translate({ord("0") + n: ord("０") + n for n in range(10)})


def reserve(rng: Random) -> str:
    born = f"{day(rng):%Y%m%d}"[rng.choice([0, 2]) :]
    letters = "".join(rng.choices("ABCDEFHJKLMNPRSTUVX", k=rng.choice([1, 2])))
    return f"{born}{rng.choice(['-', ''])}{letters}{rng.randrange(10, 1000)}"


PUNCTUATION = [
    "-",
    "+",
    "–",
    "—",
    ".",
    "/",
    ":",
    "_",
    "*",
    " ",
    "--",
    " -",
    "- ",
    ". ",
    ", ",
    " - ",
    "\u00a0",
]

NUMBERS: Mapping[str, Write] = {
    "tolv siffror": lambda rng: long(rng, rng.choice(["", "-", "+"])),
    "tio siffror": lambda rng: short(rng, rng.choice(["-", "+"])),
    "tio siffror utan tecken": lambda rng: short(rng, ""),
    "andra tecken emellan": lambda rng: rng.choice([long, short])(rng, rng.choice(PUNCTUATION)),
    "datum med tecken, bindestreck": lambda rng: long(rng, "-", rng.choice(".-/ ")),
    "datum med tecken, blanksteg": lambda rng: long(rng, " ", rng.choice("-.")),
    "en siffra i taget": lambda rng: rng.choice(" .-").join(rng.choice([long, short])(rng, "")),
    "sista fyra i par": lambda rng: (number := long(rng, "-"))[:-2] + " " + number[-2:],
    "siffror i par": lambda rng: in_pairs(rng.choice([long, short])(rng, ""), rng.choice(" .-")),
    "bokstäver som siffror": with_letters,
    "osynliga tecken": with_invisible,
    "siffror i helbredd": wide,
    "T-nummer och reservnummer": reserve,
}

ORDINARY: Mapping[str, Write] = {
    "mobilnummer": lambda rng: mobile(rng, rng.choice(["", "-", " "])),
    "fast telefon": lambda rng: (
        f"08-{rng.randrange(100, 1000)} {rng.randrange(100):02d} {rng.randrange(1000):03d}"
    ),
    "datum och klockslag": lambda rng: (
        f"{day(rng)} {rng.randrange(24):02d}{rng.choice(['', ':', '.'])}{rng.randrange(60):02d}"
    ),
    "datum och årtal": lambda rng: f"{day(rng)} {rng.choice(['', '('])}{rng.randrange(1990, 2035)}",
    "datum och belopp": lambda rng: (
        f"{day(rng)} {rng.randrange(1000, 10_000)}{rng.choice([' kr', ' kronor', ' SEK', ':-'])}"
    ),
    "belopp": lambda rng: f"{rng.randrange(10**7, 10**9):,} kr".replace(",", rng.choice([" ", "."])),
    "från dag till dag": lambda rng: f"{day(rng)}{rng.choice(['–', ' - ', '/', ' till '])}{day(rng)}",
    "datum i åtta siffror i rad": lambda rng: f"{day(rng):%Y%m%d}-{day(rng):%Y%m%d}",
    "aktreferenser": lambda rng: ", ".join(case(rng) for _ in range(2)),
    "organisationsnummer": lambda rng: (
        f"{rng.randrange(55, 60)}{rng.randrange(20, 100)}{rng.randrange(100):02d}-{rng.randrange(10_000):04d}"
    ),
    "datum och vecka eller klockan": lambda rng: (
        f"{day(rng):%Y%m%d} {rng.choice(['v', 'v ', 'kl', 'kl '])}{rng.randrange(10, 24)}"
    ),
    "fakturanummer, tio siffror": lambda rng: f"faktura {rng.randrange(10**9, 10**10)}",
    "fem tvåsiffriga tal": lambda rng: in_pairs(f"{rng.randrange(10**9, 10**10)}", " "),
    "datum och fyra andra siffror": lambda rng: f"{day(rng)}, {rng.randrange(1000, 10_000)} steg",
}


def case(rng: Random) -> str:
    return f"AKT-{rng.randrange(20, 27)}-{rng.randrange(10_000):04d}"


def mobile(rng: Random, between: str) -> str:
    prefix, rest = rng.choice(["070", "072", "073", "076", "079"]), f"{rng.randrange(10**7):07d}"
    pairs = f"{rest[:3]} {rest[3:5]} {rest[5:]}"
    return rng.choice([f"{prefix}{between}{rest}", f"{prefix}{between}{pairs}", f"+46 {prefix[1:]} {pairs}"])


def sentence(write: Write, rng: Random) -> str:
    before = rng.choice(["", "Samtal den 3/11 med ", "Barnet (", "Se ", "År 2026: ", "pnr", "**"])
    after = rng.choice(["", " i tisdags.", ")", ", 12 år", "\nMår bra.", "**", " och"])
    return f"{before}{write(rng)}{after}"
