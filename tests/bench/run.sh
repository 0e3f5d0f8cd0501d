#!/usr/bin/env bash
# Builds the benchmark programs and the release, runs every benchmark in turn and prints its table. A benchmark that misses its
# target says so in its table; this script fails only when one cannot be run or a claim of the statistics is wrong.
set -euo pipefail
cd "$(dirname "$0")/../.."

cmake --preset bench >/dev/null
cmake --build --preset bench >/dev/null
export RELEASE_GATE="$PWD/build/bench/release-gate"
export RELEASE_GATE_BENCH_PROGRAMS="$PWD/build/bench/tests/bench"
export PYTHONPATH="$PWD/tests/support"

title() { printf '\n## %s\n\n' "$1"; }

title "False alarms and power"
"$RELEASE_GATE_BENCH_PROGRAMS/false_alarms" --check
title "Rank interval against R"
bash tests/bench/rank_interval.sh "$RELEASE_GATE_BENCH_PROGRAMS"
if [ -x "$RELEASE_GATE_BENCH_PROGRAMS/bench_decode" ]; then
  title "A big answer, decoded"
  "$RELEASE_GATE_BENCH_PROGRAMS/bench_decode"
fi
for script in tests/bench/*.py; do
  [ -e "$script" ] || continue
  title "$(basename "$script" .py)"
  python3 -B "$script"
done
