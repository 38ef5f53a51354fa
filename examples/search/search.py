#!/usr/bin/env python3
"""Searches precisions with qcc on several processes or machines, by Dask.

    search.py --workers 4 --journal search.jsonl -- net.tflite --calibrate samples.npz --budget 'flash<=64K' -o small.qm

What stands behind -- is for `qcc quantize`. Its measurements are divided into parts; each part is a process of qcc on some
worker, which keeps a journal of its own beside FILE: workers have to see the same files under the same names. A part whose
worker dies goes on elsewhere, and a search that was stopped goes on when it is started again.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from distributed import Client, LocalCluster, as_completed


def whole_lines(path):
    """The lines of a journal, without one that a killed process has left unfinished."""
    if not path.exists():
        return []
    return [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]


def part_journal(journal, part, parts):
    return journal.with_name(f"{journal.name}.{part}-of-{parts}")


def collect(journal, path):
    """Moves the lines of a part's journal into that of the search."""
    known = set(whole_lines(journal))
    new = [line for line in dict.fromkeys(whole_lines(path)) if line not in known]
    with journal.open("a") as file:
        file.writelines(new)
    path.unlink(missing_ok=True)


def measure(command, journal, part, parts):
    """Measures a part; what its journal has already is not measured again. Returns what qcc says if it fails."""
    path = part_journal(journal, part, parts)
    result = subprocess.run(
        [*command, "--part", f"{part}/{parts}", "--journal", str(path)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    return result.stderr if result.returncode else None


def search(client, command, journal, parts, report):
    """Fills the journal with all measurements. `report(done)` is called after each part. Returns an error or None."""
    journal.touch()
    for left in sorted(journal.parent.glob(f"{journal.name}.*-of-*")):
        collect(journal, left)
    known = "".join(whole_lines(journal))
    journal.write_text(known)
    for part in range(1, parts + 1):
        part_journal(journal, part, parts).write_text(known)
    futures = {client.submit(measure, command, journal, part, parts, pure=False): part for part in range(1, parts + 1)}
    for done, (future, error) in enumerate(as_completed(futures, with_results=True), start=1):
        if error:
            client.cancel(list(futures))
            return error
        collect(journal, part_journal(journal, futures[future], parts))
        report(done)
    return None


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cluster = parser.add_mutually_exclusive_group()
    cluster.add_argument("--workers", type=int, default=2, metavar="N", help="processes on this machine (2)")
    cluster.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler that runs already: tcp://host:8786")
    parser.add_argument("--parts", type=int, metavar="N", help="pieces of work; by default 4 for each worker")
    parser.add_argument("--journal", type=Path, required=True, metavar="FILE", help="where all measurements are kept")
    parser.add_argument("--qcc", default="qcc", metavar="PROGRAM", help="the compiler (qcc)")
    parser.add_argument("quantize", nargs="+", metavar="...", help="arguments of `qcc quantize`")
    arguments = parser.parse_args()
    if min(arguments.workers, arguments.parts or 1) < 1:
        parser.error("expects at least 1 worker and 1 part")
    return arguments


def main():
    arguments = parse_arguments()
    journal = arguments.journal.absolute()
    command = [arguments.qcc, "quantize", *arguments.quantize]
    cluster = None if arguments.scheduler else LocalCluster(
        n_workers=arguments.workers, threads_per_worker=1, dashboard_address=None)
    try:
        with Client(cluster or arguments.scheduler) as client:
            parts = arguments.parts or 4 * max(1, len(client.scheduler_info()["workers"]))
            error = search(client, command, journal, parts,
                           lambda done: print(f"search: {done} of {parts} parts", file=sys.stderr))
    finally:
        if cluster:
            cluster.close()
    if error:
        sys.exit(error.rstrip("\n"))
    sys.exit(subprocess.run([*command, "--journal", str(journal)], check=False).returncode)


if __name__ == "__main__":
    main()
