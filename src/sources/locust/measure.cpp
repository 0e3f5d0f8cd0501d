#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "sources/locust/decode.h"

namespace gate::sources::locust {
namespace {

constexpr const char* kAll = "Aggregated";

struct Column {
  std::string_view measure;
  std::string_view column;
};

constexpr std::array<Column, 10> kColumns = {{{"requests", "Request Count"},
                                              {"errors", "Failure Count"},
                                              {"throughput", "Requests/s"},
                                              {"mean", "Average Response Time"},
                                              {"min", "Min Response Time"},
                                              {"max", "Max Response Time"},
                                              {"median", "50%"},
                                              {"p90", "90%"},
                                              {"p95", "95%"},
                                              {"p99", "99%"}}};

std::optional<double> number(const Row& row, std::string_view column) {
  const auto found = row.numbers.find(column);
  return found == row.numbers.end() ? std::nullopt : std::optional<double>(found->second);
}

Measured peak(const LocustReport& report, std::string_view column) {
  if (report.history.empty()) return Measured::none("no PREFIX_stats_history.csv is among the files");
  std::optional<double> most;
  for (const Row& row : report.history) {
    const auto value = row.name == kAll ? number(row, column) : std::nullopt;
    if (value) most = std::max(most.value_or(*value), *value);
  }
  return most ? Measured::one(*most) : Measured::none(fmt::format("no moment of the history says `{}`", column));
}

Measured failure_kinds(const ReportQuestion& question, const LocustReport& report) {
  if (!report.has_failures_file) return Measured::none("no PREFIX_failures.csv is among the files");
  const std::string name = question.query.text("name").value_or("");
  Measured out = Measured::one(0.0);
  for (const Failure& one : report.failures) {
    if (!name.empty() && one.name != name) continue;
    out.values.begin()->second += 1.0;
    out.notes.push_back(fmt::format("{} times {}: {}", one.occurrences, core::printable(one.name),
                                    core::shorten(core::printable(one.error), 160)));
  }
  return out;
}

Measured of_row(const ReportQuestion& question, const Row& row) {
  const double requests = number(row, "Request Count").value_or(0.0);
  if (requests == 0.0) return Measured::none("no request was made");
  if (question.measure == "error_rate") {
    const auto failures = number(row, "Failure Count");
    if (!failures) return Measured::none("the row has no `Failure Count`");
    if (*failures > requests) {
      throw_wrong_content(core::printable(row.name), "more requests failed than there were", "is this a file of Locust's?");
    }
    return Measured::one(100.0 * *failures / requests);
  }
  const auto column =
      std::find_if(kColumns.begin(), kColumns.end(), [&](const Column& one) { return one.measure == question.measure; });
  const auto value = number(row, column->column);
  return value ? Measured::one(*value) : Measured::none(fmt::format("the row has no `{}`", column->column));
}

}  // namespace

Measured measure(const ReportQuestion& question, const Report& report, const Report* /*before*/) {
  const auto& all = static_cast<const LocustReport&>(report);
  if (question.measure == "peak_users") return peak(all, "User Count");
  if (question.measure == "peak_p95") return peak(all, "95%");
  if (question.measure == "failure_kinds") return failure_kinds(question, all);
  if (all.stats.empty()) return Measured::none("no PREFIX_stats.csv with a request is among the files");
  const std::string wanted = question.query.text("name").value_or(question.each.empty() ? kAll : "");
  Measured out;
  for (const Row& row : all.stats) {
    const bool is_wanted = wanted.empty() ? row.name != kAll : row.name == wanted;
    if (!is_wanted) continue;
    const Measured one = of_row(question, row);
    const std::string label = question.each.empty() ? "" : row.name;
    if (one.values.empty()) {
      out.absence = one.absence;
    } else if (!out.values.emplace(label, one.values.begin()->second).second) {
      throw_wrong_content(core::printable(row.name), "two rows have this name, of two methods",
                          "give the requests names of their own");
    }
  }
  if (out.values.empty() && out.absence.empty()) out.absence = fmt::format("no row is called \"{}\"", core::printable(wanted));
  return out;
}

}  // namespace gate::sources::locust
