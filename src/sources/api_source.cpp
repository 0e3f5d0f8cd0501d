#include "sources/api_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "core/text.h"
#include "core/zone.h"
#include "sources/credential.h"

namespace gate::sources {
namespace {

std::vector<std::string> names_of(std::span<const ApiMeasure> measures) {
  std::vector<std::string> names;
  for (const ApiMeasure& one : measures) names.emplace_back(one.name);
  return names;
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

core::QueryFacts measure_facts(std::span<const ApiMeasure> measures, const core::Settings& query, std::string_view usual) {
  core::QueryFacts facts;
  if (const ApiMeasure* measure = find_measure(measures, query.text("measure").value_or(std::string(usual)))) {
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

void refuse_key(core::Diagnostics& diagnostics, const core::Settings& query, std::string_view key, std::string_view measure) {
  if (!query.has(key)) return;
  add_key_error(diagnostics, query, key, fmt::format("`{}` has no meaning for measure = \"{}\"", key, core::printable(measure)),
                "remove it");
}

void check_word(core::Diagnostics& diagnostics, const core::Settings& settings, std::string_view key, std::string_view one,
                std::string_view other, std::string_view more) {
  const auto word = settings.text(key);
  if (!word || *word == one || *word == other) return;
  add_key_error(diagnostics, settings, key, fmt::format("`{}` cannot be \"{}\"", key, core::printable(*word)),
                fmt::format("write \"{}\" or \"{}\"{}", one, other, more));
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void check_number(core::Diagnostics& diagnostics, const core::Settings& query, std::string_view key, std::string_view example) {
  const auto number = query.text(key);
  if (!number || is_digits(*number)) return;
  add_key_error(diagnostics, query, key, fmt::format("`{}` is the number of one", key),
                fmt::format("{} = \"{}\"", key, example));
}

void check_zone(core::Diagnostics& diagnostics, const core::Settings& settings, std::string_view key) {
  const auto name = settings.text(key);
  if (!name) return;
  const auto zone = core::Zone::find(*name);
  if (!zone) add_key_error(diagnostics, settings, key, zone.error().message, zone.error().hint);
}

ApiSource::ApiSource(const ApiSystem& system, http::Endpoint endpoint, const core::Settings& settings,
                     const SourceContext& context)
    : caller_(system, std::move(endpoint), context.client), settings_(settings) {}

void ApiSource::prepare(std::span<const Question* const> questions) {
  if (!questions.empty()) first_question_ = questions.front();
}

const core::Settings& ApiSource::first_query() const {
  static const core::Settings nothing;
  return first_question_ == nullptr ? nothing : first_question_->query;
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
  note_credential(found, caller_.endpoint());
}

}  // namespace gate::sources
