#!/usr/bin/env bash
# The scorecard of one release over ten kinds of metrics, offline: writes what tools leave in a workspace, starts doubles of the systems on
# loopback, judges, prints the ten answers, and stops what it started. `run.sh FOLDER` keeps the page (scorecard.html) and the data there.
set -euo pipefail
cd "$(dirname "$0")/../.."

. examples/systems.sh

gate=${RELEASE_GATE:-build/release/release-gate}
kept=${1:-$work}
mkdir -p "$kept"
python3 examples/scorecard/data.py "$kept/data"
serve examples/scorecard/systems.py READY
SCORECARD_DATA=$(cd "$kept/data" && pwd)
export SCORECARD_DATA

echo "\$ release-gate check examples/scorecard/gate.toml --as-of 2026-04-28T12:00:00Z --format scorecard"
status=0
"$gate" check examples/scorecard/gate.toml --as-of 2026-04-28T12:00:00Z --format scorecard --report "html=$kept/scorecard.html" || status=$?
echo
if [ "$status" -ne "${EXPECTED:-1}" ]; then
  echo "scorecard: expected exit ${EXPECTED:-1}, got $status" >&2
  exit 1
fi
echo "== the verdict is as expected (exit $status)"
