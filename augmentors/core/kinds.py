"""Names of kinds of data, tasks and stages: what a card and the command line say without loading what they name."""

from typing import Literal

Kind = Literal["table", "text", "image"]
KINDS: tuple[Kind, ...] = ("table", "text", "image")
Task = Literal["classification", "regression", "multilabel"]
TASKS: tuple[Task, ...] = ("classification", "regression", "multilabel")
Stage = Literal["before", "after"]
WhenNotApplicable = Literal["stop", "skip", "repeat"]
WHEN_NOT_APPLICABLE: dict[WhenNotApplicable, str] = {
    "stop": "stop with the reason",
    "skip": "leave the class out",
    "repeat": "repeat its samples (random oversampling)",
}
TARGET_FORMS = "auto, majority, median, ratio:R (0 < R <= 1) or count:N"
