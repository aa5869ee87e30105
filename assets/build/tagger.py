"""Build the English part-of-speech tagger in NLTK's own layout.

Source: the weights of PyPI textblob-aptagger (Matthew Honnibal, MIT), from which
NLTK's tagger descends: same features, same tags. They come as a pickle;
it is read here, once, by an unpickler that can build nothing but plain data.
"""

import io
import json
import pickle
import zipfile
from pathlib import Path

from registry import LANGUAGE, pypi_wheel

NAME = "averaged_perceptron_tagger_eng"
# ZIP cannot store earlier dates; a fixed one makes rebuilds equal.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)


class PlainDataUnpickler(pickle.Unpickler):
    """Refuses every global but the set of class names."""

    def find_class(self, module: str, name: str) -> type:
        if (module, name) in {("__builtin__", "set"), ("builtins", "set")}:
            return set
        raise pickle.UnpicklingError(f"expected plain data, got {module}.{name}")


def read_model(path: Path) -> tuple[dict[str, dict[str, float]], dict[str, str], set[str]]:
    return PlainDataUnpickler(io.BytesIO(path.read_bytes()), encoding="utf-8").load()


def build() -> None:
    folder = pypi_wheel("textblob-aptagger", "0.2.0")
    weights, tagdict, classes = read_model(folder / "textblob_aptagger/trontagger-0.1.0.pickle")
    # Weights of zero never change a score.
    weights = {feature: {tag: w for tag, w in tags.items() if w} for feature, tags in weights.items()}
    parts = {
        "weights": {feature: tags for feature, tags in sorted(weights.items()) if tags},
        "tagdict": dict(sorted(tagdict.items())),
        "classes": sorted(classes),
    }
    target = LANGUAGE / "nltk_data" / "taggers" / f"{NAME}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        # NLTK's finder looks for the folder as an entry of its own.
        archive.writestr(zipfile.ZipInfo(f"{NAME}/", TIMESTAMP), "")
        for part, content in parts.items():
            entry = zipfile.ZipInfo(f"{NAME}/{NAME}.{part}.json", TIMESTAMP)
            entry.external_attr = 0o644 << 16
            text = json.dumps(content, separators=(",", ":"))
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED, compresslevel=9)


if __name__ == "__main__":
    build()
