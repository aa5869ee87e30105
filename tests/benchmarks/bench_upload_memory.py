"""Memory of the server before, during and after the upload of a large file through Chromium.

    python -m tests.benchmarks.bench_upload_memory [--megabytes 200]

Prints what the server's process holds once a page was drawn (idle), at its
highest, and when the file is on disk and its reading job has ended.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.bench_rerun import ROOT, server


def write_table(path: Path, megabytes: int) -> None:
    """Write a CSV of about this size."""
    rng = np.random.default_rng(0)
    rows = 20_000
    frame = pd.DataFrame(rng.normal(size=(rows, 12)).round(6), columns=[f"x{i}" for i in range(12)])
    part = frame.assign(label=rng.choice(["ok", "rust"], rows, p=[0.95, 0.05])).to_csv(index=False)
    head, body = part.split("\n", 1)
    with path.open("w") as out:
        out.write(head + "\n")
        while out.tell() < megabytes * 1e6:
            out.write(body)


def held(pid: int, what: str) -> float:
    """Return a line of the process's status in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1000


def server_pid(port: int) -> int:
    """Return the process that serves a port."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            given = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"streamlit" in given and str(port).encode() in given:
            return int(folder.name)
    raise RuntimeError(f"no server on port {port}")


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        table = Path(scratch) / "large.csv"
        write_table(table, given.megabytes)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        with server(ROOT / "app.py", Path(scratch)) as port:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}/")
            page.wait_for_selector("input[type=file]", state="attached")
            time.sleep(3)
            pid = server_pid(port)
            idle = held(pid, "VmRSS")
            page.set_input_files("input[type=file]", str(table))
            page.get_by_text("Here is what I understood").wait_for(timeout=120_000)
            page.locator(".st-key-fix button:enabled").wait_for(timeout=300_000)
            time.sleep(3)
            size, highest, after = table.stat().st_size / 1e6, held(pid, "VmHWM"), held(pid, "VmRSS")
            told = f"idle {idle:.0f} MB, highest {highest - idle:+.0f} MB, after {after - idle:+.0f} MB"
            print(f"{size:.0f} MB uploaded: {told}")
        browser.close()


if __name__ == "__main__":
    main()
