#!/usr/bin/env bash
# Installs the validators of package-lock.json into a folder, by npm. $1: the folder. Done once for each lock file; what npm has in its
# cache is not downloaded again. No package's own scripts are run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=$1
stamp=$to/node_modules/.lock
if [ -f "$stamp" ] && cmp -s "$here/package-lock.json" "$stamp"; then
  echo "the validators are installed"
  exit 0
fi
mkdir -p "$to"
cp "$here/package.json" "$here/package-lock.json" "$to/"
if ! (cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error); then
  echo "The templates cannot be checked: npm could not install the validators of tests/templates/package-lock.json." >&2
  echo "They need the npm registry once; afterwards npm's cache is enough. Nothing is skipped: this is a failure." >&2
  exit 1
fi
cp "$here/package-lock.json" "$stamp"
