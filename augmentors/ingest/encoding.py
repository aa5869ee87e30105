"""Which characters the bytes of a text file stand for."""

import codecs
from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.core.errors import UserError

SAMPLE_BYTES = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Fewer bytes beyond ASCII than this are too little for statistics.
_ENOUGH_HIGH_BYTES = 64


@dataclass(frozen=True)
class Decoded:
    """Text as UTF-8 bytes without a mark, and how it was read.

    Parameters
    ----------
    data : buffer
        UTF-8; the file's own bytes where they already are.
    encoding : str
    guessed : bool
        Whether the encoding was guessed from statistics.
    """

    data: Any
    encoding: str
    guessed: bool = False


def decode(data: Any, source: str, encoding: str | None = None) -> Decoded:
    """Return the text of a file as UTF-8.

    Parameters
    ----------
    data : buffer
        The bytes of the file, or its beginning.
    source : str
        File name, for messages.
    encoding : str, optional
        As given by the user; detected when left out.

    Raises
    ------
    UserError
        When the encoding is unknown or the bytes are not in it.
    """
    view = memoryview(data)
    if encoding is not None:
        return _transcode(view, _known(encoding), source, guessed=False)
    marked = _bom(view)
    if marked == "utf-8-sig":
        body = view[len(codecs.BOM_UTF8) :]
        if is_utf8(body):
            return Decoded(body, "utf-8-sig")
        return _transcode(body, _guess(body), source, guessed=True)
    if marked is not None:
        return _transcode(view, marked, source, guessed=False)
    if is_utf8(view) and not _every_other_nul(view):
        return Decoded(view, "utf-8")
    return _transcode(view, _guess(view), source, guessed=True)


def presumed_utf8(data: Any) -> Decoded | None:
    """Return a long text as UTF-8 where its beginning is; None where it must be looked at whole first."""
    view = memoryview(data)
    marked = _bom(view)
    body = view[len(codecs.BOM_UTF8) :] if marked == "utf-8-sig" else view
    if len(body) <= SAMPLE_BYTES or marked not in (None, "utf-8-sig") or _every_other_nul(view):
        return None
    return Decoded(body, marked or "utf-8") if is_utf8(cut_at_character(body[:SAMPLE_BYTES])) else None


def is_utf8(view: memoryview) -> bool:
    """Tell whether bytes are valid UTF-8, in pieces that keep memory low."""
    # Small enough to stay in the processor's cache while it is looked at.
    step = 1 << 17
    decoder = codecs.getincrementaldecoder("utf-8")()
    whole = np.frombuffer(view, np.uint8)
    try:
        for start in range(0, len(view), step):
            # An ASCII piece needs no decoding, unless a character was cut at its start. NumPy, unlike bytes, copies
            # nothing and lets other threads go on meanwhile.
            if whole[start : start + step].max() >= 0x80 or decoder.getstate()[0]:
                decoder.decode(bytes(view[start : start + step]))
        return not decoder.getstate()[0]
    except UnicodeDecodeError:
        return False


def cut_at_character(view: memoryview) -> memoryview:
    """Return the beginning of a text without a UTF-8 character that was cut in two."""
    for back in range(1, min(4, len(view)) + 1):
        byte = view[-back]
        if byte < 0x80:
            return view
        if byte >= 0xC0:
            width = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return view if width == back else view[:-back]
    return view


def _bom(view: memoryview) -> str | None:
    head = bytes(view[:4])
    return next((name for mark, name in _BOMS if head.startswith(mark)), None)


def _every_other_nul(view: memoryview) -> bool:
    head = bytes(view[:4096])
    return _nul_share(head[0::2]) > 0.4 or _nul_share(head[1::2]) > 0.4


def _nul_share(part: bytes) -> float:
    return part.count(0) / max(len(part), 1)


def _guess(view: memoryview) -> str:
    """Return the most plausible encoding of bytes that are not UTF-8 and carry no mark."""
    head = bytes(view[:4096])
    if _nul_share(head[1::2]) > 0.4:
        return "utf-16-le"
    if _nul_share(head[0::2]) > 0.4:
        return "utf-16-be"
    sample = _telling_part(view)
    high = bytes(b for b in sample if b >= 0x80)
    western = "latin-1" if any(b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) for b in high) else "cp1252"
    if len(high) < _ENOUGH_HIGH_BYTES or len(high) < 0.2 * sum(b >= 0x41 for b in sample):
        # Mostly ASCII letters: a Western language, whatever the statistics say.
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return western if best is None or best.encoding in ("ascii", "utf_8") else best.encoding.replace("_", "-")


def _telling_part(view: memoryview, size: int = 1 << 16) -> bytes:
    """Return a piece around the first bytes beyond ASCII."""
    for start in range(0, len(view), size):
        piece = bytes(view[start : start + size])
        if not piece.isascii():
            return piece
    return bytes(view[:size])


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise UserError(
            f"The encoding '{encoding}' is not known; expected one such as utf-8, utf-16, latin-1 or cp1252.",
            "Leave it out to have it detected.",
        ) from None


def _transcode(view: memoryview, encoding: str, source: str, guessed: bool) -> Decoded:
    """Return the text as UTF-8, decoded strictly and in pieces."""
    if encoding in ("utf-8", "utf-8-sig") and is_utf8(view):
        body = view[3:] if bytes(view[:3]) == codecs.BOM_UTF8 else view
        return Decoded(body, encoding, guessed)
    decoder = codecs.getincrementaldecoder(encoding)()
    out = bytearray()
    step = 1 << 22
    for start in range(0, max(len(view), 1), step):
        try:
            text = decoder.decode(bytes(view[start : start + step]), final=start + step >= len(view))
            out += text.encode("utf-8")
        except UnicodeError as error:
            raise _not_in(view, encoding, source, error, out) from None
    return Decoded(memoryview(out).toreadonly(), encoding, guessed)


def _not_in(view: memoryview, encoding: str, source: str, error: UnicodeError, done: bytearray) -> UserError:
    line = done.count(b"\n") + 1
    if isinstance(error, UnicodeDecodeError):
        line += bytes(error.object[: error.start]).decode(encoding, "ignore").count("\n")
    proposed = "utf-8" if is_utf8(view) else _guess(view)
    return UserError(
        f"{source} is not written in {encoding}: line {line:,} holds bytes that are not valid in it.",
        f"Choose the encoding {proposed}, or leave it out to have it detected.",
    )
