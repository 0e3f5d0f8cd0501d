#!/usr/bin/env bash
# Installs what is missing of the Debian 12 packages that the arguments ask for: build, run (for the quickstart), package (for a release), test,
# images (for the screenshots).
# Asks for root only when something is missing.
set -euo pipefail

packages=(ca-certificates)
for group in "$@"; do
  case "$group" in
    build)
      packages+=(g++ cmake ninja-build ccache git pkg-config libcurl4-openssl-dev libssl-dev zlib1g-dev nlohmann-json3-dev libtomlplusplus-dev
        libcli11-dev libfmt-dev libboost-dev libboost-math-dev libsimdjson-dev libpugixml-dev libexpat1-dev libkainjow-mustache-dev libsqlite3-dev
        libpq-dev libxxhash-dev)
      ;;
    package) packages+=(binutils dpkg-dev file gzip help2man ninja-build patchelf python3) ;;
    run) packages+=(prometheus curl) ;;
    test)
      packages+=(catch2 python3 python3-jsonschema python3-scipy prometheus victoria-metrics curl strace libxml2-utils shellcheck clang-format
        clang-tidy r-base-core openssl zsh fish chromium cmark-gfm python3-html5lib python3-junitparser
        python3-cryptography python3-prometheus-client python3-yaml yamllint rsync postgresql-15 influxdb
        graphite-web python3-whisper prometheus-pushgateway python3-locust)
      # Where they came from elsewhere (NodeSource, Adoptium), Debian's own would clash with them.
      command -v npm >/dev/null || packages+=(nodejs npm)
      command -v java >/dev/null || packages+=(openjdk-17-jre-headless)
      ;;
    images) packages+=(cmark-gfm pngquant fonts-inter fonts-dejavu-core) ;;
    *)
      echo "unknown group of packages: $group" >&2
      exit 2
      ;;
  esac
done

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "installing: ${missing[*]}"
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
# The packaged servers must not be started as services: the scripts start their own.
"${as_root[@]}" env RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
