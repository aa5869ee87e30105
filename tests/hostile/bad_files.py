"""What the hostile tests build: data, pictures and archives; and the form that every refusal has."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from augmentors.core.errors import UserError
from augmentors.ingest import load

GOOD = "size,colour,label\n" + "".join(f"{i}.5,c{i % 3},{'ab'[i % 4 == 0]}\n" for i in range(40))


def refused(path: Path, **choices: Any) -> UserError:
    """Return the error of a load that must fail, after checking its form."""
    with pytest.raises(UserError) as caught:
        load(path, **choices)
    error = caught.value
    assert "\n" not in error.message and error.message.endswith(".")
    assert len(error.message) < 400 and "Traceback" not in error.message
    assert not error.hint or error.hint.endswith((".", "?"))
    return error


def data(folder: Path, content: str | bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def picture(seed: int = 0, form: str = "PNG", size: int = 16) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (size, size, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, form)
    return buffer.getvalue()


def pictures(n: int = 2) -> dict[str, bytes]:
    return {f"{c}/{i}.png": picture(i + 9 * k) for k, c in enumerate(["cat", "dog"]) for i in range(n)}


def zipped(folder: Path, files: dict[str, bytes], name: str = "data.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive_:
        for entry, content in files.items():
            archive_.writestr(entry, content)
    return folder / name
