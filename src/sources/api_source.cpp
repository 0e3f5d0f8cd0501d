#include "sources/api_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "core/text.h"

namespace gate::sources {
namespace {

std::vector<std::string> names_of(std::span<const ApiMeasure> measures) {
  std::vector<std::string> names;
  for (const ApiMeasure& one : measures) names.emplace_back(one.name);
  return names;
}

bool has_credential(const http::Endpoint& endpoint) {
  return !endpoint.bearer.empty() || !endpoint.user.empty() || !endpoint.headers.empty();
}

}  // namespace

const ApiMeasure* find_measure(std::span<const ApiMeasure> measures, std::string_view name) {
  const auto found = std::find_if(measures.begin(), measures.end(), [&](const ApiMeasure& one) { return one.name == name; });
  return found == measures.end() ? nullptr : &*found;
}

std::string_view measures_doc(std::span<const ApiMeasure> measures) {
  // A KeySpec refers to text that lives as long as the program.
  static std::list<std::string> texts;
  std::string& text = texts.emplace_back("what is measured:");
  for (const ApiMeasure& one : measures) text += fmt::format("{} {}", &one == &measures.front() ? "" : ",", one.name);
  return text;
}

core::QueryFacts measure_facts(std::span<const ApiMeasure> measures, const core::Settings& query) {
  core::QueryFacts facts;
  if (const ApiMeasure* measure = find_measure(measures, query.text("measure").value_or(""))) {
    facts.natural_kind = measure->natural_kind;
    facts.natural_unit = measure->unit;
  }
  return facts;
}

void check_measure(core::Diagnostics& diagnostics, std::string_view system, std::span<const ApiMeasure> measures,
                   const core::Settings& query) {
  const std::string name = query.text("measure").value_or("");
  if (find_measure(measures, name) != nullptr) return;
  const std::vector<std::string> names = names_of(measures);
  const std::string near = name.empty() ? "" : core::nearest(name, names);
  diagnostics.push_back(
      {core::Severity::error,
       {"RG1911",
        name.empty() ? fmt::format("no `measure` says what {} is asked for", system)
                     : fmt::format("{} has no measure `{}`", system, core::printable(name)),
        near.empty() ? fmt::format("it may be {}", core::list_names(names)) : fmt::format("did you mean `{}`?", near),
        {},
        query.location("measure", query.location_of_table)}});
}

void add_key_error(core::Diagnostics& diagnostics, const core::Settings& settings, std::string_view key, std::string message,
                   std::string hint) {
  diagnostics.push_back(
      {core::Severity::error,
       {"RG1910", std::move(message), std::move(hint), {}, settings.location(key, settings.location_of_table)}});
}

ApiSource::ApiSource(const ApiSystem& system, http::Endpoint endpoint, const core::Settings& settings,
                     const SourceContext& context)
    : caller_(system, std::move(endpoint), context.client), settings_(settings) {}

void ApiSource::prepare(std::span<const Question* const> questions) {
  if (!questions.empty()) first_question_ = questions.front();
}

http::Task<void> ApiSource::authorize(core::Answer& /*answer*/) {
  co_return;
}

http::Task<core::Answer> ApiSource::ask(const Question& question) {
  core::Answer answer;
  if (caller_.endpoint().insecure) answer.notes.emplace_back("TLS certificates were not verified (`insecure = true`)");
  http::Task<void> authorizing = authorize(answer);
  co_await authorizing;
  http::Task<void> fetching = fetch(answer, question);
  co_await fetching;
  co_return answer;
}

http::Task<void> ApiSource::health(Health& found) {
  core::Answer scratch;
  const KeepRequests keeping(scratch, found);
  http::Task<void> authorizing = authorize(scratch);
  co_await authorizing;
  http::Task<http::Response> asking = caller_.ask(scratch, probe());
  co_await asking;
  found.system = caller_.system().name;
  found.permitted = true;
  if (has_credential(caller_.endpoint())) found.authenticated = true;
}

}  // namespace gate::sources
