#!/usr/bin/env bash
# Judges two releases from CSV files, with nothing but the built program: the bad one fails, the good one passes.
set -euo pipefail
cd "$(dirname "$0")/../.."

gate=${RELEASE_GATE:-build/release/release-gate}

# judge RELEASE EXIT_CODE: the report, and whether it ended as it should. The table of deployments says when it went live.
judge() {
  local deployed status=0
  deployed=$(awk -F, -v release="$1" '$1 == release { print $2 }' examples/csv/deploys.csv)
  echo
  echo "\$ release-gate check examples/csv/gate.toml --set release=$1 --deployed-at $deployed"
  "$gate" check examples/csv/gate.toml --set "release=$1" --deployed-at "$deployed" || status=$?
  if [ "$status" -ne "$2" ]; then
    echo "csv: expected exit $2 for $1, got $status" >&2
    exit 1
  fi
}
judge 1.42.0 1
judge 1.43.0 0
echo
echo "== both verdicts are as expected: the bad release fails (exit 1), the good one passes (exit 0)"
