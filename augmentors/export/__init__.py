"""Writers per kind, manifest, report, and the check that an export is what it says."""

from augmentors.export.archive import write_zip
from augmentors.export.verify import Verification, verify
from augmentors.export.version import Contents, write_version

__all__ = ["Contents", "Verification", "verify", "write_version", "write_zip"]
