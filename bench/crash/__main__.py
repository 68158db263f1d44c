"""python -m bench.crash [--kills 500] [--seed 1] [--postgresql]

On PostgreSQL two replicas serve one database, and either is killed first.
"""

import argparse
import sys

from bench.crash.trial import crash


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--kills", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--postgresql", action="store_true")
    given = asked.parse_args()
    found = crash(given.kills, given.seed, postgresql=given.postgresql)
    for name, value in found.told.items():
        sys.stdout.write(f"{name}: {value}\n")
    for name, broken in found.broken.items():
        sys.stdout.write(f"{name}: {len(broken)} {broken[:5]}\n")
    raise SystemExit(any(found.broken.values()))


if __name__ == "__main__":
    main()
