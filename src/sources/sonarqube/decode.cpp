#include "sources/sonarqube/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "core/unit.h"

namespace gate::sources::sonarqube {
namespace {

using nlohmann::json;

/// One a minute for two years.
constexpr std::size_t kMostAnalyses = 1'000'000;

core::Error malformed(std::string_view what) {
  return {"RG1801",
          fmt::format("the answer is not what SonarQube's {} gives", what),
          "check `url`: it is the server's address with its context path, without /api",
          {},
          {}};
}

json parse(const std::string& body) {
  return json::parse(body, nullptr, false);
}

/// The member `key` of an object when it is a string, else "".
std::string text_of(const json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// New-code metrics carry period.value (older servers: periods[0].value) and no value of their own.
std::string value_of(const json& measure) {
  const bool new_code = text_of(measure, "metric").starts_with("new_");
  if (!new_code && measure.contains("value")) return text_of(measure, "value");
  if (measure.contains("period")) return text_of(measure["period"], "value");
  if (measure.contains("periods") && measure["periods"].is_array() && !measure["periods"].empty())
    return text_of(measure["periods"].front(), "value");
  return text_of(measure, "value");
}

/// A value that is there and no string must not pass for one that is absent.
bool has_odd_value(const json& holder) {
  return holder.is_object() && holder.contains("value") && !holder["value"].is_string();
}

/// What a condition demands, from what would fail it.
std::string demand(const std::string& comparator, const std::string& threshold) {
  if (comparator == "LT") return "at least " + threshold;
  return comparator == "GT" ? "at most " + threshold : comparator + " " + threshold;
}

/// Numbers as they come, but for ratings and long fractions.
std::string shown_value(const std::string& metric, const std::string& value) {
  const auto number = number_of({metric, value});
  if (!number) return value;
  if (metric.ends_with("_rating")) return core::format_quantity(*number, {"rating", "rating", 1.0});
  return value.find('.') == std::string::npos ? value : core::format_number(*number);
}

std::string condition_text(const json& condition) {
  const std::string metric = text_of(condition, "metricKey");
  const std::string threshold = text_of(condition, "errorThreshold");
  const std::string actual = text_of(condition, "actualValue");
  std::string text = fmt::format("{} is {}", metric, actual.empty() ? "not measured" : shown_value(metric, actual));
  if (!threshold.empty()) text += ", " + demand(text_of(condition, "comparator"), shown_value(metric, threshold));
  return text;
}

core::State::Level level_of(const std::string& word) {
  if (word == "OK") return core::State::Level::ok;
  if (word == "WARN") return core::State::Level::warning;
  return word == "ERROR" ? core::State::Level::error : core::State::Level::none;
}

}  // namespace

core::Result<core::Time> parse_sonar_time(const std::string& text) {
  std::string standard = text;
  const std::size_t sign = text.find_last_of("+-");
  constexpr std::size_t kBareOffset = 5;
  if (sign != std::string::npos && text.size() - sign == kBareOffset && text.find('T') != std::string::npos &&
      sign > text.find('T'))
    standard.insert(sign + 3, ":");
  return core::parse_time(standard);
}

core::Result<std::vector<Measure>> decode_measures(const std::string& body) {
  const json document = parse(body);
  if (!document.is_object() || !document.contains("component") || !document["component"].is_object() ||
      !document["component"].contains("measures") || !document["component"]["measures"].is_array())
    return malformed("api/measures/component");
  std::vector<Measure> out;
  for (const json& measure : document["component"]["measures"]) {
    const bool is_odd = has_odd_value(measure) || (measure.is_object() && has_odd_value(measure.value("period", json())));
    if (!measure.is_object() || is_odd) return malformed("api/measures/component");
    std::string value = value_of(measure);
    if (!value.empty()) out.push_back({text_of(measure, "metric"), std::move(value)});
  }
  return out;
}

core::Result<History> decode_history(const std::string& body, const std::string& metric) {
  const json document = parse(body);
  if (!document.is_object() || !document.contains("measures") || !document["measures"].is_array() ||
      !document.contains("paging") || !document["paging"].is_object() || !document["paging"].contains("total") ||
      !document["paging"]["total"].is_number_unsigned())
    return malformed("api/measures/search_history");
  History out;
  out.total = document["paging"]["total"].get<std::size_t>();
  if (out.total > kMostAnalyses) return malformed("api/measures/search_history");
  for (const json& measure : document["measures"]) {
    if (text_of(measure, "metric") != metric) continue;
    if (!measure.contains("history") || !measure["history"].is_array()) return malformed("api/measures/search_history");
    for (const json& point : measure["history"]) {
      const auto time = parse_sonar_time(text_of(point, "date"));
      if (!time) return malformed("api/measures/search_history");
      out.times.push_back(*time);
      out.values.push_back(text_of(point, "value"));
    }
  }
  return out;
}

core::Result<QualityGate> decode_quality_gate(const std::string& body) {
  const json document = parse(body);
  if (!document.is_object() || !document.contains("projectStatus") || !document["projectStatus"].is_object())
    return malformed("api/qualitygates/project_status");
  const json& status = document["projectStatus"];
  QualityGate out;
  out.state.word = text_of(status, "status");
  if (out.state.word.empty()) return malformed("api/qualitygates/project_status");
  out.state.level = level_of(out.state.word);
  const auto ignored = status.find("ignoredConditions");
  out.ignored_conditions = ignored != status.end() && ignored->is_boolean() && ignored->get<bool>();
  if (!status.contains("conditions") || !status["conditions"].is_array()) return out;
  for (const json& condition : status["conditions"]) {
    const std::string word = text_of(condition, "status");
    const std::string text = condition_text(condition);
    out.state.conditions.push_back(fmt::format("{}: {}", word, text));
    if (word == "OK" || word.empty()) continue;
    out.state.reason += (out.state.reason.empty() ? "" : "; ") + text;
  }
  return out;
}

core::Result<Task> decode_task(const std::string& body) {
  const json document = parse(body);
  if (!document.is_object() || !document.contains("task")) return malformed("api/ce/task");
  const json& task = document["task"];
  Task out{text_of(task, "status"), text_of(task, "analysisId"), text_of(task, "errorMessage")};
  if (out.status.empty()) return malformed("api/ce/task");
  return out;
}

core::Result<std::optional<core::Time>> decode_analysis_date(const std::string& body) {
  const json document = parse(body);
  if (!document.is_object() || !document.contains("component")) return malformed("api/components/show");
  const std::string text = text_of(document["component"], "analysisDate");
  if (text.empty()) return std::optional<core::Time>();
  const auto time = parse_sonar_time(text);
  if (!time) return malformed("api/components/show");
  return std::optional<core::Time>(*time);
}

core::Result<bool> decode_valid(const std::string& body) {
  const json document = parse(body);
  if (!document.is_object() || !document.contains("valid") || !document["valid"].is_boolean())
    return malformed("api/authentication/validate");
  return document["valid"].get<bool>();
}

std::string decode_version(const std::string& body) {
  return text_of(parse(body), "version");
}

std::vector<std::string> decode_errors(const std::string& body) {
  const json document = parse(body);
  std::vector<std::string> out;
  if (!document.is_object() || !document.contains("errors") || !document["errors"].is_array()) return out;
  for (const json& error : document["errors"]) {
    if (const std::string message = text_of(error, "msg"); !message.empty()) out.push_back(message);
  }
  return out;
}

std::vector<std::string> unknown_metrics(const std::string& body) {
  static constexpr std::string_view kLead = "metric keys are not found:";
  std::vector<std::string> out;
  for (const std::string& message : decode_errors(body)) {
    const std::size_t lead = message.find(kLead);
    if (lead == std::string::npos) continue;
    std::string key;
    for (const char c : message.substr(lead + kLead.size()) + ",") {
      if (c == ',' || c == ' ') {
        if (!key.empty()) out.push_back(std::move(key));
        key.clear();
      } else {
        key += c;
      }
    }
  }
  return out;
}

core::Result<double> number_of(const Measure& measure) {
  if (measure.value == "true" || measure.value == "false") return measure.value == "true" ? 1.0 : 0.0;
  double value = 0.0;
  const char* const end = measure.value.data() + measure.value.size();
  const auto parsed = std::from_chars(measure.value.data(), end, value);
  if (parsed.ec == std::errc() && parsed.ptr == end) return value;
  return core::Error{"RG1802",
                     fmt::format("the measure `{}` is no number but \"{}\"", core::printable(measure.metric),
                                 core::printable(core::shorten(measure.value, 60))),
                     measure.metric == "alert_status" ? "ask for the quality gate: quality_gate = true"
                                                      : "only numeric measures can be judged",
                     {},
                     {}};
}

}  // namespace gate::sources::sonarqube
