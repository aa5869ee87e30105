"""Build ``samples/fashion.zip``: a long-tail slice of Fashion-MNIST, 500 … 20 per class.

Source: Debian dataset-fashion-mnist (Zalando SE, MIT).
Changes made: a geometric fall in class size, the first images of each class.
"""

import gzip
import io
import zipfile

import numpy as np
from PIL import Image
from registry import SAMPLES, debian_package

# Names by label number, as in the data's description.
LABELS = ("t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot")
# From common to rare. Coat and shirt come last: they look like pullovers, so rarity hurts them most.
BY_SIZE = ("t-shirt", "trouser", "pullover", "sneaker", "dress", "bag", "sandal", "ankle-boot", "shirt", "coat")
LARGEST, SMALLEST = 500, 20
# ZIP cannot store earlier dates; a fixed one makes rebuilds equal.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)


def sizes() -> dict[str, int]:
    steps = np.arange(len(BY_SIZE)) / (len(BY_SIZE) - 1)
    counts = np.round(LARGEST * (SMALLEST / LARGEST) ** steps).astype(int)
    return dict(zip(BY_SIZE, counts.tolist(), strict=True))


def read_idx() -> tuple[np.ndarray, np.ndarray]:
    """Read the training images, shape (60000, 28, 28), and their label numbers."""
    root = debian_package("dataset-fashion-mnist", "0.0~git20200523.55506a9-1")
    folder = root / "usr/share/datasets/fashion-mnist"
    with gzip.open(folder / "train-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(folder / "train-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return images, labels


def build() -> None:
    images, labels = read_idx()
    with zipfile.ZipFile(SAMPLES / "fashion.zip", "w") as archive:
        for name, count in sorted(sizes().items()):
            chosen = np.flatnonzero(labels == LABELS.index(name))[:count]
            for number, index in enumerate(chosen, start=1):
                png = io.BytesIO()
                Image.fromarray(images[index]).save(png, "PNG", optimize=True)
                entry = zipfile.ZipInfo(f"fashion/{name}/{number:04d}.png", TIMESTAMP)
                entry.external_attr = 0o644 << 16
                # PNG is compressed already.
                archive.writestr(entry, png.getvalue(), zipfile.ZIP_STORED)


if __name__ == "__main__":
    build()
