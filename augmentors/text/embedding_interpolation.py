"""SMOTE in sentence embeddings that ends in texts: retrieve, then edit towards the interpolated point."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Augmenter, Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.samples import Draws, Made
from augmentors.text.entities import ENTITIES, check_entities, entity_spans, hash_of_entities
from augmentors.text.mixing import Pieces, pieces_of
from augmentors.text.sentence_vectors import sentence_vectors
from augmentors.text.text_augmenter import PROTECTED, Phrase, rows_with_texts, texts_at
from augmentors.text.towards import Story, edited_towards


class ComposingParams(BaseParams):
    """Parameters of augmenters that compose a text near a point between two texts."""

    k_neighbors: int = Field(
        5,
        ge=1,
        le=50,
        title="Neighbours",
        description="The second parent is one of this many nearest texts of the class.",
        json_schema_extra={"tune": {"log": True}, "probe": 1},
    )
    steps: int = Field(
        3,
        ge=1,
        le=10,
        title="Steps",
        description="Most edits on the way to the interpolated point.",
        json_schema_extra={"advanced": True, "probe": 1},
    )
    candidates: int = Field(
        8,
        ge=1,
        le=50,
        title="Texts tried per step",
        description="How many edited texts are compared at each step; more come nearer and take longer.",
        json_schema_extra={"advanced": True, "probe": 1},
    )
    protected: tuple[Phrase, ...] = PROTECTED
    entities: str = ENTITIES


class EmbeddingInterpolation(Augmenter):
    """Interpolate between a text and a neighbour in embedding space, and compose a text that lies near that point.

    The nearest text to the point is retrieved beside the two parents; sentences of the three are put in, put together
    and left out, as long as the text comes nearer. It is accepted when it lies nearer to the point than either parent;
    otherwise the best attempt is kept, and its provenance says ``accepted: false``.

    Examples
    --------
    >>> from augmentors.testing.texts import ENGLISH, made
    >>> made("embedding_interpolation", ENGLISH, 2, vectors="glove").parents.shape
    (2, 3)
    """

    card = Card(
        key="embedding_interpolation",
        title="SMOTE of sentence embeddings",
        kind="text",
        family="mixing",
        summary="Interpolates between neighbours in embedding space and composes a text near that point.",
        avoid="Avoid for single short sentences: there is little to compose from, and few attempts are accepted.",
        references=("Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16.",),
        needs=frozenset({Need.TORCH}),
    )

    class Params(ComposingParams):
        vectors: Literal["minilm", "glove"] = Field(
            "minilm",
            title="Embedding",
            description="MiniLM sentence embeddings, or means of GloVe word vectors (English, much faster).",
            json_schema_extra={"trial": "glove", "probe": "minilm", "probe_with": {"steps": 1, "candidates": 1}},
        )

    params: ComposingParams

    def _applies_to_data(self, train: Dataset) -> None:
        check_entities(self.params.entities, self.card.title)

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        found = {tuple(pieces_of(text).texts) for text in texts_at(train, train.positions(target))} - {()}
        if len(found) < 2:
            raise NotApplicable(f"{self.card.title} needs two different texts of a class; class '{target}' has fewer.")

    def _prepare(self, target: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return positions of usable texts, their vectors and, per text, the nearest others that differ."""
        positions = self.train.positions(target)
        texts = texts_at(self.train, positions)
        usable = np.array([bool(pieces_of(text).texts) for text in texts])
        texts = [text for text, keep in zip(texts, usable.tolist(), strict=True) if keep]
        vectors = self._vectors(texts)
        names = np.unique(np.array(texts, dtype=object).astype(str), return_inverse=True)[1]
        near = nearest_others(vectors, names, self.params.k_neighbors)
        return positions[usable], vectors, near

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        positions, vectors, near = self._prepared[target]
        first = rng.integers(len(positions), size=n)
        picks, share = rng.random(n), rng.uniform(0.2, 0.8, n)
        counts = (near[first] >= 0).sum(axis=1)
        second = near[first, (picks * counts).astype(np.int64)]
        points = (1 - share)[:, None] * vectors[first] + share[:, None] * vectors[second]
        third = [_retrieved(vectors, point, (a, b)) for point, a, b in zip(points, first, second, strict=True)]
        parents = np.column_stack([positions[first], positions[second], np.append(positions, -1)[third]])
        weights = np.column_stack([1 - share, share, np.zeros(n)])  # what is retrieved gives sentences, but no weight
        return Draws(parents, weights, {"share": share})

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        texts, trace = [], []
        for row, share in zip(draws.parents.tolist(), draws.values["share"].tolist(), strict=True):
            job.check()
            sources = texts_at(self.train, [at for at in row if at >= 0])
            vectors = self._vectors(sources)
            stories = [Story.of(self._pieces(text), i) for i, text in enumerate(sources)]
            near = 0 if share < 0.5 else 1
            found = edited_towards(
                (1 - share) * vectors[0] + share * vectors[1],
                stories[near],
                stories,
                vectors[:2],
                self._vectors,
                self.params.steps,
                self.params.candidates,
            )
            texts.append(found.text)
            trace.append(found.trace)
        return Made(rows_with_texts(self.train, draws.parents[:, 0], texts), trace=trace)

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Return texts as vectors of unit length, shape (n, d)."""
        assert isinstance(self.params, EmbeddingInterpolation.Params), "others embed otherwise"
        return sentence_vectors(texts, self.params.vectors)

    def _pieces(self, text: str) -> Pieces:
        return pieces_of(text, self.params.protected, entity_spans(self.params.entities, text, self.card.title))

    def weights_hash(self) -> str | None:
        """Return the hash of the pipeline that finds entities."""
        return hash_of_entities(self.params.entities, self.card.title)


def nearest_others(vectors: np.ndarray, names: np.ndarray, k: int) -> np.ndarray:
    """Return per text the k nearest texts with another name, -1 where there are fewer; shape (n, k).

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
    names : ndarray of int, shape (n,)
        Equal texts have equal names.
    k : int
    """
    found = np.full((len(vectors), k), -1, dtype=np.int64)
    for i in range(len(vectors)):
        closeness = np.round(vectors @ vectors[i], 5)
        closeness[names == names[i]] = -np.inf
        order = np.argsort(-closeness, kind="stable")[:k]
        order = order[np.isfinite(closeness[order])]
        found[i, : len(order)] = order
    return found


def _retrieved(vectors: np.ndarray, point: np.ndarray, parents: tuple[int, int]) -> int:
    """Return the text nearest to a point that is not a parent, -1 where there is none."""
    closeness = np.round(vectors @ point, 5)
    closeness[list(parents)] = -np.inf
    best = int(closeness.argmax())
    return best if np.isfinite(closeness[best]) else -1
