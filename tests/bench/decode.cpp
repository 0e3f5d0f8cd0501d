// decode: a big answer of a range query read by ours and by simdjson on-demand over the same bytes, with time and peak memory.
// Targets (docs on performance): at most 1.5 times simdjson, and at most the decoded values + the answer + 16 MiB of memory.
#include <fmt/format.h>
#include <simdjson.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

#include "http/client.h"
#include "sources/prometheus/decode.h"

namespace {

constexpr int kSeries = 200;
constexpr int kPoints = 5760;
constexpr int kRounds = 7;

/// 24 hours at 15 s of 200 series, with values as long as real ones are.
std::string make_answer() {
  std::string out = R"({"status":"success","data":{"resultType":"matrix","result":[)";
  std::uint64_t state = 20260317;
  for (int series = 0; series < kSeries; ++series) {
    out += fmt::format(R"({}{{"metric":{{"__name__":"latency_seconds","instance":"10.0.0.{}:8080"}},"values":[)",
                       series == 0 ? "" : ",", series);
    for (int point = 0; point < kPoints; ++point) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      const double value = static_cast<double>(state >> 11U) * 0x1.0p-53;
      out += fmt::format(R"({}[{},"{}"])", point == 0 ? "" : ",", 1773749040 + 15 * point, value);
    }
    out += "]}";
  }
  out += "]}}";
  out.reserve(out.size() + gate::http::kBodyPadding);
  return out;
}

/// The floor: every time and value of the answer, added up and not kept.
double floor_sum(const std::string& body) {
  namespace json = simdjson::ondemand;
  json::parser parser;
  json::document document = parser.iterate(body.data(), body.size(), body.capacity());
  double sum = 0.0;
  for (json::value series : document["data"]["result"].get_array()) {
    for (json::value point : series["values"].get_array()) {
      int position = 0;
      for (json::value part : point.get_array()) {
        if (position++ == 0) {
          sum += part.get_double();
        } else {
          const std::string_view text = part.get_string();
          double value = 0.0;
          std::from_chars(text.data(), text.data() + text.size(), value);
          sum += value;
        }
      }
    }
  }
  return sum;
}

double decoded_sum(const gate::sources::prometheus::Decoded& decoded) {
  double sum = 0.0;
  for (const gate::core::Series& series : decoded.series) {
    for (const gate::core::Time time : series.times) sum += static_cast<double>(time.time_since_epoch().count()) / 1000.0;
    for (const double value : series.values) sum += value;
  }
  return sum;
}

template <typename Run>
double best_milliseconds(Run run) {
  double best = 1e300;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    run();
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

/// "VmRSS" or "VmHWM" of this process in MiB.
double resident(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::strtod(line.c_str() + field.size() + 1, nullptr) / 1024.0;
  }
  return 0.0;
}

/// How far one decoding rises above what is resident before it, in MiB.
double peak_above(const std::string& body) {
  std::ofstream("/proc/self/clear_refs") << "5";
  const double before = resident("VmRSS");
  const auto decoded = gate::sources::prometheus::decode(body);
  if (!decoded.ok()) return 1e9;
  return resident("VmHWM") - before;
}

}  // namespace

int main() {
  const std::string body = make_answer();
  constexpr double kMiB = 1024.0 * 1024.0;
  // Before anything else has been freed, which would be used again unseen.
  const double peak = peak_above(body);
  double ours_sum = 0.0;
  double theirs_sum = 0.0;
  const double theirs = best_milliseconds([&] { theirs_sum = floor_sum(body); });
  const double ours = best_milliseconds([&] {
    const auto decoded = gate::sources::prometheus::decode(body);
    ours_sum = decoded_sum(*decoded);
  });
  const double values = kSeries * kPoints * (sizeof(gate::core::Time) + sizeof(double)) / kMiB;
  fmt::print("answer: {} series of {} points, {:.1f} MiB of JSON\n\n", kSeries, kPoints,
             static_cast<double>(body.size()) / kMiB);
  fmt::print("{:<44} {:>10} {:>10}\n", "", "measured", "target");
  fmt::print("{:<44} {:>7.1f} ms\n", "simdjson on-demand, values read and not kept", theirs);
  fmt::print("{:<44} {:>7.1f} ms\n", "release-gate, series kept and checked", ours);
  fmt::print("{:<44} {:>9.2f}x {:>9}x\n", "ratio", ours / theirs, "1.50");
  fmt::print("{:<44} {:>6.1f} MiB {:>6.1f} MiB\n", "peak memory beside the answer", peak, values + 16.0);
  const bool same = std::abs(ours_sum - theirs_sum) <= 1e-9 * std::abs(theirs_sum);
  if (!same) fmt::print(stderr, "the sums differ: {} and {}\n", ours_sum, theirs_sum);
  return same ? 0 : 1;
}
