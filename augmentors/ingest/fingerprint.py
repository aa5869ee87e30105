"""Names a dataset by what is in its files, never by how they were packed."""

import hashlib
import mmap
from collections.abc import Iterable
from pathlib import Path

_MAP_BYTES = 1 << 20


def file_digest(path: Path) -> str:
    """Return the sha256 of a file, as hex. Releases the interpreter while hashing."""
    with path.open("rb") as file:
        if path.stat().st_size < _MAP_BYTES:
            return hashlib.file_digest(file, "sha256").hexdigest()
        # Mapped: the bytes are hashed where they lie, without a copy.
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return hashlib.sha256(mapped).hexdigest()


def fingerprint(digests: Iterable[tuple[str, str]]) -> str:
    """Return the blake2b over sorted (relative path, digest of the file), as hex.

    Examples
    --------
    >>> fingerprint([("a", "1"), ("b", "2")]) == fingerprint([("b", "2"), ("a", "1")])
    True
    """
    whole = hashlib.blake2b(digest_size=16)
    for name, value in sorted(digests):
        encoded = name.encode("utf-8", "surrogateescape")
        # The length keeps two lists of names from running into the same bytes.
        whole.update(len(encoded).to_bytes(8, "little") + encoded + value.encode())
    return whole.hexdigest()


def data_file_fingerprint(path: Path, digest: str) -> str:
    """Return the fingerprint of a single data file, the same under any name."""
    return fingerprint([("data" + path.suffix.lower(), digest)])
