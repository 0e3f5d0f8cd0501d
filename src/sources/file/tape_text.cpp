#include "sources/file/tape_text.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/text.h"

namespace gate::sources::file {
namespace {

using nlohmann::json;

std::string_view name(core::Shape shape) {
  switch (shape) {
    case core::Shape::rows:
      return "rows";
    case core::Shape::batches:
      return "batches";
    case core::Shape::clusters:
      return "clusters";
    case core::Shape::slices:
      return "slices";
    case core::Shape::range:
      return "range";
    case core::Shape::instant:
      return "instant";
    case core::Shape::latest:
      return "latest";
    case core::Shape::state:
      return "state";
  }
  return "";
}

/// JSON has no NaN and no infinity.
json number(double value) {
  return std::isfinite(value) ? json(value) : json(fmt::format("{}", value));
}

double number(const json& value) {
  return value.is_string() ? std::strtod(value.get_ref<const std::string&>().c_str(), nullptr) : value.get<double>();
}

json numbers(const std::vector<double>& values) {
  json out = json::array();
  for (const double value : values) out.push_back(number(value));
  return out;
}

std::vector<double> numbers(const json& values) {
  std::vector<double> out;
  for (const json& value : values) out.push_back(number(value));
  return out;
}

json series_document(const core::Series& series) {
  json times = json::array();
  for (const core::Time time : series.times) times.push_back(time.time_since_epoch().count());
  json out = {{"labels", series.labels},
              {"times_ms", times},
              {"values", numbers(series.values)},
              {"weights", numbers(series.weights)},
              {"dropped", series.dropped}};
  if (!series.ids.empty()) out["ids"] = series.ids;
  return out;
}

core::Series read_series(const json& document) {
  core::Series series;
  series.labels = document.at("labels").get<core::Labels>();
  for (const json& time : document.at("times_ms")) series.times.emplace_back(core::Duration(time.get<std::int64_t>()));
  series.values = numbers(document.at("values"));
  series.weights = numbers(document.at("weights"));
  series.dropped = document.at("dropped").get<std::size_t>();
  if (document.contains("ids")) series.ids = document.at("ids").get<std::vector<std::string>>();
  return series;
}

json findings_document(const std::vector<core::KnownFinding>& findings) {
  json out = json::array();
  for (const core::KnownFinding& one : findings) out.push_back({one.fingerprint, one.id, one.count});
  return out;
}

std::vector<core::KnownFinding> read_findings(const json& document) {
  std::vector<core::KnownFinding> out;
  for (const json& one : document)
    out.push_back({one.at(0).get<std::string>(), one.at(1).get<std::string>(), one.at(2).get<std::size_t>()});
  return out;
}

json answer_document(const core::Answer& answer) {
  json out = {{"asked", answer.asked}, {"dropped_rows", answer.dropped_rows}, {"notes", answer.notes}};
  if (!answer.absence.empty()) out["absence"] = answer.absence;
  if (answer.findings) {
    out["findings"] = {{"open", findings_document(answer.findings->open)},
                       {"suppressed", findings_document(answer.findings->suppressed)}};
  }
  out["series"] = json::array();
  for (const core::Series& series : answer.series) out["series"].push_back(series_document(series));
  out["requests"] = json::array();
  for (const core::RequestLog& log : answer.requests)
    out["requests"].push_back({{"path", log.url}, {"milliseconds", log.milliseconds}});
  return out;
}

core::Answer read_answer(const json& document) {
  core::Answer answer;
  answer.asked = document.at("asked").get<std::string>();
  answer.dropped_rows = document.at("dropped_rows").get<std::size_t>();
  answer.absence = document.value("absence", "");
  if (const auto found = document.find("findings"); found != document.end())
    answer.findings = core::FindingSet{read_findings(found->at("open")), read_findings(found->at("suppressed"))};
  answer.notes = document.at("notes").get<std::vector<std::string>>();
  for (const json& series : document.at("series")) answer.series.push_back(read_series(series));
  for (const json& log : document.at("requests")) {
    answer.requests.push_back({"READ", log.at("path").get<std::string>(), 200, 1, log.at("milliseconds").get<double>()});
  }
  return answer;
}

json error_document(const core::Error& error) {
  return {{"code", error.code}, {"message", error.message}, {"hint", error.hint}, {"context", error.context}};
}

core::Error read_error(const json& document) {
  return {document.at("code").get<std::string>(),
          document.at("message").get<std::string>(),
          document.at("hint").get<std::string>(),
          document.at("context").get<std::vector<std::string>>(),
          {}};
}

}  // namespace

std::string encode_question(const std::string& source, const core::Question& question, const FileQuery& query) {
  json out = {{"source", source},
              {"read", core::printable(query.path)},
              {"ask", describe(query, query.value.value_or(""))},
              {"shape", name(question.shape)},
              {"parts", question.parts},
              {"each", core::printable(question.each)}};
  if (!question.cluster.empty()) out["cluster"] = core::printable(question.cluster);
  if (question.window) {
    out["start"] = core::format_time(question.window->start);
    out["end"] = core::format_time(question.window->end);
  }
  return out.dump();
}

std::string encode_answer(const core::Result<core::Answer>& answer, const std::vector<FileRead>& files) {
  json out;
  if (answer.ok()) {
    out["answer"] = answer_document(answer.value());
  } else {
    out["error"] = error_document(answer.error());
  }
  out["files"] = json::array();
  for (const FileRead& file : files) {
    out["files"].push_back({{"path", core::printable(file.path)}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return out.dump();
}

core::Result<core::Answer> decode_answer(const std::string& text) {
  // The only place where a library's exception stands for bad input: it is turned into a value at once.
  try {
    const json document = json::parse(text);
    if (document.contains("error")) return read_error(document.at("error"));
    return read_answer(document.at("answer"));
  } catch (const json::exception& problem) {
    return core::Error{"RG1414",
                       fmt::format("a recorded answer of a file cannot be read: {}", problem.what()),
                       "the evidence was changed, or written by a newer version",
                       {},
                       {}};
  }
}

}  // namespace gate::sources::file
