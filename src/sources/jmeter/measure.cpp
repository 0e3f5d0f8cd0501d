#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text.h"
#include "sources/jmeter/decode.h"

namespace gate::sources::jmeter {
namespace {

/// The requests of one label, or of all.
struct Group {
  std::vector<std::int64_t> elapsed;
  std::size_t errors = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;

  void add(const Sample& sample) {
    const std::int64_t end = sample.start_ms + sample.elapsed_ms;
    first = elapsed.empty() ? sample.start_ms : std::min(first, sample.start_ms);
    last = elapsed.empty() ? end : std::max(last, end);
    elapsed.push_back(sample.elapsed_ms);
    errors += sample.ok ? 0 : 1;
  }
};

/// Nearest rank: the smallest value with a share of `q` at or below it.
double quantile(std::vector<std::int64_t>& values, double q) {
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

double mean(const std::vector<std::int64_t>& values) {
  double sum = 0.0;
  for (const std::int64_t value : values) sum += static_cast<double>(value);
  return sum / static_cast<double>(values.size());
}

/// (satisfied + tolerating / 2) / all, where an error satisfies nobody. https://www.apdex.org
double apdex(const JmeterReport& report, const ReportQuestion& question, const std::string& label) {
  const std::int64_t threshold = question.query.duration("threshold").value_or(core::Duration(500)).count();
  double score = 0.0;
  double all = 0.0;
  for (const Sample& sample : report.samples) {
    if (!label.empty() && report.labels[sample.label] != label) continue;
    all += 1.0;
    if (!sample.ok) continue;
    score += sample.elapsed_ms <= threshold ? 1.0 : sample.elapsed_ms <= 4 * threshold ? 0.5 : 0.0;
  }
  return score / all;
}

struct Rank {
  std::string_view measure;
  double q;
};

constexpr std::array<Rank, 5> kRanks = {{{"median", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"p999", 0.999}}};

Measured of_group(const ReportQuestion& question, Group& group) {
  const auto count = static_cast<double>(group.elapsed.size());
  const std::string& what = question.measure;
  if (what == "requests") return Measured::one(count);
  if (what == "errors") return Measured::one(static_cast<double>(group.errors));
  if (what == "error_rate") return Measured::one(100.0 * static_cast<double>(group.errors) / count);
  if (what == "mean") return Measured::one(mean(group.elapsed));
  if (what == "min") return Measured::one(static_cast<double>(*std::min_element(group.elapsed.begin(), group.elapsed.end())));
  if (what == "max") return Measured::one(static_cast<double>(*std::max_element(group.elapsed.begin(), group.elapsed.end())));
  const auto milliseconds = static_cast<double>(group.last - group.first);
  if (what == "duration") return Measured::one(milliseconds / 1000.0);
  if (what == "throughput") {
    if (milliseconds <= 0.0) return Measured::none("all requests are of one moment, so that there is no time to divide by");
    return Measured::one(count * 1000.0 / milliseconds);
  }
  const auto rank = std::find_if(kRanks.begin(), kRanks.end(), [&](const Rank& one) { return one.measure == what; });
  return Measured::one(quantile(group.elapsed, rank->q));
}

}  // namespace

Measured measure(const ReportQuestion& question, const Report& report, const Report* /*before*/) {
  const auto& all = static_cast<const JmeterReport&>(report);
  const std::string label = question.query.text("label").value_or("");
  std::map<std::string, Group> groups;
  for (const Sample& sample : all.samples) {
    const std::string& own = all.labels[sample.label];
    if (!label.empty() && own != label) continue;
    groups[question.each.empty() ? "" : own].add(sample);
  }
  Measured out;
  if (all.transactions > 0) {
    out.notes.push_back(fmt::format("{} transactions left out, whose requests are counted", all.transactions));
  }
  if (groups.empty()) {
    const std::string near = core::nearest(label, all.labels);
    out.absence = all.samples.empty()
                      ? "no request was made"
                      : fmt::format("no request is called \"{}\"{}", core::printable(label),
                                    near.empty() ? "" : fmt::format("; did you mean \"{}\"?", core::printable(near)));
  }
  for (auto& [name, group] : groups) {
    Measured one = question.measure == "apdex" ? Measured::one(apdex(all, question, name.empty() ? label : name))
                                               : of_group(question, group);
    if (one.values.empty()) {
      out.absence = one.absence;
    } else {
      out.values[name] = one.values.begin()->second;
    }
  }
  return out;
}

}  // namespace gate::sources::jmeter
