#!/usr/bin/env bash
# rollout.sh JOB SHOP_URL: one progressive rollout, 5 % → 25 % → 50 % → 100 %, each step's end decided by the gate. Ends with 0 when
# the version was promoted, 1 when it was rolled back. PROMETHEUS_URL says where to ask, RELEASE_GATE which program; what
# CANARY_SETTINGS holds (--set …) is given to the gate, too.
set -euo pipefail
cd "$(dirname "$0")"

job=$1
shop=$2
version=1.43.0
looks=3 # at one step, before a canary that nothing can be said of is taken back
gate=${RELEASE_GATE:-../../build/release/release-gate}
read -ra settings <<<"${CANARY_SETTINGS:-}"
report=$(mktemp)
trap 'rm -f "$report"' EXIT

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }

route() {
  curl -fsS -o /dev/null --data "$1" "$shop/weight"
  say "$version gets $1 % of the traffic"
}

roll_back() {
  route 0
  say "rolled back: $1"
  exit 1
}

# judge STAGE: leaves the report in $report and returns the gate's exit code.
judge() {
  local status=0 asked=(check gate.toml --set "job=$job" --stage "$1" --deployed-at now --wait=2m)
  say "asked: release-gate ${asked[*]}"
  COLUMNS=100 LC_ALL=C.UTF-8 "$gate" "${asked[@]}" --no-color ${settings[@]+"${settings[@]}"} >"$report" 2>"$report.err" || status=$?
  [ "$status" -le 1 ] || [ "$status" -eq 3 ] || cat "$report.err"
  rm -f "$report.err"
  say "$(head -n 1 "$report")"
  return "$status"
}

# step PERCENT STAGE: shifts traffic, and comes back when the gate lets it stand.
step() {
  local status
  route "$1"
  for _ in $(seq "$looks"); do
    status=0
    judge "$2" || status=$?
    case "$status" in
      0) return 0 ;;
      1)
        sed -n '2,$ { /./ s/^/          /p }' "$report"
        roll_back "harm is proven at $1 %"
        ;;
      3 | 4) say "held at $1 %: nothing is proven; looking again" ;;
      *) roll_back "the gate could not judge (exit $status)" ;;
    esac
  done
  roll_back "nothing could be proven at $1 % in $looks looks"
}

ROLLOUT_STARTED_AT=$(date +%s)
export ROLLOUT_STARTED_AT
step 5 canary
step 25 canary
step 50 canary
step 100 promoted
say "promoted: $version has all the traffic"
