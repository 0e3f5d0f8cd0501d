#include "sources/api_values.h"

#include <fmt/format.h>

#include "core/text.h"
#include "http/retry.h"

namespace gate::sources {

core::Time time_at(const JsonAt& value) {
  const auto time = core::parse_time(value.text());
  if (!time) value.refuse("a time with an offset");
  return *time;
}

core::Time time_at(const JsonAt& value, const core::Zone& zone) {
  const std::string text = value.text();
  if (const auto time = core::parse_time(text); time && text.find_first_of("T ") != std::string::npos) return *time;
  const auto local = core::parse_time(text + "Z");
  if (!local) value.refuse("a time");
  return zone.to_utc(*local);
}

std::string id_of(const JsonAt& value, std::string_view key) {
  const auto found = value.find(key);
  if (!found) return "";
  if (found->is_string()) return found->text();
  return fmt::format("{:.0f}", found->number());
}

std::vector<std::string> texts_in(const core::Node& node) {
  const core::Node::Array* list = node.array();
  if (list == nullptr) return {core::scalar_text(node)};
  std::vector<std::string> out;
  for (const core::Node& one : *list) out.push_back(core::scalar_text(one));
  return out;
}

core::SourceError no_such_thing(const ApiCaller& caller, std::string_view kind, std::string_view name,
                                const std::vector<std::string>& known) {
  const std::string near = core::nearest(name, known);
  return caller.error("RG1940", fmt::format("{} knows no {} `{}`", caller.system().name, kind, core::printable(name)),
                      near.empty() ? "an answer about it would be 0, and true of nothing: look the name up in the system"
                                   : fmt::format("did you mean `{}`?", caller.shown(near)));
}

void refuse_counting(const ApiCaller& caller, const Question& question, const ApiMeasure& measure) {
  if (measure.natural_kind != "samples" || question.shape != Shape::slices) return;
  throw caller.error("RG1942", fmt::format("measure = \"{}\" cannot be counted: each of its values is a sample", measure.name),
                     R"(leave `kind` out, or use kind = "value" with aggregate = "mean")");
}

void require_complete(const ApiCaller& caller, core::Answer& answer, const Question& question, const http::Response& response,
                      core::Time complete_at, std::string_view what) {
  const auto now = http::answered_at(response.headers);
  if (!now || *now >= complete_at) return;
  const std::string missing = fmt::format("{} not complete before {}, in {}", what, core::format_time(complete_at),
                                          core::describe_duration(complete_at - *now));
  if (question.partial_is_error) {
    throw caller.error("RG1944", missing,
                       R"(wait with `ingest_delay`, take an earlier window, or have it noted: on_partial = "note")");
  }
  answer.notes.push_back(missing);
}

}  // namespace gate::sources
