"""Small text datasets for the tests of the operators, and running one on them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from augmentors.catalog import get
from augmentors.core.dataset import Dataset, Schema
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.testing.trial import new

TARGET = "a"
ENGLISH = (
    "The quick delivery arrived two days early, and the small box was in perfect shape.",
    "I would happily buy this automobile again! My sister wants an expensive one as well.",
    "The old engine makes a strange noise. We called the big garage twice on 5 May. They were kind.",
)
GERMAN = (
    "Der Zug war pünktlich und die Fahrt sehr ruhig. Wir kommen gerne wieder.",
    "Größere Städte haben schönere Bahnhöfe! Das weiß jeder, der öfter fährt.",
)
CHINESE = ("这个产品很好用。我会再买一次。", "昨天的快递来得太晚了！包装也破了。")
ARABIC = ("مرحبا بالعالم. كيف حالك اليوم؟", "وصل الكتاب متأخرا. لم يرد أحد على الهاتف.")
EMOJI = ("Love it 👩‍👩‍👧 so much ❤️ really 👍🏽. Buy it 1️⃣ 🇩🇪 now!", "🙂🙃 great stuff 🙂. Thanks everyone ❤️!")


def dataset(texts: Sequence[str | None], **columns: Sequence[Any]) -> Dataset:
    """Return texts of one class, with a few of another one beside them."""
    n = len(texts)
    frame = pd.DataFrame({"text": pd.Series([*texts, "other words"], dtype="str")})
    types: dict[str, Any] = {"text": "text"}
    for name, values in columns.items():
        frame[name] = [*values, values[0]]
        types[name] = "ignored" if name.startswith("ignored") else "number"
    frame["label"] = pd.Series([TARGET] * n + ["b"], dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(n + 1)], dtype="str")
    return Dataset("text", frame, Schema("label", types, text="text"), "texts")


def made(key: str, texts: Sequence[str | None], n: int = 12, seed: int = 0, **params: Any) -> Samples:
    """Return new samples of the class from one operator."""
    augmenter = new(get(key), params).fit(dataset(texts), rng_from("fit"))
    return augmenter.augment(TARGET, n, rng_from("test", seed))


def pairs(samples: Samples, texts: Sequence[str | None]) -> list[tuple[str, str]]:
    """Return parent and new text of each sample."""
    parents = [texts[int(parent[1:])] or "" for parent in samples.parents[:, 0]]
    return list(zip(parents, samples.frame["text"].tolist(), strict=True))


def changed(key: str, text: str, **params: Any) -> str:
    """Return a text with everything changed that an operator can change in it."""
    return str(made(key, [text], 1, **{"rate": 1.0, "max_changes": 200, **params}).frame["text"].iloc[0])
