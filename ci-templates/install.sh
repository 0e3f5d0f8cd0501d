#!/bin/sh
# Installs a released release-gate. Nothing that was downloaded is unpacked or run before its SHA-256 is known to be right: the sum that
# you give, else that of the release's SHA256SUMS. A sum that is missing, or listed twice, is a failure.
#
#   install.sh --version 1.2.3 --base-url https://github.com/OWNER/release-gate/releases/download --to "$HOME/.local"
#
#   --version V    the release, with or without a leading v
#   --base-url U   the release's files are below U/vV/; https, or http on the loopback interface
#   --to FOLDER    gets bin/release-gate and the libraries beside it
#   --checksum S   the SHA-256 of the tarball, from a place you trust more than the server; else SHA256SUMS is asked for
#
# Exit codes: 0 installed, 1 not installed, 2 wrong command line.
set -eu

version='' base_url='' to='' checksum=''
while [ $# -gt 0 ]; do
  if [ $# -lt 2 ]; then
    echo "install: $1 wants a value" >&2
    exit 2
  fi
  case "$1" in
    --version) version=${2#v} ;;
    --base-url) base_url=${2%/} ;;
    --to) to=$2 ;;
    --checksum) checksum=$(printf '%s' "$2" | tr 'A-F' 'a-f') ;;
    *)
      echo "install: unknown option: $1" >&2
      exit 2
      ;;
  esac
  shift 2
done

fail() {
  echo "install: $1" >&2
  exit "${2:-1}"
}

matches() { printf '%s' "$2" | grep -Eqx -e "$1" && [ "$(printf '%s' "$2" | wc -l)" -eq 0 ]; }

matches '[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?' "$version" || fail "--version wants a release such as 1.2.3, not '$version'" 2
[ -n "$to" ] || fail "--to wants a folder" 2
[ -z "$checksum" ] || matches '[0-9a-f]{64}' "$checksum" || fail "--checksum wants 64 hexadecimal digits" 2
case "$base_url" in
  https://?*) protocol='=https' ;;
  http://127.0.0.1[:/]* | http://localhost[:/]* | "http://[::1]"[:/]*) protocol='=http,https' ;;
  *) fail "--base-url wants an https:// address, not '$base_url'" 2 ;;
esac
[ "$(uname -s)" = Linux ] || fail "there are releases for Linux alone, not for $(uname -s): build it from source"
for program in curl sha256sum tar; do
  command -v "$program" >/dev/null || fail "$program is missing"
done

name=release-gate-$version-linux-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# download FILE: into the work folder, bounded in size and time; --globoff since a version holds no pattern.
download() {
  curl --fail --silent --show-error --location --globoff --proto "$protocol" --proto-redir "$protocol" --tlsv1.2 --retry 3 \
    --connect-timeout 20 --max-time 300 --max-filesize 104857600 --output "$work/$1" "$base_url/v$version/$1" ||
    fail "cannot download $base_url/v$version/$1"
}

if [ -z "$checksum" ]; then
  download SHA256SUMS
  checksum=$(awk -v file="$name.tar.gz" '{ name = $2; sub(/^\*/, "", name) } name == file { print tolower($1) }' "$work/SHA256SUMS")
  [ -n "$checksum" ] || fail "SHA256SUMS of v$version names no $name.tar.gz: nothing is installed"
  matches '[0-9a-f]{64}' "$checksum" || fail "SHA256SUMS of v$version has no single SHA-256 for $name.tar.gz: nothing is installed"
fi

download "$name.tar.gz"
actual=$(sha256sum "$work/$name.tar.gz" | cut -d ' ' -f 1)
[ "$actual" = "$checksum" ] ||
  fail "$name.tar.gz has the SHA-256 $actual, not $checksum: it is not what was released; nothing is installed"

mkdir "$work/files"
tar -xzf "$work/$name.tar.gz" -C "$work/files" --strip-components=1 --no-same-owner
"$work/files/bin/release-gate" --version >"$work/version" ||
  fail "release-gate does not run on this machine; it wants glibc 2.35, libcurl 4, OpenSSL 3, SQLite 3, libpq 5 and Expat 2: build it from source"
[ "$(cat "$work/version")" = "release-gate $version" ] || fail "$name.tar.gz holds $(cat "$work/version"), not $version"
mkdir -p "$to"
cp -R "$work/files/." "$to/"
echo "installed release-gate $version (sha256 $checksum) into $to"
