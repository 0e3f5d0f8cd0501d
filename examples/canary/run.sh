#!/usr/bin/env bash
# Two progressive rollouts against a Prometheus of their own on loopback: a good version, which is promoted, and a bad one, which is rolled
# back. Starts what it needs, and stops what it started.
#   run.sh               one after the other, as a story: about 100 s
#   run.sh --fast        both at once, with short looks at more traffic: about 30 s
#   run.sh --repeat N    N times, fast; prints how many of the rollouts ended as they should
set -euo pipefail
cd "$(dirname "$0")/../.."

mode=story
times=1
case "${1:-}" in
  '') ;;
  --fast) mode=fast ;;
  --repeat)
    mode=fast
    times=${2:?how often?}
    ;;
  *)
    echo "usage: run.sh [--fast | --repeat N]" >&2
    exit 2
    ;;
esac

if [ -z "${RELEASE_GATE:-}" ]; then
  bash cmake/install-dependencies.sh build run
  cmake --preset release -DRELEASE_GATE_TESTS="${RELEASE_GATE_TESTS:-OFF}" >/dev/null
  cmake --build --preset release --target release-gate
  RELEASE_GATE=$PWD/build/release/release-gate
fi
export RELEASE_GATE

seed=${CANARY_SEED:-20260317}
rate=2000 # requests a second: a look at 5 % sees a thousand of the canary
scrape=1s
baseline=12 # seconds before the first step: the time before, and two scrapes
if [ "$mode" = fast ]; then
  rate=5000
  scrape=500ms
  baseline=5
  export CANARY_SETTINGS="--set look=4s --set settle=500ms --set delay=1s"
fi

work=$(mktemp -d)
started=()
stop() {
  exec 3>&-
  for pid in ${started[@]+"${started[@]}"}; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  started=()
}
trap 'stop; rm -rf "$work"' EXIT

# wait_for WHAT COMMAND…: until the command succeeds, at most twenty seconds.
wait_for() {
  local what=$1
  shift
  for _ in $(seq 200); do
    "$@" && return 0
    sleep 0.1
  done
  echo "canary: $what did not start" >&2
  cat "$work"/*.log >&2
  exit 1
}

start_shop() {
  python3 examples/canary/shop.py "$1" "$2" "$rate" <"$work/hold" >"$work/$1.port" 2>"$work/$1.log" &
  started+=($!)
  wait_for "the $1 shop" test -s "$work/$1.port"
}

is_scraped() {
  curl -fs "$PROMETHEUS_URL/api/v1/query" --data-urlencode 'query=count(shop_canary_weight)' | grep -q '"2"'
}

start_prometheus() {
  cat >"$work/prometheus.yml" <<EOF
global: {scrape_interval: $scrape, scrape_timeout: $scrape}
scrape_configs:
  - {job_name: shop-good, static_configs: [{targets: ["127.0.0.1:$(cat "$work/good.port")"]}]}
  - {job_name: shop-bad, static_configs: [{targets: ["127.0.0.1:$(cat "$work/bad.port")"]}]}
EOF
  local port=${PROMETHEUS_PORT:-$(shuf -i 20000-29999 -n 1)}
  prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" --web.listen-address="127.0.0.1:$port" \
    --log.level=error >"$work/prometheus.log" 2>&1 &
  started+=($!)
  export PROMETHEUS_URL="http://127.0.0.1:$port"
  wait_for "the scraping of Prometheus" is_scraped
}

# rollout KIND EXIT_CODE: whether it ended with that code.
rollout() {
  local status=0
  bash examples/canary/rollout.sh "shop-$1" "http://127.0.0.1:$(cat "$work/$1.port")" || status=$?
  [ "$status" -eq "$2" ]
}

right=0
for ((run = 0; run < times; ++run)); do
  rm -rf "$work/data" "$work/hold"
  mkfifo "$work/hold"
  exec 3<>"$work/hold" # the shops serve until this is closed
  start_shop good "$((seed + run))"
  start_shop bad "$((seed + run))"
  start_prometheus
  echo "== a Prometheus and two shops on loopback, seed $((seed + run)); $baseline s of the time before"
  sleep "$baseline"
  good=0
  bad=0
  if [ "$mode" = fast ]; then
    rollout bad 1 >"$work/bad.story" 2>&1 &
    pid=$!
    echo "== the good version"
    rollout good 0 || good=$?
    wait "$pid" || bad=$?
    echo "== the bad version: from a fifth of the traffic on its connections run out"
    cat "$work/bad.story"
  else
    echo "== the good version"
    rollout good 0 || good=$?
    echo "== the bad version: from a fifth of the traffic on its connections run out"
    rollout bad 1 || bad=$?
  fi
  stop
  [ "$good" -ne 0 ] || ((++right))
  [ "$bad" -ne 0 ] || ((++right))
done
echo "== $right of $((2 * times)) rollouts ended as they should: the good version promoted, the bad one rolled back"
[ "$right" -eq $((2 * times)) ]
