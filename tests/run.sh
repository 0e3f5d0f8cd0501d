#!/usr/bin/env bash
# Sets a Debian 12 machine up, builds and runs every test. Ends with ctest's closing line of each build; fails when anything fails.
#   tests/run.sh                   everything: release build, sanitizer build, lint
#   tests/run.sh --quick           only the release build and its tests
#   tests/run.sh --update-golden   rewrites the expected outputs, for review in the diff
set -euo pipefail
cd "$(dirname "$0")/.."

quick=no
for argument in "$@"; do
  case "$argument" in
    --quick) quick=yes ;;
    --update-golden) export RELEASE_GATE_UPDATE_GOLDEN=1 ;;
    *)
      echo "unknown option: $argument" >&2
      exit 2
      ;;
  esac
done

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

bash cmake/install-dependencies.sh build package test
step "release build"
cmake --preset release -DRELEASE_GATE_TESTS=ON >/dev/null
cmake --build --preset release
step "tests"
ctest --test-dir build/release --output-on-failure -j2
if [ "$quick" = yes ]; then exit 0; fi

step "sanitizer build (address, undefined)"
cmake --preset asan >/dev/null
cmake --build --preset asan
step "unit and scenario tests under the sanitizers"
ctest --test-dir build/asan --output-on-failure -j2 -L 'unit|scenario'

step "lint"
bash tests/lint.sh build/release
step "done"
