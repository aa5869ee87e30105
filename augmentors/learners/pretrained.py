"""Logistic regression on an embedding that was learnt from the training samples without their labels.

Its key names the encoder by its hash, ``encoder:HASH``; ``encoder:FOLDER`` means the one that ``pretrain --out``
wrote there. The encoder is fixed: every arm and fold shares it.
"""

import string
from pathlib import Path
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import UserError
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.learners.base import Ensemble, Learner, LearnerCard
from augmentors.learners.features import ENCODED, FeatureCache
from augmentors.learners.linear import Standardiser, fit_logistic
from augmentors.learners.objectives import Objective
from augmentors.learners.weighting import Weighting
from augmentors.selfsup import kept
from augmentors.selfsup.encoder import rows_hash
from augmentors.selfsup.registry import pretext

PREFIX = "encoder:"
HASH_LETTERS = 32


def is_pretrained(key: str) -> bool:
    """Whether a learner's key names an encoder."""
    return key.startswith(PREFIX)


def with_hash(key: str) -> str:
    """Return a key that names a folder as the key of the encoder in it, which this process then knows.

    Raises
    ------
    UserError
        When there is no such encoder.
    """
    named = key.removeprefix(PREFIX)
    if len(named) == HASH_LETTERS and set(named) <= set(string.hexdigits.lower()):
        kept.known_encoder(named)
        return key
    return PREFIX + kept.register(Path(named))


def pretrained_card(key: str, kind: Kind) -> LearnerCard:
    """Return the card of a key that names a hash.

    Raises
    ------
    UserError
        When the encoder is not known here or is for another kind of data.
    """
    named = key.removeprefix(PREFIX)
    known = kept.known_facts(named)
    method = pretext(known["method"]).card
    title = method.title
    if method.kind != kind:
        raise UserError(f"The learner '{key}' reads {method.kind} data ({title}); this dataset is {kind}.")
    summary = (
        f"The embedding that {title} learnt from {known['samples']:,} training samples without their labels (the same "
        "for every arm and fold, so it saw those held out, unlabelled; never the test part), scaled; linear, at most "
        "200 steps."
    )
    title = f"{title} embedding {named[:6]} + logistic regression"
    return LearnerCard(key, title, kind, summary, effort=2.0, features=ENCODED + named, by_default=False)


def cards_on(shelf: Path, kind: Kind, **about: Any) -> tuple[LearnerCard, ...]:
    """Return the cards of the encoders on a shelf about which these facts hold; this process then knows them."""
    found = [kept.register(shelf / one["id"]) for one in kept.listed(shelf, **about)]
    return tuple(pretrained_card(PREFIX + encoder_hash, kind) for encoder_hash in found)


def check_seen(cards: tuple[LearnerCard, ...], train: Dataset) -> None:
    """Refuse encoders that learnt from other samples than a training part: they may have seen test samples.

    Raises
    ------
    UserError
        When one did.
    """
    own = rows_hash(train) if any(is_pretrained(card.key) for card in cards) else ""
    for card in cards:
        if is_pretrained(card.key) and kept.known_facts(card.key.removeprefix(PREFIX))["trained_on"] != own:
            raise UserError(
                f"The encoder of '{card.title}' learnt from another training part than this split's, so it may have "
                "seen test samples.",
                "Run 'pretrain' on this data with the same options for the split.",
            )


def places_of(cards: tuple[LearnerCard, ...]) -> dict[str, str]:
    """Return where the encoders that learners read lie, by hash, for other processes (see `know`)."""
    hashes = [card.key.removeprefix(PREFIX) for card in cards if is_pretrained(card.key)]
    return {one: str(place) for one in hashes if (place := kept.place_of(one)) is not None}


def know(places: dict[str, str]) -> None:
    """Make encoders known in this process."""
    for encoder_hash, place in places.items():
        if kept.place_of(encoder_hash) is None:
            kept.register(Path(place))


class PretrainedLogistic(Learner):
    """Logistic regression on the vectors of an encoder."""

    def __init__(
        self,
        key: str,
        seed: int,
        class_weight: Weighting | None = None,
        features: FeatureCache | None = None,
        ensemble: Ensemble | None = None,
        objective: Objective | None = None,
    ) -> None:
        encoder = kept.known_encoder(key.removeprefix(PREFIX))
        self.card = pretrained_card(key, encoder.card.kind)  # type: ignore[misc]
        super().__init__(seed, class_weight, features, ensemble, objective)

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        X = self._vectors(train, extra, job)
        self._scale = Standardiser(X)
        self._model: Any = fit_logistic(self._scale(X), codes, self._weights(codes), C=0.1)

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self._model.predict_proba(self._scale(self._vectors(dataset, None, job)))

    def _vectors(self, dataset: Dataset, extra: Samples | None, job: Job) -> np.ndarray:
        return self.features.of(str(self.card.features), dataset, extra, job)
