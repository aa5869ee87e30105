"""Write ``gallery/``: what each augmenter makes of a shipped sample, by the app's own preview.

    python assets/build/gallery.py            # all of them, the photographs too
    python assets/build/gallery.py KEY …      # only these, after adding or changing an augmenter

The photographs are cut from two pictures that come with scikit-learn.
"""

import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_image

ROOT = Path(__file__).resolve().parents[2]
GALLERY = ROOT / "assets" / "gallery"
# Left, top and side of the squares cut out; the first of a class is the one that is shown.
CUTS = {
    "temple": ("china.jpg", ((110, 2, 420), (90, 0, 427), (140, 20, 400), (160, 10, 410), (60, 4, 420), (180, 0, 427))),
    "flower": ("flower.jpg", ((160, 60, 340), (140, 40, 360), (180, 60, 330), (120, 20, 400))),
}
SIDE = 160


def photos() -> None:
    """Write the squares as a ZIP of class folders."""
    with zipfile.ZipFile(GALLERY / "photos.zip", "w", zipfile.ZIP_STORED) as archive:
        for label, (name, cuts) in CUTS.items():
            whole = Image.fromarray(np.asarray(load_sample_image(name)))
            for i, (left, top, side) in enumerate(cuts):
                square = whole.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
                buffer = io.BytesIO()
                square.save(buffer, "JPEG", quality=90)
                archive.writestr(zipfile.ZipInfo(f"{label}/{i + 1}.jpg", (1980, 1, 1, 0, 0, 0)), buffer.getvalue())


def main() -> None:
    sys.path.insert(0, str(ROOT))
    GALLERY.mkdir(exist_ok=True)
    wanted = set(sys.argv[1:])
    if not wanted:
        photos()
    from augmentors import catalog, gallery

    for kind in ("table", "text", "image"):
        classes = catalog.for_kind(kind)
        found = gallery.shipped(kind) if wanted else {}
        made = {cls.card.key: gallery.shipped_example(cls) for cls in classes if not wanted or cls.card.key in wanted}
        kept = {cls.card.key: made.get(cls.card.key) or found.get(cls.card.key) for cls in classes}
        document = gallery.as_document({key: one for key, one in kept.items() if one is not None})
        (GALLERY / f"{kind}.json").write_text(document, encoding="utf-8")
        for key, one in made.items():
            print(f"{key:32} {one.why_not or len(one.picture or one.after or one.rows)}")


if __name__ == "__main__":
    main()
