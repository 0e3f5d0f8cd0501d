#!/usr/bin/env bash
# Writes OpenMetrics text to stdout: two hours of two services, scraped every 15 s, each with a release at the Unix second $1.
# checkout-bad gets slower and fails more often from then on; checkout-good stays as it was. The same second gives the same bytes.
set -euo pipefail
awk -v release="$1" '
function normal() { return sqrt(-2 * log(1 - rand())) * cos(6.283185307 * rand()) }
# The logistic curve stands in for the normal distribution of log latency.
function below(bound, median, spread) { return 1 / (1 + exp(-1.702 * (log(bound) - log(median)) / spread)) }
function put(family, labels, time, value) { lines[family] = lines[family] sprintf("%s{%s} %.6f %d\n", family, labels, value, time) }
BEGIN {
  srand(20240611)
  count = split("0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10", bounds, " ")
  split("checkout-bad checkout-good", jobs, " ")
  for (j = 1; j <= 2; j++) {
    job = jobs[j]; drift = 0; load = 0; requests = 0; failed = 0; paid = 0; unpaid = 0; sum = 0; cpu = 0
    for (b = 1; b <= count; b++) bucket[b] = 0
    for (t = release - 5400; t <= release + 1800; t += 15) {
      bad = (job == "checkout-bad" && t > release)
      drift = 0.6 * drift + 0.03 * normal()
      load = 0.7 * load + 0.02 * normal()
      now = int(900 * exp(load)); median = (bad ? 0.105 : 0.08) * exp(drift); spread = 0.7
      errors = int(now * (bad ? 0.019 : 0.004) * exp(0.2 * normal()) + rand())
      requests += now; failed += errors; sum += now * median * exp(spread * spread / 2)
      baskets = int(now / 6); lost = int(baskets * (bad ? 0.05 : 0.02) * exp(0.2 * normal()) + rand())
      paid += baskets - lost; unpaid += lost; cpu += now * 0.004 * exp(0.05 * normal())
      put("http_requests_total", "job=\"" job "\",code=\"200\"", t, requests - failed)
      put("http_requests_total", "job=\"" job "\",code=\"500\"", t, failed)
      put("payments_total", "job=\"" job "\",result=\"ok\"", t, paid)
      put("payments_total", "job=\"" job "\",result=\"failed\"", t, unpaid)
      for (b = 1; b <= count; b++) {
        bucket[b] += int(now * below(bounds[b], median, spread))
        put("http_request_duration_seconds_bucket", "job=\"" job "\",le=\"" bounds[b] "\"", t, bucket[b])
      }
      put("http_request_duration_seconds_bucket", "job=\"" job "\",le=\"+Inf\"", t, requests)
      put("http_request_duration_seconds_count", "job=\"" job "\"", t, requests)
      put("http_request_duration_seconds_sum", "job=\"" job "\"", t, sum)
      put("process_cpu_seconds_total", "job=\"" job "\"", t, cpu)
      put("process_resident_memory_bytes", "job=\"" job "\"", t, 180e6 * exp(0.02 * normal()))
      put("process_open_fds", "job=\"" job "\"", t, 60 + int(10 * rand()))
      put("process_max_fds", "job=\"" job "\"", t, 1024)
      put("process_start_time_seconds", "job=\"" job "\"", t, t > release ? release : release - 90000)
      put("up", "job=\"" job "\"", t, 1)
    }
  }
  printf "# TYPE http_requests counter\n%s", lines["http_requests_total"]
  printf "# TYPE payments counter\n%s", lines["payments_total"]
  printf "# TYPE http_request_duration_seconds histogram\n%s", lines["http_request_duration_seconds_bucket"]
  printf "%s%s", lines["http_request_duration_seconds_count"], lines["http_request_duration_seconds_sum"]
  printf "# TYPE process_cpu_seconds counter\n%s", lines["process_cpu_seconds_total"]
  split("process_resident_memory_bytes process_open_fds process_max_fds process_start_time_seconds up", gauges, " ")
  for (g = 1; g <= 5; g++) printf "# TYPE %s gauge\n%s", gauges[g], lines[gauges[g]]
  print "# EOF"
}'
