#!/usr/bin/env bash
# Puts release-gate on the PATH of the job, for action.yml and setup/action.yml. All that it is told comes from the environment:
# GATE_VERSION, GATE_CHECKSUM, GATE_BASE_URL and ACTION_REF from the inputs, RUNNER_TEMP, GITHUB_PATH and GITHUB_ACTION_PATH from the runner.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=$(cd "$here/../.." && pwd)
to=$RUNNER_TEMP/release-gate

fail() {
  echo "::error title=release-gate::$1"
  exit 1
}

# The program as it is in these sources.
build_from_source() {
  local build=$RUNNER_TEMP/release-gate-build
  command -v apt-get >/dev/null || fail "version: source builds on Debian and Ubuntu; elsewhere build it yourself and say version: installed"
  bash "$sources/cmake/install-dependencies.sh" build
  cmake -S "$sources" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRELEASE_GATE_TESTS=OFF
  cmake --build "$build" --target release-gate
  mkdir -p "$to/bin"
  cp "$build/release-gate" "$to/bin/"
}

version=$GATE_VERSION
if [ -z "$version" ]; then
  # The release that the action itself was named by: uses: …@v1.2.3
  [[ "$ACTION_REF" =~ ^v?[0-9]+\.[0-9]+\.[0-9]+ ]] ||
    fail "the action is not used at a release's tag: say version: 1.2.3, source or installed"
  version=$ACTION_REF
fi

case "$version" in
  installed)
    command -v release-gate >/dev/null || fail "version: installed, but there is no release-gate on the PATH"
    ;;
  source)
    build_from_source
    echo "$to/bin" >>"$GITHUB_PATH"
    ;;
  *)
    arguments=(--version "$version" --base-url "$GATE_BASE_URL" --to "$to")
    if [ -n "$GATE_CHECKSUM" ]; then arguments+=(--checksum "$GATE_CHECKSUM"); fi
    sh "$sources/ci-templates/install.sh" "${arguments[@]}" || fail "release-gate is not installed; the log says why"
    echo "$to/bin" >>"$GITHUB_PATH"
    ;;
esac
