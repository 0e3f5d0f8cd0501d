#!/usr/bin/env bash
# `release-gate check` with the inputs of action.yml, which come as GATE_… variables: never as text in a script. Writes the outputs, and
# ends with the gate's exit code, but for an inconclusive gate that may go on.
set -euo pipefail

fail() {
  echo "::error title=release-gate::$1"
  exit 2
}

yes_or_no() {
  case "$2" in
    true | false) ;;
    *) fail "$1 wants true or false" ;;
  esac
}
yes_or_no allow-inconclusive "$GATE_ALLOW_INCONCLUSIVE"
yes_or_no exit-zero "$GATE_EXIT_ZERO"
yes_or_no publish-required "$GATE_PUBLISH_REQUIRED"

if [[ "$GATE_REPORTS" = *$'\n'* ]]; then fail "reports wants the name of one folder"; fi
mkdir -p "$GATE_REPORTS"
reports=$(cd "$GATE_REPORTS" && pwd)
# Reports of an earlier run must not stand in for those of this one.
rm -f "$reports"/release-gate.{json,html,md,sarif} "$reports/junit.xml"

arguments=("$GATE_FILE" --report "json=$reports/release-gate.json" --report "html=$reports/release-gate.html"
  --report "markdown=$reports/release-gate.md" --report "junit=$reports/junit.xml" --report "sarif=$reports/release-gate.sarif")
# An option of one word, so that no value is taken for an option.
given() { if [ -n "$2" ]; then arguments+=("$1=$2"); fi; }
given --deployed-at "$GATE_DEPLOYED_AT"
given --stage "$GATE_STAGE"
given --wait "$GATE_WAIT"
given --deadline "$GATE_DEADLINE"
given --override "$GATE_OVERRIDE"
given --record "$GATE_RECORD"
given --publish "$GATE_PUBLISH"
if [ "$GATE_PUBLISH_REQUIRED" = true ]; then arguments+=(--publish-required); fi
if [ "$GATE_EXIT_ZERO" = true ]; then arguments+=(--exit-zero); fi
while IFS= read -r line; do given --set "$line"; done <<<"$GATE_SET"
while IFS= read -r line; do if [ -n "$line" ]; then arguments+=("$line"); fi; done <<<"$GATE_ARGUMENTS"

# The program annotates the lines of the gate file itself, and lets no text of others be a command of the runner.
status=0
release-gate check "${arguments[@]}" || status=$?

# Only the top level of the report is indented by two. Without a report nothing was judged.
verdict=error
if [ -s "$reports/release-gate.json" ]; then
  verdict=$(sed -n 's/^  "verdict": "\([a-z]*\)",\{0,1\}$/\1/p' "$reports/release-gate.json")
fi
{
  echo "verdict=$verdict"
  echo "exit-code=$status"
  for report in json html sarif; do
    file=$reports/release-gate.$report
    if [ -s "$file" ]; then echo "report-$report=$file"; else echo "report-$report="; fi
  done
  echo "reports=$reports"
} >>"$GITHUB_OUTPUT"

case "$status" in
  0 | 1 | 4) ;;
  3)
    if [ "$GATE_ALLOW_INCONCLUSIVE" = true ]; then
      echo "::notice title=release-gate::inconclusive, and the job goes on since allow-inconclusive is true"
      exit 0
    fi
    ;;
  2) echo "::error title=release-gate::the gate file or an input is wrong (exit code 2); nothing was asked" ;;
  *) echo "::error title=release-gate::ended with exit code $status" ;;
esac
exit "$status"
