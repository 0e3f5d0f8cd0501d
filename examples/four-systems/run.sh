#!/usr/bin/env bash
# One gate over four systems for one release, with nothing but the built program and Python's standard library: starts doubles of the
# systems on loopback, asks whether they can be asked, judges the release, prints how long it took beside the slowest system's answer,
# and stops what it started. `run.sh DIR` keeps the reports there.
set -euo pipefail
cd "$(dirname "$0")/../.."

. examples/systems.sh

gate=${RELEASE_GATE:-build/release/release-gate}
reports=${1:-$work}
serve examples/four-systems/systems.py SLOWEST_MS

echo "\$ release-gate sources --check examples/four-systems/gate.toml"
"$gate" sources --check examples/four-systems/gate.toml

# Four weeks later: what Jira says of the release is due, too.
echo
echo "\$ release-gate check examples/four-systems/gate.toml --now 2026-04-15T12:00:00Z"
status=0
begun=$(date +%s%N)
"$gate" check examples/four-systems/gate.toml --now 2026-04-15T12:00:00Z \
  --report "terminal=-" --report "markdown=$reports/report.md" --report "json=$reports/report.json" || status=$?
took=$((($(date +%s%N) - begun) / 1000000))
echo
echo "== whole run $took ms, slowest system's answer $SLOWEST_MS ms: ratio $(awk "BEGIN { printf \"%.2f\", $took / $SLOWEST_MS }")"
if [ "$status" -ne 1 ]; then
  echo "four-systems: expected exit 1, got $status" >&2
  exit 1
fi
echo "== the verdict is as expected: payments got slower (exit 1)"
