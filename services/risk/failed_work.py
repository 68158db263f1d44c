"""What has failed of the clock's work, and is left out of the rest of a wake, so that it holds up nothing else."""

from followup import UnitId
from storage.engine.faults import fault_of

# A job by its name, or the unit that a job is at: what fails of one unit is no fault of the others.
Work = str | UnitId
FAILED = "%s could not be done, and is tried again later: all else goes on"


class FailedWork:
    """Of one wake. All that a piece did is undone where it fails, and the next does it again without what failed."""

    def __init__(self) -> None:
        self._begun: Work | None = None
        self._failed: dict[Work, Exception] = {}

    def __contains__(self, work: Work) -> bool:
        return work in self._failed

    def __len__(self) -> int:
        return len(self._failed)

    def begin(self, work: Work) -> bool:
        """Whether it is to be done; what fails from now on, until something else is begun, is this."""
        if work in self._failed:
            return False
        self._begun = work
        return True

    def end(self) -> None:
        """What fails from now on is nothing that could be left out."""
        self._begun = None

    def add(self, error: Exception) -> str:
        """The words for what failed, which is left out from now on.

        Raises the error again where nothing had been begun, or where the database could not be used.
        """
        failed = self._begun
        if failed is None or fault_of(error) is not None:
            raise error
        self._failed[failed], self._begun = error, None
        return f"the job {failed}" if isinstance(failed, str) else f"the unit {failed}"

    def demand_none(self) -> None:
        """Raises what failed first."""
        for error in self._failed.values():
            raise error
