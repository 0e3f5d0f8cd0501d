"""The block bootstrap of the change of a p99, 2 × 10,000 values and 2,000 resamples, beside NumPy's on the same values.

NumPy's is what one would write: blocks that wrap around, drawn by index, and np.quantile of each resample; with a percentile
interval, which spares it the standard errors and the search for the length of the blocks that ours includes.
"""

import os
import pathlib
import subprocess
import tempfile
import time

import numpy as np

TARGET = 5.0


def bootstrap(values, length, resamples, probability, rng):
    count = len(values)
    blocks = -(-count // length)
    offsets = np.arange(length)
    out = np.empty(resamples)
    for i in range(resamples):
        starts = rng.integers(0, count, blocks)
        index = (starts[:, None] + offsets).ravel()[:count] % count
        out[i] = np.quantile(values[index], probability)
    return out


def main():
    programs = pathlib.Path(os.environ.get("RELEASE_GATE_BENCH_PROGRAMS", "build/bench/tests/bench"))
    with tempfile.TemporaryDirectory(prefix="release-gate-bench-") as folder:
        path = pathlib.Path(folder, "values.csv")
        done = subprocess.run([programs / "quantile_bootstrap", "--write", path], check=True, capture_output=True, text=True)
        seconds, change, lower, upper, resamples, *lengths = (float(word) for word in done.stdout.split())
        values = np.loadtxt(path, delimiter=",").T
    rng = np.random.default_rng(1)
    start = time.perf_counter()
    before, after = (bootstrap(side, int(length), int(resamples), 0.99, rng) for side, length in zip(values, lengths))
    theirs = time.perf_counter() - start
    change_there = np.quantile(values[1], 0.99) - np.quantile(values[0], 0.99)
    limits = np.quantile(after - before, [0.05, 0.95])
    print(f"| p99 of 2 × {values.shape[1]:,}, {int(resamples):,} resamples in blocks of {int(lengths[0])} and {int(lengths[1])} "
          "| seconds | change | 90 % interval |")
    print("|---|---|---|---|")
    print(f"| ours, percentile-t | {seconds:.4f} | {change:.6f} | {lower:.4f} to {upper:.4f} |")
    print(f"| NumPy {np.__version__}, percentile | {theirs:.3f} | {change_there:.6f} | {limits[0]:.4f} to {limits[1]:.4f} |")
    print()
    missed = ", MISSED" if theirs / seconds < TARGET else ""
    print(f"ratio {theirs / seconds:.1f} (target: at least {TARGET:g} times faster){missed}")


if __name__ == "__main__":
    main()
