# shellcheck shell=bash
# What the examples with systems of their own have in common: to be sourced, at the root of the project. `serve FILE MARK` starts the
# doubles in FILE on loopback, waits until they have said MARK=…, exports what they say of themselves, and stops them when the shell
# ends. $work is a folder of the shell's own.

work=$(mktemp -d)

stop() {
  exec 3>&-
  wait "$systems_pid" 2>/dev/null || true
  rm -rf "$work"
}

serve() {
  mkfifo "$work/hold"
  python3 "$1" <"$work/hold" >"$work/where" &
  systems_pid=$!
  exec 3>"$work/hold" # the systems serve until this is closed
  trap stop EXIT
  for _ in $(seq 200); do
    grep -q "^$2=" "$work/where" && break
    kill -0 "$systems_pid"
    sleep 0.05
  done
  set -a
  # shellcheck source=/dev/null
  . "$work/where"
  set +a
}
