"""Background work: a process per job, its state on disk the one truth."""

from augmentors.jobs.client import cancel, list_jobs, read_state, resume, submit
from augmentors.jobs.state import ACTIVE, JobState

__all__ = ["ACTIVE", "JobState", "cancel", "list_jobs", "read_state", "resume", "submit"]
