/**
 * A step for a shared library (this folder's `vars`): judges a release by its metrics.
 *
 *   def gate = releaseGate(gate: 'gate.toml', deployedAt: env.DEPLOYED_AT, wait: '45m')
 *   if (gate.verdict == 'inconclusive') { … }
 *
 * Exit code 3 (inconclusive) makes the build unstable, any other but 0 ends it. release-gate must be on the agent's PATH. Values go to
 * the shell as variables, never as text of a script.
 *
 * gate         the gate file, gate.toml by default
 * deployedAt   when the release had all its traffic; none: what the gate file says
 * set          variables of the gate file: [release: '1.43.0']
 * stage, wait, deadline, publish, override   as the options of `release-gate check`
 * reports      the folder of the reports, release-gate by default
 * failOn       'never' leaves the outcome of the build to you
 */
Map call(Map given = [:]) {
  Map unknown = given.findAll { entry ->
    !(entry.key in ['gate', 'deployedAt', 'set', 'stage', 'wait', 'deadline', 'publish', 'override', 'reports', 'failOn'])
  }
  if (unknown) {
    error("releaseGate: unknown parameters: ${unknown.keySet().join(', ')}")
  }
  String reports = given.reports ?: 'release-gate'
  List variables = [
    "GATE_FILE=${given.gate ?: 'gate.toml'}",
    "GATE_REPORTS=${reports}",
    "GATE_SET=${(given.set ?: [:]).collect { entry -> "${entry.key}=${entry.value}" }.join('\n')}",
  ]
  ['deployedAt', 'stage', 'wait', 'deadline', 'publish', 'override'].each { name ->
    variables << "GATE_${name.toUpperCase()}=${given[name] ?: ''}"
  }
  int status = 5
  withEnv(variables) {
    status = sh(label: 'release gate', returnStatus: true, script: '''#!/usr/bin/env bash
set -euo pipefail
mkdir -p "$GATE_REPORTS"
rm -f "$GATE_REPORTS"/release-gate.{json,html,md} "$GATE_REPORTS/junit.xml"
arguments=("$GATE_FILE" --report "json=$GATE_REPORTS/release-gate.json" --report "html=$GATE_REPORTS/release-gate.html"
  --report "markdown=$GATE_REPORTS/release-gate.md" --report "junit=$GATE_REPORTS/junit.xml")
given() { if [ -n "$2" ]; then arguments+=("$1=$2"); fi; }
given --deployed-at "$GATE_DEPLOYEDAT"
given --stage "$GATE_STAGE"
given --wait "$GATE_WAIT"
given --deadline "$GATE_DEADLINE"
given --publish "$GATE_PUBLISH"
given --override "$GATE_OVERRIDE"
while IFS= read -r line; do given --set "$line"; done <<<"$GATE_SET"
exec release-gate check "${arguments[@]}"
''')
  }
  // Without a report nothing was judged. Only the top level of the report is indented by two.
  String verdict = 'error'
  if (fileExists("${reports}/release-gate.json")) {
    List found = readFile("${reports}/release-gate.json").readLines().findAll { line -> line.startsWith('  "verdict": "') }
    verdict = found ? found[0].split('"')[3] : 'error'
    // A failed gate would make the build unstable here, before the exit code is looked at.
    junit(testResults: "${reports}/junit.xml", skipMarkingBuildUnstable: true)
  }
  archiveArtifacts(artifacts: "${reports}/**", allowEmptyArchive: true)
  if (status != 0 && given.failOn != 'never') {
    String text = "release gate: ${verdict} (exit code ${status})"
    if (status == 3) {
      unstable(text)
    } else {
      error(text)
    }
  }
  return [verdict: verdict, exitCode: status, report: "${reports}/release-gate.json"]
}
