#!/usr/bin/env bash
# clang-format, clang-tidy, shellcheck and the length of files. $1: a build folder with compile_commands.json.
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
# The compile commands hold GCC's -Wno-restrict, which clang does not know, and GCC's precompiled headers, which it cannot read: without
# them each file is also seen to include what it uses.
# The static analyzer looks into one function at a time (mode=shallow): with calls inlined it takes two thirds of the whole run.
# One process a core; a file is checked again only when it, or the configuration, has changed since it was last found clean.
mkdir -p "$build/tidy"
sed -E 's# -Winvalid-pch -include [^ ]*cmake_pch\.hxx##; s# -fpch-preprocess##' "$build/compile_commands.json" >"$build/tidy/compile_commands.json"
# shellcheck disable=SC2016 # the inner shell expands
git ls-files 'src/*.cpp' | xargs -P "$(nproc)" -I{} bash -c '
  file=$1 build=$2
  stamp="$build/tidy/$(echo "$file" | tr / _)"
  sum=$(cat .clang-tidy "$file" "$(dirname "$file")"/*.h src/core/*.h 2>/dev/null | sha256sum)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ] && exit 0
  clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option --extra-arg=-Xclang --extra-arg=-analyzer-config \
    --extra-arg=-Xclang --extra-arg=mode=shallow -p "$build/tidy" "$file" 2>/dev/null || { echo "clang-tidy: $file"; exit 255; }
  echo "$sum" > "$stamp"
' _ {} "$build"
echo "lint: clean"
