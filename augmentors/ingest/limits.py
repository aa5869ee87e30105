"""How much is accepted, and what the operating system's refusals mean in words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from augmentors.core.errors import UserError

MAX_CLASSES = 1000
MAX_COLUMNS = 20_000
RAGGED_SHARE = 0.10
MAX_ZIP_FILES = 500_000
MAX_ZIP_BYTES = 50 * 2**30
# Photographs hardly shrink in a ZIP; raw bitmaps do, up to about a hundredfold.
MAX_ZIP_RATIO = 200
SMALL_ZIP_BYTES = 256 * 2**20
MAX_FILE_BYTES = 2 * 2**30
MAX_PIXELS = 100_000_000

_SENTENCES: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("The disk is full, so {where} could not be written.", "Free some space and load again."),
    errno.EDQUOT: (
        "The disk quota is used up, so {where} could not be written.",
        "Free some space and load again.",
    ),
    errno.EFBIG: ("{where} is larger than a file may be here.", "Raise the limit on file sizes, or use another disk."),
    errno.EACCES: ("{where} may not be read or written: permission denied.", "Change its permissions."),
    errno.EPERM: ("{where} may not be read or written: permission denied.", "Change its permissions."),
    errno.EROFS: ("{where} is on a disk that cannot be written.", "Choose another folder."),
    errno.ENOENT: ("There is no file or folder at {where}.", "Check the path."),
    errno.ENAMETOOLONG: ("The name of {where} is too long for this disk.", "Shorten it."),
}


@contextmanager
def os_errors_in_words(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a UserError that names the file."""
    try:
        yield
    except OSError as error:
        where = f"'{error.filename or path}'"
        message, hint = _SENTENCES.get(
            error.errno or 0, ("{where} could not be read: {error}.", "Check the file and load it again.")
        )
        reason = (error.strerror or str(error)).rstrip(".")
        raise UserError(message.format(where=where, error=reason), hint) from error
