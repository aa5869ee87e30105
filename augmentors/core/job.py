"""What long work tells its caller, and how the caller stops it."""


class Job:
    """Receives progress and is asked whether to go on; this base does nothing.

    Subclasses override `progress` and `check`. Work calls `check` at least
    every second or so; it raises `Cancelled` to stop.
    """

    def progress(self, fraction: float, message: str = "", **counts: object) -> None:
        """Report the done share in [0, 1], what is being done, and live counts."""

    def check(self) -> None:
        """Raise `Cancelled` when the user asked to stop."""

    def part(self, start: float, end: float) -> "Job":
        """Return a job whose [0, 1] is this job's [start, end]."""
        return _PartOfJob(self, start, end)


class _PartOfJob(Job):
    def __init__(self, whole: Job, start: float, end: float) -> None:
        self._whole, self._start, self._end = whole, start, end

    def progress(self, fraction: float, message: str = "", **counts: object) -> None:
        share = min(max(fraction, 0.0), 1.0)
        self._whole.progress(self._start + share * (self._end - self._start), message, **counts)

    def check(self) -> None:
        self._whole.check()


NO_JOB = Job()
