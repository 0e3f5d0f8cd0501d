#!/usr/bin/env bash
# Makes the files of a release, and nothing else does: a tarball, a .deb, the bill of materials and SHA256SUMS.
#   cmake/make-release.sh [--build FOLDER] [--output FOLDER]
# FOLDER of --build is configured when it is new (build/package by default); --output is build/dist by default. The same sources give
# the same bytes: times come from SOURCE_DATE_EPOCH, else from the last commit.
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/package
output=build/dist
while [ $# -gt 0 ]; do
  case "$1" in
    --build) build=${2:?--build wants a folder} ;;
    --output) output=${2:?--output wants a folder} ;;
    *)
      echo "unknown option: $1" >&2
      exit 2
      ;;
  esac
  shift 2
done

for program in cpack dpkg-query dpkg-shlibdeps file help2man ninja patchelf python3 readelf; do
  command -v "$program" >/dev/null && continue
  echo "make-release: $program is missing; on Debian: cmake/install-dependencies.sh build package" >&2
  exit 1
done

if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)
fi
export SOURCE_DATE_EPOCH
umask 022

if [ -f "$build/CMakeCache.txt" ]; then
  cmake "$build" >/dev/null # the papers bear the release's date
else
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRELEASE_GATE_TESTS=OFF
fi
cmake --build "$build" --target release-gate package_files

version=$("$build/release-gate" --version | awk '{ print $2 }')
name=release-gate-$version-linux-$(uname -m)
rm -rf "$output"
mkdir -p "$output"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for component in program libraries; do
  cmake --install "$build" --prefix "$work/$name" --strip --component "$component" >/dev/null
done
# Only here is there a search path for libraries: elsewhere it would be one more place to plant one.
# shellcheck disable=SC2016 # $ORIGIN is the loader's
patchelf --set-rpath '$ORIGIN/../lib/release-gate' "$work/$name/bin/release-gate"
cp LICENSE README.md CHANGELOG.md "$work/$name/"
sbom=(python3 cmake/sbom.py --build "$build" --program "$work/$name/bin/release-gate" --version "$version")
"${sbom[@]}" >"$output/$name.cdx.json"
"${sbom[@]}" --notices >"$work/$name/THIRD-PARTY-NOTICES.txt"
chmod -R u=rwX,go=rX "$work/$name"
tar --create --directory "$work" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner "$name" |
  gzip -9n >"$output/$name.tar.gz"

if ! cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work/cpack" >"$work/cpack.log" 2>&1; then
  cat "$work/cpack.log" >&2
  exit 1
fi
cp "$work"/cpack/*.deb "$output/"

cp ci-templates/install.sh "$output/"
(cd "$output" && sha256sum -- * >"$work/SHA256SUMS" && mv "$work/SHA256SUMS" .)
ls -l "$output"
