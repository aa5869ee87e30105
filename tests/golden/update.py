"""Write the golden manifests anew, after a change that alters bytes on purpose."""

import json
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from cases import CASES, FOLDER, manifest_of  # noqa: E402 - the path must be set first

if __name__ == "__main__":
    for kind in CASES:
        with tempfile.TemporaryDirectory() as scratch:
            manifest = manifest_of(kind, Path(scratch))
        (FOLDER / f"{kind}.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(kind, manifest["identity"])
