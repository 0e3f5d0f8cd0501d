#include "report/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"

namespace gate::report {
namespace {

constexpr std::array<std::string_view, 29> kColumns = {
    "gate",           "gate_verdict", "metric",   "title",    "category",  "source", "kind",         "unit",
    "required",       "verdict",      "evidence", "baseline", "candidate", "change", "change_lower", "change_upper",
    "interval_level", "level",        "rule",     "bound",    "observed",  "margin", "harm_lower",   "harm_upper",
    "p_value",        "outcome",      "reason",   "file",     "line"};

/// What a spreadsheet takes for a formula, full-width forms included.
/// https://owasp.org/www-community/attacks/CSV_Injection
constexpr std::array<std::string_view, 8> kFormulaStarts = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};

/// Text with an apostrophe before every formula: at its start, and behind what another locale takes for the end of a cell.
std::string without_formulas(const std::string& text) {
  std::string out;
  bool starts = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    const bool formula = starts && std::any_of(kFormulaStarts.begin(), kFormulaStarts.end(),
                                               [&](std::string_view start) { return rest.starts_with(start); });
    if (formula) out += '\'';
    out += text[i];
    starts = text[i] == ';' || (starts && text[i] == ' ');
  }
  return out;
}

std::string cell(const std::string& text) {
  std::string shown = without_formulas(core::printable(text));
  if (shown.find_first_of(",\"") == std::string::npos) return shown;
  return "\"" + core::replace_all(std::move(shown), "\"", "\"\"") + "\"";
}

std::string cell(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? fmt::format("{}", *value) : "";
}

std::string lower(const std::optional<core::Range>& range) {
  return range ? cell(std::optional(range->lower)) : "";
}

std::string upper(const std::optional<core::Range>& range) {
  return range ? cell(std::optional(range->upper)) : "";
}

std::optional<double> value_of(const std::optional<core::Side>& side) {
  return side ? side->value : std::nullopt;
}

std::vector<std::string> cells_of_metric(const core::Report& report, const core::MetricReport& metric) {
  std::vector<std::string> out = {cell(report.gate_name),
                                  std::string(core::name(report.verdict)),
                                  cell(metric.id),
                                  cell(metric.title),
                                  cell(metric.category),
                                  cell(metric.source),
                                  metric.kind,
                                  cell(metric.unit.symbol),
                                  metric.required ? "true" : "false",
                                  std::string(core::name(metric.verdict)),
                                  std::string(core::name(metric.evidence)),
                                  cell(value_of(metric.baseline)),
                                  cell(value_of(metric.candidate))};
  const auto& change = metric.change;
  out.push_back(change ? cell(std::optional(change->absolute)) : "");
  out.push_back(change ? lower(change->interval) : "");
  out.push_back(change ? upper(change->interval) : "");
  out.push_back(change && change->interval ? cell(std::optional(change->interval_level)) : "");
  return out;
}

void append_row(std::string& out, const std::vector<std::string>& cells) {
  out += fmt::format("{}\r\n", fmt::join(cells, ","));
}

}  // namespace

std::string to_csv(const core::Report& report) {
  std::string out;
  append_row(out, {kColumns.begin(), kColumns.end()});
  for (const core::MetricReport& metric : report.metrics) {
    const std::vector<std::string> shared = cells_of_metric(report, metric);
    for (const core::CriterionReport& one : metric.criteria) {
      std::vector<std::string> row = shared;
      row.insert(row.end(),
                 {std::string(core::name(one.level)), one.rule, cell(one.bound), cell(one.observed), cell(one.margin),
                  lower(one.harm_interval), upper(one.harm_interval), cell(one.p_value), std::string(core::name(one.outcome)),
                  cell(one.reason), cell(one.file), fmt::format("{}", one.line)});
      append_row(out, row);
    }
    if (!metric.criteria.empty()) continue;
    std::vector<std::string> row = shared;
    row.insert(row.end(),
               {"", "", "", "", "", "", "", "", "", cell(metric.headline), cell(metric.file), fmt::format("{}", metric.line)});
    append_row(out, row);
  }
  return core::without_commands(std::move(out));
}

}  // namespace gate::report
