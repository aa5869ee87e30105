from augmentors.core.job import NO_JOB, Job


class Recorder(Job):
    def __init__(self) -> None:
        self.seen: list[float] = []

    def progress(self, fraction: float, message: str = "", **counts: object) -> None:
        self.seen.append(round(fraction, 6))


def test_parts_map_into_the_whole_even_nested_and_outside_their_range() -> None:
    job = Recorder()
    part = job.part(0.5, 1.0).part(0.0, 0.5)
    for fraction in (0.0, 0.5, 1.0, 7.0, -1.0):
        part.progress(fraction)
    assert job.seen == [0.5, 0.625, 0.75, 0.75, 0.5]


def test_no_job_does_nothing() -> None:
    NO_JOB.progress(0.5, "x", made=1)
    NO_JOB.check()
