#include "report/openmetrics.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/text.h"

namespace gate::report {
namespace {

using core::Verdict;

constexpr std::array kGateVerdicts = {Verdict::pass, Verdict::warn, Verdict::fail, Verdict::inconclusive, Verdict::error};
constexpr std::array kMetricVerdicts = {Verdict::pass,         Verdict::warn,  Verdict::fail,
                                        Verdict::inconclusive, Verdict::error, Verdict::skipped};

bool is_plain(char c) {
  return std::string_view(" \"'`#\\").find(c) == std::string_view::npos;
}

/// A name as a label: GitLab cuts a line at "#" and splits it at blanks, as a shell would with quotes and backslashes.
/// Percent-encoded, so that two names never become one.
std::string name_label(const std::string& text) {
  std::string out;
  for (const char c : core::printable(text)) {
    if (is_plain(c) && c != '%') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string unit_label(const std::string& text) {
  std::string out = core::printable(text);
  for (char& c : out)
    if (!is_plain(c)) c = '_';
  return out;
}

void family(std::string& out, std::string_view name, std::string_view help) {
  out += fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, help, name);
}

void side(std::string& out, const core::MetricReport& metric, std::string_view name, const std::optional<core::Side>& value) {
  if (!value || !value->value || !std::isfinite(*value->value)) return;
  out += fmt::format("release_gate_value{{metric=\"{}\",side=\"{}\",unit=\"{}\"}} {}\n", name_label(metric.id), name,
                     unit_label(metric.unit.symbol), *value->value);
}

}  // namespace

std::string to_openmetrics(const core::Report& report) {
  std::string out;
  family(out, "release_gate_verdict", "The verdict of the gate: 1 for the one that it is.");
  for (const Verdict one : kGateVerdicts) {
    out += fmt::format("release_gate_verdict{{gate=\"{}\",verdict=\"{}\"}} {}\n", name_label(report.gate_name), core::name(one),
                       one == report.verdict ? 1 : 0);
  }
  if (report.score) {
    family(out, "release_gate_score", "Weighted share of what passed, in per cent.");
    out += fmt::format("release_gate_score{{gate=\"{}\"}} {}\n", name_label(report.gate_name), *report.score);
  }
  if (!report.metrics.empty()) family(out, "release_gate_metric_verdict", "The verdict of a metric: 1 for the one that it is.");
  for (const core::MetricReport& metric : report.metrics) {
    for (const Verdict one : kMetricVerdicts) {
      out += fmt::format("release_gate_metric_verdict{{metric=\"{}\",verdict=\"{}\"}} {}\n", name_label(metric.id),
                         core::name(one), one == metric.verdict ? 1 : 0);
    }
  }
  std::string values;
  std::string changes;
  for (const core::MetricReport& metric : report.metrics) {
    side(values, metric, "baseline", metric.baseline);
    side(values, metric, "candidate", metric.candidate);
    if (!metric.change || !metric.change->relative || !std::isfinite(*metric.change->relative)) continue;
    changes += fmt::format("release_gate_change_ratio{{metric=\"{}\"}} {}\n", name_label(metric.id), *metric.change->relative);
  }
  if (!values.empty()) family(out, "release_gate_value", "The estimate of one side, in the unit of the metric.");
  out += values;
  if (!changes.empty()) family(out, "release_gate_change_ratio", "Candidate less baseline, as a share of the baseline.");
  return out + changes + "# EOF\n";
}

}  // namespace gate::report
