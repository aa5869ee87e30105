"""Editing a text towards a point in embedding space, sentence by sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from augmentors.core.samples import FALLBACK
from augmentors.text.mixing import Pieces

NOT_NEARER = "no edited text came nearer to the interpolated point than both parents, so the best attempt was taken"


@dataclass(frozen=True, slots=True)
class Story:
    """A text as sentences, each with the number of the parent it came from.

    Parameters
    ----------
    sentences : tuple of (int, str)
    fixed : frozenset of str
        Sentences with a protected phrase: never replaced nor left out.
    """

    sentences: tuple[tuple[int, str], ...]
    fixed: frozenset[str]

    @staticmethod
    def of(pieces: Pieces, parent: int) -> "Story":
        """Return a parent's text."""
        fixed = frozenset(text for i, text in enumerate(pieces.texts) if i not in pieces.free)
        return Story(tuple((parent, text) for text in pieces.texts), fixed)

    @property
    def text(self) -> str:
        """The sentences with a space between them."""
        return " ".join(text for _, text in self.sentences)


@dataclass(frozen=True, slots=True)
class Found:
    """A composed text and what its provenance says."""

    text: str
    trace: dict[str, object]


def edited_towards(
    point: np.ndarray,
    start: Story,
    parents: Sequence[Story],
    vectors: np.ndarray,
    embed: Callable[[list[str]], np.ndarray],
    steps: int,
    candidates: int,
) -> Found:
    """Return the text that comes nearest to a point, edited greedily from the parents' sentences.

    Parameters
    ----------
    point : ndarray, shape (d,)
    start : Story
        One of the parents.
    parents : sequence of Story
        The first two were interpolated.
    vectors : ndarray, shape (2, d)
        Of the first two parents.
    embed : callable
        Texts to vectors.
    steps, candidates : int
        Most edits, and texts compared for each.
    """
    closeness = [_cosine(vector, point) for vector in vectors]
    known = {story.text for story in parents}
    current, best, best_close = start, None, -np.inf
    nearest = max(closeness)
    for _ in range(steps):
        tried = [story for story in _neighbours(current, parents) if story.text not in known][:candidates]
        if not tried:
            break
        close = [_cosine(vector, point) for vector in embed([story.text for story in tried])]
        top = int(np.argmax(close))
        if close[top] <= best_close:
            break
        current = best = tried[top]
        best_close = close[top]
    chosen = best or Story((*parents[0].sentences, *parents[1].sentences), frozenset())
    accepted = bool(best is not None and best_close > nearest)
    trace: dict[str, object] = {
        "accepted": accepted,
        "closeness": round(float(best_close), 4) if best else None,
        "parents_closeness": [round(close, 4) for close in closeness],
        "sentences": [[parent, text] for parent, text in chosen.sentences],
    }
    return Found(chosen.text, trace if accepted else {**trace, FALLBACK: NOT_NEARER})


def _neighbours(story: Story, parents: Sequence[Story]) -> list[Story]:
    """Return the texts one edit away: a sentence put in, put for another, or left out."""
    have = {text for _, text in story.sentences}
    offered = [pair for parent in parents for pair in parent.sentences if pair[1] not in have]
    free = [i for i, (_, text) in enumerate(story.sentences) if text not in story.fixed]
    swaps = [(*story.sentences[:i], pair, *story.sentences[i + 1 :]) for pair in offered for i in free]
    added = [(*story.sentences, pair) for pair in offered]
    fewer = [(*story.sentences[:i], *story.sentences[i + 1 :]) for i in free if len(story.sentences) > 1]
    # Each kind has its turn, so that a limit does not cut one off.
    turns = [made for group in _in_turns(swaps, added, fewer) for made in group]
    return [Story(made, story.fixed) for made in turns]


def _in_turns(*groups: list[tuple[tuple[int, str], ...]]) -> list[list[tuple[tuple[int, str], ...]]]:
    """Return the first of each group, then the second of each …"""
    longest = max((len(group) for group in groups), default=0)
    return [[group[i] for group in groups if i < len(group)] for i in range(longest)]


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return round(float(a @ b) / lengths, 5) if lengths else 0.0
