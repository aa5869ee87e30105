"""Does an image decode? Every pixel is decoded once, cheaply, by several threads."""

import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from augmentors.ingest.fingerprint import bytes_digest
from augmentors.ingest.limits import MAX_PIXELS

_THREADS = 4


@dataclass(frozen=True)
class CheckedImage:
    """The digest of a file, and why it cannot be used ("" when it can)."""

    name: str
    digest: str
    problem: str


def check_images(root: Path, names: list[str]) -> Iterator[CheckedImage]:
    """Yield the digest and the state of each image, in the order given."""

    def one(name: str) -> CheckedImage:
        path = root / name
        if path.is_symlink():
            return CheckedImage(name, "", "is a link, not a file")
        data = path.read_bytes()
        return CheckedImage(name, bytes_digest(data), problem(data))

    with warnings.catch_warnings(), ThreadPoolExecutor(_THREADS) as pool:
        # Pillow warns of odd metadata; what matters is whether the pixels come out.
        warnings.simplefilter("ignore")
        yield from pool.map(one, names)


def problem(data: bytes) -> str:
    """Return why bytes cannot be used as an image; "" when they can."""
    if not data:
        return "is empty (0 bytes)"
    try:
        with Image.open(BytesIO(data)) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                return f"is too large ({width:,} × {height:,} pixels; at most {MAX_PIXELS // 10**6} million)"
            # A JPEG decodes at an eighth of its size: all bytes are read, few pixels are made.
            image.draft(None, (max(width // 8, 1), max(height // 8, 1)))
            image.load()
    except UnidentifiedImageError:
        return "is not an image that can be read"
    except Image.DecompressionBombError:
        return f"is too large (more than {MAX_PIXELS // 10**6} million pixels)"
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, ZeroDivisionError) as error:
        return f"does not decode ({str(error).rstrip('.') or type(error).__name__})"
    except Exception as error:
        # Decoders of rare formats raise what they like; one file must not stop the others.
        return f"does not decode ({type(error).__name__})"
    return ""
