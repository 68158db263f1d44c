"""python -m bench.crash [--kills 500] [--minutes 60] [--seed 1] [--postgresql]

On PostgreSQL two replicas serve one database, and either is killed first.
"""

import argparse
import sys
from math import inf

from bench.crash.trial import crash


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--kills", type=int, default=500)
    asked.add_argument(
        "--minutes", type=float, default=inf, help="kill no more after so long, and say how many it was"
    )
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--postgresql", action="store_true")
    given = asked.parse_args()
    found = crash(given.kills, given.seed, given.minutes * 60, postgresql=given.postgresql)
    for name, value in found.told.items():
        sys.stdout.write(f"{name}: {value}\n")
    for name, broken in found.broken.items():
        sys.stdout.write(f"{name}: {len(broken)} {broken[:5]}\n")
    raise SystemExit(any(found.broken.values()))


if __name__ == "__main__":
    main()
