"""Build ``samples/tiny.csv``: wines of three cultivars, one of them made rare.

Source: the wine data inside scikit-learn (UCI Wine, CC BY 4.0).
Change made: only the first 10 of 48 Barbera wines are kept.
"""

from registry import SAMPLES
from sklearn.datasets import load_wine

# Class numbers 0, 1, 2 are the cultivars in this order.
CULTIVARS = ("barolo", "grignolino", "barbera")
BARBERA_KEPT = 10


def build() -> None:
    wine = load_wine(as_frame=True)
    table = wine.data.rename(columns={"od280/od315_of_diluted_wines": "od280_od315"})
    table["cultivar"] = [CULTIVARS[number] for number in wine.target]
    # Numbering within the class keeps the choice independent of the row order of other classes.
    place = table.groupby("cultivar").cumcount()
    kept = table[(table["cultivar"] != "barbera") | (place < BARBERA_KEPT)]
    # Mixed rows: a preview of the first ten shows more than one class.
    kept = kept.sample(frac=1, random_state=7)
    kept.to_csv(SAMPLES / "tiny.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    build()
