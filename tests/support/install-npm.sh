#!/usr/bin/env bash
# Installs the packages of a package-lock.json, by npm. $1: the folder that holds it, $2: the folder that gets node_modules. Done once for
# each lock file; what npm has in its cache is not downloaded again. No package's own scripts are run.
set -euo pipefail
from=$(cd "$1" && pwd)
to=$2
stamp=$to/node_modules/.lock
mkdir -p "$to"
exec 9>"$to/.guard"
flock 9 # tests run side by side
if [ -f "$stamp" ] && cmp -s "$from/package-lock.json" "$stamp"; then
  echo "the packages are installed"
  exit 0
fi
cp "$from/package.json" "$from/package-lock.json" "$to/"
if ! (cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error); then
  echo "npm could not install the packages of $from/package-lock.json." >&2
  echo "They need the npm registry once; afterwards npm's cache is enough. Nothing is skipped: this is a failure." >&2
  exit 1
fi
cp "$from/package-lock.json" "$stamp"
