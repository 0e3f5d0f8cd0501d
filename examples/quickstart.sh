#!/usr/bin/env bash
# From nothing to two verdicts on a Debian 12 machine: installs what is missing, builds, starts a Prometheus of its own on the loopback
# interface with two hours of demo data, judges a bad release and a good one, and stops what it started.
set -euo pipefail
cd "$(dirname "$0")/.."

gate=${RELEASE_GATE:-build/release/release-gate}
bash cmake/install-dependencies.sh build run
if [ -z "${RELEASE_GATE:-}" ]; then
  echo "== build"
  cmake --preset release -DRELEASE_GATE_TESTS="${RELEASE_GATE_TESTS:-OFF}" >/dev/null
  cmake --build --preset release --target release-gate
fi

work=$(mktemp -d)
prometheus_pid=
stop() {
  if [ -n "$prometheus_pid" ] && kill -0 "$prometheus_pid" 2>/dev/null; then
    kill "$prometheus_pid"
    wait "$prometheus_pid" 2>/dev/null || true
    echo "== stopped Prometheus (process $prometheus_pid)"
  fi
  rm -rf "$work"
}
trap stop EXIT

echo "== demo data: two hours around a release half an hour ago"
released=$(($(date +%s) / 60 * 60 - 1860))
bash examples/quickstart/demo-data.sh "$released" >"$work/demo.om"
promtool tsdb create-blocks-from openmetrics "$work/demo.om" "$work/data" >"$work/promtool.log"

port=${PROMETHEUS_PORT:-$(shuf -i 20000-29999 -n 1)}
echo "== starting Prometheus on 127.0.0.1:$port"
echo "global: {}" >"$work/prometheus.yml"
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" --web.listen-address="127.0.0.1:$port" \
  --log.level=error >"$work/prometheus.log" 2>&1 &
prometheus_pid=$!
for _ in $(seq 100); do
  curl -fs "http://127.0.0.1:$port/-/ready" >/dev/null && break
  if ! kill -0 "$prometheus_pid" 2>/dev/null; then
    cat "$work/prometheus.log" >&2
    exit 1
  fi
  sleep 0.1
done

export PROMETHEUS_URL="http://127.0.0.1:$port"
DEPLOYED_AT=$(date -u -d "@$released" +%Y-%m-%dT%H:%M:%SZ)
export DEPLOYED_AT

# judge SERVICE EXIT_CODE: the report, and whether it ended as it should.
judge() {
  local status=0
  echo
  echo "\$ release-gate check examples/quickstart/gate.toml --set job=$1"
  "$gate" check examples/quickstart/gate.toml --set "job=$1" || status=$?
  if [ "$status" -ne "$2" ]; then
    echo "quickstart: expected exit $2 for $1, got $status" >&2
    exit 1
  fi
}
judge checkout-bad 1
judge checkout-good 0
echo
echo "== both verdicts are as expected: the bad release fails (exit 1), the good one passes (exit 0)"
