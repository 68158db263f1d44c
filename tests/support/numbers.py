"""Numbers in order that can be copied with the story that uses them; those of itertools cannot be from Python 3.14."""

from dataclasses import dataclass


@dataclass
class Numbers:
    """The next is one more than the last."""

    last: int = 0

    def __next__(self) -> int:
        self.last += 1
        return self.last
