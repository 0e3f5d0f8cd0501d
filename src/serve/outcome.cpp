#include "serve/outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/text.h"

namespace gate::serve {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestHeadline = 500;  ///< bytes; events of Kubernetes hold 1024

struct Row {
  const char* name;
  Verdict verdict;
  int exit_code;
};

constexpr std::array kVerdicts = {
    Row{"pass", Verdict::pass, 0},   Row{"warn", Verdict::warn, 0},
    Row{"fail", Verdict::fail, 1},   Row{"inconclusive", Verdict::inconclusive, 3},
    Row{"error", Verdict::error, 4},
};

std::string one_line(std::string_view text) {
  return core::shorten(core::printable(text), kLongestHeadline);
}

/// The report without what only charts and auditors need; discarded when it is none.
Json parse_report(const std::string& text) {
  const auto keep = [](int depth, Json::parse_event_t event, const Json& parsed) {
    const bool is_key = event == Json::parse_event_t::key && depth == 3;
    return !is_key || (parsed != "series" && parsed != "requests" && parsed != "criteria");
  };
  return Json::parse(text, keep, false);
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<Row> row_of(const Json& report) {
  const std::string verdict = text_at(report, "verdict");
  const auto found = std::find_if(kVerdicts.begin(), kVerdicts.end(), [&](const Row& row) { return row.name == verdict; });
  return found == kVerdicts.end() ? std::nullopt : std::optional<Row>(*found);
}

/// The ids that make the verdict; and whether all of them merely wait for their windows, until when.
void read_metrics(const Json& report, const std::string& verdict, Outcome& outcome) {
  const auto metrics = report.find("metrics");
  if (metrics == report.end() || !metrics->is_array()) return;
  bool all_wait = true;
  for (const Json& metric : *metrics) {
    if (text_at(metric, "verdict") != verdict || metric.value("required", Json()) != true) continue;
    outcome.blocking.push_back(one_line(text_at(metric, "id")));
    all_wait = all_wait && text_at(metric, "evidence") == "pending";
    outcome.due = std::max(outcome.due, text_at(metric, "due"));
  }
  const bool waits = outcome.verdict == Verdict::inconclusive && all_wait && !outcome.blocking.empty();
  if (waits) outcome.verdict = Verdict::pending;
  if (!waits) outcome.due.clear();
}

/// The first line on standard error that tells an error, without the word.
std::string first_error(const std::string& err) {
  const std::size_t start = err.find("error[");
  if (start == std::string::npos) return "";
  return err.substr(start, err.find('\n', start) - start);
}

Outcome without_verdict(const Finished& finished, const std::string& why) {
  Outcome outcome;
  const std::string told = first_error(finished.err);
  outcome.verdict = finished.exit_code == 2 ? Verdict::unusable : Verdict::unfinished;
  outcome.exit_code = finished.exit_code < 0 ? 5 : finished.exit_code;
  outcome.headline = one_line(told.empty() ? why : told);
  return outcome;
}

}  // namespace

std::string name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pending:
      return "pending";
    case Verdict::unusable:
      return "unusable";
    case Verdict::unfinished:
      return "unfinished";
    default:
      return std::find_if(kVerdicts.begin(), kVerdicts.end(), [&](const Row& row) { return row.verdict == verdict; })->name;
  }
}

Outcome outcome_of(const Finished& finished) {
  if (finished.timed_out) return without_verdict(finished, "the evaluation did not end in time and was stopped");
  if (finished.too_large) return without_verdict(finished, "the evaluation wrote more than can be kept and was stopped");
  if (finished.exit_code < 0) return without_verdict(finished, "the evaluation was ended by a signal");
  if (finished.exit_code == 2) return without_verdict(finished, "the gate file cannot be used");
  const Json report = parse_report(finished.out);
  if (!report.is_object() || text_at(report, "schema") != "release-gate/report/v1") {
    return without_verdict(finished, fmt::format("the evaluation gave no report (exit {})", finished.exit_code));
  }
  const auto row = row_of(report);
  if (!row || row->exit_code != finished.exit_code) {
    return without_verdict(finished, fmt::format("verdict and exit code {} do not agree", finished.exit_code));
  }
  Outcome outcome;
  outcome.verdict = row->verdict;
  outcome.exit_code = row->exit_code;
  outcome.gate = one_line(text_at(report.value("gate", Json()), "name"));
  outcome.headline = one_line(text_at(report, "headline"));
  read_metrics(report, row->name, outcome);
  return outcome;
}

}  // namespace gate::serve
