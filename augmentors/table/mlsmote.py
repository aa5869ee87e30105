"""MLSMOTE: SMOTE where a sample carries several labels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from augmentors.core.augmenter import Card
from augmentors.core.job import Job
from augmentors.core.label_sets import imbalance_per_label
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams, Neighbourhood, PreparedPairs
from augmentors.table.measured import MEASURED, between
from augmentors.table.repair import repaired
from augmentors.table.smotenc import CATEGORICAL, category_codes, votes, with_categories


def ranked_labels(matrix: np.ndarray) -> np.ndarray:
    """Return the labels that at least half of some samples bear, for each group of samples.

    Parameters
    ----------
    matrix : ndarray of bool, shape (groups, samples, labels)

    Returns
    -------
    ndarray of bool, shape (groups, labels)

    Examples
    --------
    >>> ranked_labels(np.array([[[1, 0, 1], [1, 0, 0], [1, 1, 1], [1, 0, 0]]], dtype=bool)).astype(int).tolist()
    [[1, 0, 1]]
    """
    return 2 * matrix.sum(axis=1) >= matrix.shape[1]


class Mlsmote(InterpolatingAugmenter):
    """Interpolate numbers between a sample that bears a label and a near one that does, and rank their labels.

    Neighbours are searched among the samples that bear the label a new one is
    made for. Numbers lie between the seed and one of its neighbours, categories
    are voted by the neighbours, and the new sample bears each label that at
    least half of the seed and its neighbours bear; so always the one it was
    made for, and often others, whose counts grow as well.

    Examples
    --------
    >>> from augmentors.testing import toy_multilabel
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> samples = Mlsmote().fit(toy_multilabel(), rng).augment("rare", 2, rng)
    >>> all("rare" in written.split("|") for written in samples.frame["label"])
    True
    """

    card = Card(
        key="mlsmote",
        title="MLSMOTE",
        kind="table",
        family="oversampling",
        summary="For several labels per sample: SMOTE among samples of a rare label, with the labels that most bear.",
        avoid="Avoid when a rare label mostly stands beside frequent ones (a high SCUMBLE): both grow together.",
        references=(
            "Charte, Rivera, del Jesus & Herrera (2015), MLSMOTE: Approaching imbalanced multilabel learning through "
            "synthetic instance generation, Knowledge-Based Systems 89:385-397.",
        ),
        aliases=("multi-label SMOTE", "multilabel"),
        task="multilabel",
    )

    class Params(InterpolatingParams):
        pass

    category_rule = "voted by the neighbours of the first parent (a missing value counts as a category)"

    def _search_points(self, rows: np.ndarray | None = None) -> Any:
        return with_categories(super()._search_points(rows), self.train, rows)

    def _prepare(self, target: str) -> PreparedPairs:
        """Add to each seed the rows that win the votes on its categories, and its label set."""
        who, train = self._neighbourhood(target), self.train
        codes = category_codes(train, np.arange(len(train)))
        every = np.arange(len(who.bases))
        winners = [who.neighbours[every, votes(codes[who.neighbours, c])] for c in range(codes.shape[1])]
        assert train.schema.sets is not None, "fit refuses datasets without label sets"
        families = np.concatenate([who.bases[:, None], who.neighbours], axis=1)
        written = train.schema.sets.written(ranked_labels(train.label_matrix[families]))
        self._note_counts(target)
        return replace(self._pairs(who), extra=(winners, written))

    def _note_counts(self, target: str) -> None:
        """Say where the label is no minority by the paper's rule."""
        counts = self.train.class_counts
        ratios = imbalance_per_label(np.array(list(counts.values())))
        own = ratios[list(counts).index(target)]
        if own <= ratios.mean():
            self._note(
                target,
                f"'{target}' is no minority label by MLSMOTE's rule: its imbalance ratio of {own:.1f} is not above the "
                f"mean of {ratios.mean():.1f}.",
            )

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        who: Neighbourhood = self._ready(target).neighbourhood
        base, rank = who.pick(n, rng)
        step = rng.random(n)
        k = who.neighbours.shape[1]
        schema = self.train.schema
        voted = len(schema.features(*CATEGORICAL))
        share = voted / (voted + len(schema.features(*MEASURED)))
        weights = np.full((n, k + 1), share / k)
        weights[:, 0] = (1 - share) * (1 - step)
        weights[np.arange(n), rank + 1] += (1 - share) * step
        parents = np.concatenate([who.bases[base][:, None], who.neighbours[base]], axis=1)
        return Draws(parents, weights, {"neighbour": rank, "step": step})

    def _values(self, target: str, draws: Draws) -> np.ndarray:
        ready = self._ready(target)
        other = draws.parents[np.arange(len(draws)), draws.values["neighbour"] + 1]
        return between(ready.at(draws.parents[:, 0]), ready.at(other), draws.values["step"])

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        ready, schema, frame = self._ready(target), self.train.schema, self.train.frame
        winners, written = ready.extra
        base = draws.parents[:, 0]
        place = np.searchsorted(ready.neighbourhood.bases, base)
        columns = self._measured_columns(target, draws)
        job.check()
        for name, winner in zip(schema.features(*CATEGORICAL), winners, strict=True):
            columns[name] = pd.Series(frame[name].array.take(winner[place]))
        columns |= self._copied_columns(("text",), base)
        columns = repaired(columns, base, self.train)
        return Made(pd.DataFrame(columns | {schema.label: pd.Series(written[place], dtype="str")}, copy=False))
