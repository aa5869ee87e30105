"""Names a dataset by what is in its files, never by how they were packed."""

import hashlib
import mmap
from collections.abc import Iterable
from pathlib import Path

from blake3 import blake3

_MAP_BYTES = 1 << 20


def bytes_digest(data: bytes) -> str:
    """Return the BLAKE3 of the bytes of a file, as hex.

    Workspaces reach data by what is made of it, so nobody may be able to make
    two files with one digest; of the hashes that promise this it is the fastest.
    """
    return blake3(data).hexdigest()


def file_digest(path: Path) -> str:
    """Return the BLAKE3 of a file, as hex. Releases the interpreter while hashing."""
    with path.open("rb") as file:
        if path.stat().st_size < _MAP_BYTES:
            return bytes_digest(file.read())
        # Mapped: the bytes are hashed where they lie, without a copy.
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return blake3(mapped).hexdigest()


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
