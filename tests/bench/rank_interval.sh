#!/usr/bin/env bash
# The rank interval at 2 × 10,000 beside R's wilcox.test on the same values. $1: folder of the benchmark programs.
set -euo pipefail
programs=${1:-build/bench/tests/bench}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

read -r seconds shift lower upper < <("$programs/rank_interval" --write "$folder/values.csv")
# shellcheck disable=SC2016 # the dollars are R's
read -r r_seconds r_shift r_lower r_upper < <(Rscript --vanilla -e '
  values <- read.csv(commandArgs(TRUE)[1], header = FALSE)
  seconds <- system.time(
    test <- wilcox.test(values[[2]], values[[1]], conf.int = TRUE, conf.level = 0.90))[["elapsed"]]
  cat(sprintf("%.3f %.9f %.9f %.9f\n", seconds, test$estimate, test$conf.int[1], test$conf.int[2]))
' "$folder/values.csv")

echo "| Mann–Whitney with Hodges–Lehmann interval, 2 × 10,000 | seconds | shift | 90 % interval |"
echo "|---|---|---|---|"
echo "| ours | $seconds | $shift | $lower to $upper |"
echo "| R, wilcox.test(conf.int = TRUE) | $r_seconds | $r_shift | $r_lower to $r_upper |"
echo
awk -v ours="$seconds" -v theirs="$r_seconds" 'BEGIN {
  missed = theirs / ours < 100 ? ", MISSED" : ""
  printf "ratio %.0f (target: at least 100 times faster)%s\n", theirs / ours, missed }'
