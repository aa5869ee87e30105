"""A rerun of each page with a large table loaded against an empty Streamlit page, in time and bytes.

    python -m tests.benchmarks.bench_rerun [--rows 100000] [--pairs 15] [--pages overview,start]

Prints; never fails on a clock. Two real servers stand beside each other; a
client speaks the browser's protocol and keeps what a browser keeps (messages
the server need not send twice). One pair is a rerun of the page and one of a
script that draws a title, in alternating order; from the request to the last
message of the script. Bytes are those of a rerun and, after it, of the first load.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

ROOT = Path(__file__).parents[2]
PAGES = ("start", "overview", "map", "augment", "plan", "run", "review", "compare", "export")
EMPTY = 'import streamlit as st\n\nst.title("Empty")\n'


class Window:
    """One tab: it asks for reruns and counts what comes."""

    def __init__(self, port: int, page: str, query: str) -> None:
        self.socket = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            origin=f"http://127.0.0.1:{port}",  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            compression=None,
            legacy=True,
        )
        self.socket.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.query, self.page, self.page_hash = query, page, ""
        self.kept: set[str] = set()
        self.elements = 0
        self.first_size = self.rerun()[1]

    def rerun(self) -> tuple[float, int]:
        """Run the script again; return seconds and bytes."""
        request = BackMsg()
        request.rerun_script.query_string = self.query
        request.rerun_script.page_name = "" if self.page_hash or self.page == "start" else self.page
        request.rerun_script.page_script_hash = self.page_hash
        request.rerun_script.cached_message_hashes.extend(self.kept)
        began, size, self.elements = time.perf_counter(), 0, 0
        self.socket.send(request.SerializeToString())
        while True:
            raw = self.socket.recv()
            size += len(raw)
            message = ForwardMsg.FromString(raw)  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            self.elements += kind in ("delta", "ref_hash")
            if message.metadata.cacheable and message.hash:
                self.kept.add(message.hash)
            if kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
            if kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return time.perf_counter() - began, size

    def close(self) -> None:
        self.socket.close()


@contextmanager
def server(script: Path, home: Path) -> Iterator[int]:
    """Run a Streamlit server with our configuration on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=ROOT,
        env=os.environ | {"COUNTERWEIGHT_HOME": str(home), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                break
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def loaded_workspace(home: Path, rows: int) -> str:
    """Return the token of a workspace with a large table, its map (PCA) and one version of a plan."""
    os.environ["COUNTERWEIGHT_HOME"] = str(home)
    from augmentors.background import balance_job
    from augmentors.core.job import NO_JOB
    from augmentors.prepare import prepare_job
    from augmentors.recipe import to_yaml
    from augmentors.run import make_recipe
    from augmentors.store import Workspace

    workspace = Workspace.create()
    rng = np.random.default_rng(0)
    classes = rng.choice(["ok", "crack", "rust", "dent"], rows, p=[0.9, 0.06, 0.03, 0.01])
    shift = pd.Series(classes).map({"ok": 0, "crack": 1, "rust": 2, "dent": 3}).to_numpy()[:, None]
    frame = pd.DataFrame((rng.normal(size=(rows, 20)) + shift / 2).round(4), columns=[f"x{i}" for i in range(20)])
    upload = workspace.upload_dir() / "parts.parquet"
    frame.assign(label=classes).to_parquet(upload)
    given = {
        "workspace": workspace.token,
        "source": {"upload": str(upload.relative_to(workspace.path))},
        "name": "parts.parquet",
        "choices": {"label": "label"},
        "split": {"test_size": 0.2},
    }
    dataset_id = prepare_job(given, NO_JOB, home / "job")["dataset_id"]
    workspace.write_note("open", {"dataset": dataset_id})
    lay_out(workspace, dataset_id)
    recipe = to_yaml(make_recipe("random_oversampling", target="ratio:0.1"))
    balance_job({"workspace": workspace.token, "dataset_id": dataset_id, "recipe": recipe}, NO_JOB, home / "run")
    return workspace.token


def lay_out(workspace, dataset_id: str) -> None:  # type: ignore[no-untyped-def]
    """Put the files of a finished map into the workspace, UMAP standing in for by PCA (its time is not of interest)."""
    from augmentors import map_points
    from augmentors.core.seeds import rng_from
    from augmentors.explore.projection import pca_2d, rows_to_fit
    from augmentors.overview import browse_order

    dataset = workspace.load_dataset(dataset_id)
    order, _ = browse_order(dataset)
    numbers = dataset.frame.select_dtypes("number").to_numpy(dtype=np.float32)[order]
    labels = dataset.labels[order].astype(str)
    points = map_points.scaled(pca_2d(numbers))
    for name in (map_points.PCA, map_points.UMAP):
        np.save(workspace.cache_path(dataset_id, name), points)
    drawn = rows_to_fit(len(labels), labels, map_points.MAX_DRAWN, rng_from("map", dataset.fingerprint))
    np.save(workspace.cache_path(dataset_id, map_points.DRAWN), drawn.astype(np.int32))


def measure(page: str, ours: Window, empty: Window, pairs: int) -> str:
    """Return one line of the table."""
    mine, theirs, size = [], [], 0
    for i in range(pairs):
        for window in (ours, empty) if i % 2 else (empty, ours):
            seconds, sent = window.rerun()
            (mine if window is ours else theirs).append(seconds)
            size = sent if window is ours else size
    ratio = median(mine) / median(theirs)
    return (
        f"{page:9} {1000 * median(mine):7.1f} ms  {1000 * median(theirs):6.1f} ms  ratio {ratio:5.2f}"
        f"  {size / 1000:6.1f} kB  first load {ours.first_size / 1000:6.1f} kB  {ours.elements:4d} elements"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--pages", default=",".join(PAGES))
    parser.add_argument("--home", type=Path, help="keep the workspace here and use it again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = given.home or Path(scratch)
        home.mkdir(parents=True, exist_ok=True)
        note = home / "token"
        if not note.exists():
            note.write_text(loaded_workspace(home, given.rows))
        (home / "empty.py").write_text(EMPTY)
        query = f"w={note.read_text()}"
        with server(ROOT / "app.py", home) as port, server(home / "empty.py", home) as empty_port:
            for page in given.pages.split(","):
                if not (ROOT / f"pages/{page}.py").exists():
                    continue
                ours, empty = Window(port, page, query), Window(empty_port, "start", "")
                for window in (ours, empty, ours, empty):
                    window.rerun()
                print(measure(page, ours, empty, given.pairs), flush=True)
                ours.close()
                empty.close()
    print(f"{given.rows:,} rows, {given.pairs} pairs: page, empty page, ratio of the medians, sent by a rerun")


if __name__ == "__main__":
    main()
