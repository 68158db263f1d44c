"""That a step of the selection was refused, with every reason why."""

from followup.wording.wording import Wording


class SelectionRefusedError(Exception):
    """Nothing was changed; `problems` says all that is wrong and what to do."""

    def __init__(self, problems: list[Wording]) -> None:
        super().__init__(", ".join(problem.id for problem in problems))
        self.problems = problems
