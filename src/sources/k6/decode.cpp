#include "sources/k6/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "sources/json_at.h"

namespace gate::sources::k6 {
namespace {

Metric read_metric(const JsonAt& from) {
  Metric out;
  const auto values = from.find("values");
  for (const auto& [name, value] : (values ? *values : from).members()) {
    if (value.is_number()) out.numbers[name] = value.number();
  }
  // Exports call the rate `value`.
  const auto rate = out.numbers.find("value");
  if (rate != out.numbers.end() && out.numbers.contains("passes")) out.numbers["rate"] = rate->second;
  const auto thresholds = from.find("thresholds");
  if (!thresholds) return out;
  for (const auto& [rule, kept] : thresholds->members()) {
    // Of exports, true means that it was crossed: grafana/k6 keeps it so for those who rely on it.
    out.thresholds[rule] = kept.is_object() ? kept.need("ok").flag() : !kept.flag();
  }
  return out;
}

struct Statistic {
  std::string_view measure;
  std::string_view metric;
  std::string_view number;
  double scale = 1.0;
};

constexpr std::array<Statistic, 12> kStatistics = {{{"p95", "http_req_duration", "p(95)"},
                                                    {"p90", "http_req_duration", "p(90)"},
                                                    {"p99", "http_req_duration", "p(99)"},
                                                    {"median", "http_req_duration", "med"},
                                                    {"mean", "http_req_duration", "avg"},
                                                    {"min", "http_req_duration", "min"},
                                                    {"max", "http_req_duration", "max"},
                                                    {"error_rate", "http_req_failed", "rate", 100.0},
                                                    {"check_rate", "checks", "rate", 100.0},
                                                    {"throughput", "http_reqs", "rate"},
                                                    {"requests", "http_reqs", "count"},
                                                    {"iterations", "iterations", "count"}}};

Measured thresholds_crossed(const K6Report& report) {
  Measured out = Measured::one(0.0);
  std::size_t all = 0;
  for (const auto& [name, metric] : report.metrics) {
    for (const auto& [rule, kept] : metric.thresholds) {
      ++all;
      if (kept) continue;
      out.values.begin()->second += 1.0;
      out.notes.push_back(fmt::format("crossed: {} {}", core::printable(name), core::printable(rule)));
    }
  }
  return all == 0 ? Measured::none("the run had no thresholds") : out;
}

std::string missing(const std::string& name, std::string_view number, const Metric& metric) {
  std::string out = fmt::format("`{}` has no `{}`", core::printable(name), core::printable(number));
  if (number.starts_with("p(") && !metric.numbers.empty()) {
    out += "; k6 writes it with --summary-trend-stats=\"avg,min,med,max,p(90),p(95),p(99)\"";
  }
  return out;
}

}  // namespace

std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, std::uint64_t max_bytes) {
  auto report = std::make_unique<K6Report>();
  if (files.size() > 1) {
    throw_wrong_content(core::printable(files[1].path), "it is a second summary, and two cannot be added up",
                        "name one of them");
  }
  read_json(files.front(), max_bytes, [&](const JsonAt& root) {
    if (!root.is_object() || !root.find("metrics")) {
      throw_wrong_form(root.place(), "it is no summary of k6: it has no `metrics`",
                       "k6 run --summary-export=FILE, or write the data of handleSummary()");
    }
    for (const auto& [name, metric] : root.need("metrics").members()) report->metrics[name] = read_metric(metric);
  });
  return report;
}

Measured measure(const ReportQuestion& question, const Report& report, const Report* /*before*/) {
  const auto& all = static_cast<const K6Report&>(report);
  if (question.measure == "thresholds_crossed") return thresholds_crossed(all);
  const auto known = std::find_if(kStatistics.begin(), kStatistics.end(),
                                  [&](const Statistic& one) { return one.measure == question.measure; });
  const bool is_any = known == kStatistics.end();
  const std::string name = question.query.text("name").value_or(is_any ? "" : std::string(known->metric));
  const std::string number = is_any ? question.query.text("statistic").value_or("") : std::string(known->number);
  const auto metric = all.metrics.find(name);
  if (metric == all.metrics.end()) {
    return Measured::none(fmt::format("the run has no metric `{}`", core::printable(name)));
  }
  const auto& numbers = metric->second.numbers;
  const auto found = numbers.find(number);
  if (found == numbers.end()) return Measured::none(missing(name, number, metric->second));
  // A rate of nothing is written as 0.
  if (number == "rate" && numbers.contains("passes") && numbers.at("passes") == 0.0 &&
      (!numbers.contains("fails") || numbers.at("fails") == 0.0)) {
    return Measured::none(fmt::format("nothing was counted by `{}`", core::printable(name)));
  }
  return Measured::one(found->second * (is_any ? 1.0 : known->scale));
}

}  // namespace gate::sources::k6
