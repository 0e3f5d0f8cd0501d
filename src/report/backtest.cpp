#include "report/backtest.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "report/layout.h"

namespace gate::report {
namespace {

using Json = nlohmann::ordered_json;

std::string percent(double share) {
  return core::format_number(100.0 * share, {2}) + " %";
}

/// "12 of 165 (7.3 %, 3.8 to 12 % at 95 %)".
std::string share_text(const core::Share& share) {
  std::string out = fmt::format("{} of {}", share.count, share.of);
  if (share.of == 0 || !share.interval) return out;
  const double part = static_cast<double>(share.count) / static_cast<double>(share.of);
  return out + fmt::format(" ({}, {} to {} at 95 %)", percent(part),
                           core::format_number(100.0 * share.interval->lower, {2, core::Rounding::down}),
                           core::format_number(100.0 * share.interval->upper, {2, core::Rounding::up}) + " %");
}

std::string amount(double value, const core::BacktestMetric& metric, const core::BacktestBound& bound) {
  core::MetricReport shown;
  shown.kind = metric.kind;
  shown.unit = metric.unit;
  const double sign = bound.rule == "decrease_over" ? -1.0 : 1.0;
  return core::printable(move_text(sign * value, bound.relative, shown));
}

void bound_lines(std::string& out, const core::BacktestMetric& metric, const core::BacktestBound& bound) {
  out += fmt::format("  {} {} {}: alarms in {}; shown to be kept in {}, open in {}\n", core::name(bound.level), bound.rule,
                     core::printable(bound.bound), share_text(bound.alarms), bound.held, bound.open);
  if (bound.detectable && bound.window) {
    out += fmt::format("    your {} window sees {} in four of five cases", core::describe_duration(*bound.window),
                       amount(*bound.detectable, metric, bound));
    if (bound.window_needed && bound.margin) {
      out += fmt::format("; at your traffic, {} (twice the limit) needs {}", amount(2.0 * *bound.margin, metric, bound),
                         core::describe_duration(*bound.window_needed));
    }
    out += "\n";
  }
  if (bound.kept_by_four_of_five) {
    out += fmt::format("    a limit of {} would have been shown to be kept by four of five\n",
                       amount(*bound.kept_by_four_of_five, metric, bound));
  }
}

Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json();
}

Json seconds(const std::optional<core::Duration>& value) {
  return value ? Json(std::chrono::duration<double>(*value).count()) : Json();
}

Json share(const core::Share& value) {
  Json out{{"count", value.count}, {"of", value.of}};
  out["share"] = value.of == 0 ? Json() : Json(static_cast<double>(value.count) / static_cast<double>(value.of));
  out["interval"] = value.interval ? Json::array({value.interval->lower, value.interval->upper}) : Json();
  return out;
}

template <typename Counted>
void put_verdicts(Json& out, const Counted& value) {
  out["false_alarms"] = share(value.fails);
  out["pass"] = value.passes;
  out["warn"] = value.warns;
  out["inconclusive"] = value.open;
  out["error"] = value.errors;
}

Json bound(const core::BacktestBound& value) {
  Json out;
  out["level"] = core::name(value.level);
  out["rule"] = value.rule;
  out["bound"] = value.bound;
  out["false_alarms"] = share(value.alarms);
  out["holds"] = value.held;
  out["unproven"] = value.open;
  out["relative"] = value.relative;
  out["margin"] = number(value.margin);
  out["detectable"] = number(value.detectable);
  out["limit_kept_by_four_of_five"] = number(value.kept_by_four_of_five);
  out["window_seconds"] = seconds(value.window);
  out["window_needed_seconds"] = seconds(value.window_needed);
  return out;
}

Json metric(const core::BacktestMetric& value) {
  Json out{{"id", value.id}, {"title", value.title}, {"kind", value.kind}, {"unit", value.unit.symbol}};
  put_verdicts(out, value);
  out["first_error"] = value.first_error.empty() ? Json() : Json(value.first_error);
  out["criteria"] = Json::array();
  for (const core::BacktestBound& one : value.bounds) out["criteria"].push_back(bound(one));
  return out;
}

}  // namespace

std::string backtest_to_terminal(const core::BacktestReport& report, core::Time now) {
  const std::size_t judged = report.fails.of + report.errors;
  std::string out = fmt::format("{}: {} releases that never were, one every {} from {} to {}\n", core::printable(report.gate),
                                judged, core::describe_duration(report.every), core::format_moment(report.from, now),
                                core::format_moment(report.to, now));
  if (report.left_out > 0) out += fmt::format("  {} more left out: there was a release\n", report.left_out);
  out += fmt::format("  the gate: false alarms in {}; passed {}, warned {}, open {}", share_text(report.fails), report.passes,
                     report.warns, report.open);
  out += report.errors > 0 ? fmt::format(", could not be asked {}\n", report.errors) : "\n";
  for (const core::BacktestMetric& one : report.metrics) {
    out += fmt::format("\n{}  {}: false alarms in {}; passed {}, warned {}, open {}", core::printable(one.id),
                       core::printable(one.title), share_text(one.fails), one.passes, one.warns, one.open);
    out += one.errors > 0 ? fmt::format(", could not be asked {}: {}\n", one.errors, core::printable(one.first_error)) : "\n";
    for (const core::BacktestBound& bound : one.bounds) bound_lines(out, one, bound);
  }
  for (const std::string& note : report.notes) out += fmt::format("\nnote: {}", core::printable(note));
  return out + (report.notes.empty() ? "" : "\n");
}

std::string backtest_to_json(const core::BacktestReport& report) {
  Json out{{"schema", "release-gate/backtest/v1"}, {"gate", report.gate}};
  out["from"] = core::format_time(report.from);
  out["to"] = core::format_time(report.to);
  out["every_seconds"] = std::chrono::duration<double>(report.every).count();
  out["left_out"] = report.left_out;
  out["releases_known"] = report.releases_known;
  put_verdicts(out, report);
  out["metrics"] = Json::array();
  for (const core::BacktestMetric& one : report.metrics) out["metrics"].push_back(metric(one));
  out["notes"] = report.notes;
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gate::report
