"""Build ``samples/lending.csv``: peer-to-peer loans, good or bad.

Source: ``lending_club`` of the R package modeldata (Debian r-cran-modeldata, MIT).
Changes made: every second row; readable category names; the level that stands
for "unknown employment length" becomes an empty cell.
"""

import lzma
import warnings
from pathlib import Path

import pandas as pd
import rdata
from registry import SAMPLES, debian_package

WHOLE_NUMBERS = ("annual_inc",)
RENAMED = {
    "funded_amnt": "amount",
    "int_rate": "interest_rate",
    "addr_state": "state",
    "verification_status": "verification",
    "annual_inc": "annual_income",
    "Class": "outcome",
}
TERMS = {"term_36": "36 months", "term_60": "60 months"}
EMPLOYMENT = {"emp_lt_1": "< 1 year", "emp_1": "1 year", "emp_ge_10": "10+ years", "emp_unk": None}
EMPLOYMENT |= {f"emp_{years}": f"{years} years" for years in range(2, 10)}


def read_lazy_data(folder: Path, name: str) -> pd.DataFrame:
    """Read one object of an R "lazy-load" database compressed with xz.

    The index holds offset and length; a chunk is a 4-byte size, a 1-byte
    compression code ("Z" for raw LZMA2) and the serialised object.
    """
    index = rdata.conversion.convert(rdata.parser.parse_file(folder / "Rdata.rdx"))
    offset, length = (int(number) for number in index["variables"][name])
    chunk = (folder / "Rdata.rdb").read_bytes()[offset : offset + length]
    if chunk[4:5] != b"Z":
        raise ValueError(f"{name}: expected compression code b'Z', got {chunk[4:5]!r}")
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
    raw = lzma.decompress(chunk[5:], format=lzma.FORMAT_RAW, filters=filters)
    return rdata.conversion.convert(rdata.parser.parse_data(raw))


def build() -> None:
    root = debian_package("r-cran-modeldata", "1.1.0-1")
    with warnings.catch_warnings():
        # rdata warns about R's own ending .rdx and about reading a tibble as a plain data frame.
        warnings.simplefilter("ignore", UserWarning)
        table = read_lazy_data(root / "usr/lib/R/site-library/modeldata/data", "lending_club")
    table = table.iloc[::2].copy()
    table["term"] = table["term"].astype(str).map(TERMS)
    table["emp_length"] = table["emp_length"].astype(str).map(EMPLOYMENT)
    table["verification_status"] = table["verification_status"].astype(str).str.replace("_", " ").str.lower()
    for column in WHOLE_NUMBERS:
        table[column] = table[column].round().astype(int)
    table = table.rename(columns=RENAMED)
    table.to_csv(SAMPLES / "lending.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    build()
