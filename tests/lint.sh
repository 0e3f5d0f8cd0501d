#!/usr/bin/env bash
# clang-format, shellcheck, the length of files and clang-tidy. $1: a build folder with compile_commands.json.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1

git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror
git ls-files '*.sh' .ci/run | xargs shellcheck
too_long=$(git ls-files '*.cpp' '*.h' '*.py' '*.sh' | xargs wc -l | awk '$2 != "total" && $1 > 400 {print $2 " has " $1 " lines"}')
if [ -n "$too_long" ]; then
  echo "$too_long" >&2
  exit 1
fi
python3 tests/tidy.py "$build"
echo "lint: clean"
