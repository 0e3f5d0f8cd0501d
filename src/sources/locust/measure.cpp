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

/// The requests that a question is about: without a name, all together.
class Wanted {
 public:
  explicit Wanted(const ReportQuestion& question)
      : name_(question.query.text("name").value_or("")),
        type_(question.query.text("request_type").value_or("")),
        is_each_(!question.each.empty()) {
    if (name_ == kAll) name_.clear();
  }

  [[nodiscard]] bool holds(const Row& row) const {
    if (name_.empty() && type_.empty() && !is_each_) return row.name == kAll;
    return row.name != kAll && holds_request(row.type, row.name);
  }
  [[nodiscard]] bool holds_request(std::string_view type, std::string_view name) const {
    return (name_.empty() || name == name_) && (type_.empty() || type == type_);
  }
  [[nodiscard]] std::string label(const Row& row) const { return is_each_ ? row.name : ""; }
  [[nodiscard]] std::string described() const {
    const std::string name = core::printable(name_.empty() && type_.empty() ? kAll : name_);
    if (type_.empty()) return fmt::format("is called \"{}\"", name);
    return name_.empty() ? fmt::format("is of {}", core::printable(type_))
                         : fmt::format("is called \"{}\" and of {}", name, core::printable(type_));
  }

 private:
  std::string name_;
  std::string type_;
  bool is_each_;
};

/// The requests that `rows` count up to at their end, all together; absent where they do not say.
std::optional<double> requests_at_the_end(const std::vector<Row>& rows, std::string_view column) {
  const auto last = std::find_if(rows.rbegin(), rows.rend(), [](const Row& row) { return row.name == kAll; });
  return last == rows.rend() ? std::nullopt : number(*last, column);
}

Measured peak(const ReportQuestion& question, const LocustReport& report, std::string_view column) {
  if (report.history.empty()) return Measured::none("no PREFIX_stats_history.csv is among the files");
  const auto recorded = requests_at_the_end(report.history, "Total Request Count");
  if (recorded == 0.0) return Measured::none("the history ends before the first request: Locust writes it every ten seconds");
  const Wanted wanted(question);
  Measured out;
  bool is_known = false;
  for (const Row& row : report.history) {
    if (!wanted.holds(row)) continue;
    is_known = true;
    const auto value = number(row, column);
    if (!value) continue;
    double& most = out.values.emplace(wanted.label(row), *value).first->second;
    most = std::max(most, *value);
  }
  if (out.values.empty()) {
    out.absence = is_known ? fmt::format("no moment of the history says `{}`", column)
                           : fmt::format("no row of the history {}; locust --csv-full-history writes a row for each request",
                                         wanted.described());
  }
  const bool has_requests =
      std::any_of(report.history.begin(), report.history.end(), [](const Row& row) { return row.name != kAll; });
  if (question.measure == "peak_p95" && !has_requests) {
    out.notes.emplace_back("each moment of this history looks back to the start; with --csv-full-history, ten seconds");
  }
  const auto made = requests_at_the_end(report.stats, "Request Count");
  if (recorded && made && *recorded < *made) {
    out.notes.push_back(
        fmt::format("the history ends after {} of {} requests: Locust writes it every ten seconds", *recorded, *made));
  }
  return out;
}

Measured failure_kinds(const ReportQuestion& question, const LocustReport& report) {
  if (!report.has_failures_file) return Measured::none("no PREFIX_failures.csv is among the files");
  const Wanted wanted(question);
  std::vector<Counted> counted;
  for (const Failure& one : report.failures) {
    if (!wanted.holds_request(one.type, one.name)) continue;
    counted.emplace_back(one.occurrences, fmt::format("{}: {}", core::printable(one.name), core::printable(one.error)));
  }
  Measured out = Measured::one(static_cast<double>(counted.size()));
  out.notes = most_frequent(std::move(counted));
  return out;
}

Measured exceptions(const LocustReport& report) {
  if (!report.has_exceptions_file) return Measured::none("no PREFIX_exceptions.csv is among the files");
  double count = 0.0;
  for (const Exception& one : report.exceptions) count += one.count;
  return Measured::one(count);
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
  if (question.measure == "peak_users") return peak(question, all, "User Count");
  if (question.measure == "peak_p95") return peak(question, all, "95%");
  if (question.measure == "exceptions") return exceptions(all);
  if (question.measure == "failure_kinds") return failure_kinds(question, all);
  if (all.stats.empty()) return Measured::none("no PREFIX_stats.csv with a request is among the files");
  const Wanted wanted(question);
  Measured out;
  for (const Row& row : all.stats) {
    if (!wanted.holds(row)) continue;
    const Measured one = of_row(question, row);
    if (one.values.empty()) {
      out.absence = one.absence;
    } else if (!out.values.emplace(wanted.label(row), one.values.begin()->second).second) {
      throw_wrong_content(core::printable(row.name), "several rows are meant, and figures of requests cannot be put together",
                          "say which: name = \"/cart\", request_type = \"GET\"");
    }
  }
  if (out.values.empty() && out.absence.empty()) out.absence = "no row " + wanted.described();
  return out;
}

}  // namespace gate::sources::locust
