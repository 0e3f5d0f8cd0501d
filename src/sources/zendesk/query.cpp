#include "sources/zendesk/query.h"

#include <fmt/format.h>

#include <array>
#include <sstream>

#include "core/text.h"

namespace gate::sources::zendesk {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::array<ApiMeasure, 7> kMeasures = {{
    {"tickets", "count", "", "tickets, by the time they were created"},
    {"ticket_count", "value", "", "the count of a search, as one number for the window"},
    {"first_reply_time", "samples", "min", "minutes to the first reply, of tickets created in the window"},
    {"resolution_time", "samples", "min", "minutes to the last solution, of tickets solved in the window"},
    {"ratings", "count", "", "satisfaction ratings that are good or bad"},
    {"good_ratings", "count", "", "those of them that are good"},
    {"view_count", "value", "", "how many tickets a view holds now"},
}};

constexpr std::string_view kDefault = "tickets";

std::string measure_name(const Settings& query) {
  return query.text("measure").value_or(std::string(kDefault));
}

bool is_time(std::string_view measure) {
  return measure == "first_reply_time" || measure == "resolution_time";
}

bool is_search(std::string_view measure) {
  return measure == "tickets" || measure == "ticket_count";
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

void check_words(core::Diagnostics& diagnostics, const Settings& query) {
  for (const std::string& word : words_of(query.text("query").value_or(""))) {
    const std::string name = word.substr(0, word.find_first_of(":<>"));
    if (name == "type" && word != "type:ticket") {
      add_key_error(diagnostics, query, "query",
                    fmt::format("`{}`: tickets are counted, and nothing else", core::printable(word)),
                    "write type:ticket, or leave it out");
    }
    if (name == "created" || name == "order_by" || name == "sort") {
      add_key_error(diagnostics, query, "query", fmt::format("`{}` is the gate's to say", core::printable(word)),
                    "write the other conditions alone: the bounds of the window are added to them");
    }
  }
}

void check_meaning(core::Diagnostics& diagnostics, const Settings& query, const std::string& measure) {
  const auto only = [&](std::string_view key, bool has_meaning) {
    if (!has_meaning) refuse_key(diagnostics, query, key, measure);
  };
  only("query", is_search(measure));
  only("tags", is_time(measure));
  only("group", is_time(measure));
  only("brand", is_time(measure));
  only("clock", is_time(measure));
  only("view", measure == "view_count");
  if (measure == "view_count" && !query.has("view"))
    add_key_error(diagnostics, query, "measure", "`view_count` without `view`",
                  "view = \"25\": the number in the view's address");
  for (const std::string_view key : {"view", "group", "brand"}) check_number(diagnostics, query, key, "25");
  check_word(diagnostics, query, "clock", "calendar", "business", ", which counts the hours of the schedule");
}

}  // namespace

std::vector<core::KeySpec> query_keys() {
  return {
      {"query", KeyType::text, "a search for tickets, as in Zendesk's own; the bounds of the window are added"},
      {"measure", KeyType::text, measures_doc(kMeasures)},
      {"tags", KeyType::text_list, "of first_reply_time and resolution_time: tickets that have all of these tags"},
      {"group", KeyType::text, "the same: tickets of the group of this number"},
      {"brand", KeyType::text, "the same: tickets of the brand of this number"},
      {"clock", KeyType::text, "the same: calendar minutes (the default), or business minutes of the schedule"},
      {"view", KeyType::text, "of view_count: the number of the view"},
  };
}

Query read_query(const Settings& settings) {
  Query query;
  query.measure = find_measure(kMeasures, measure_name(settings));
  for (const std::string& word : words_of(settings.text("query").value_or(""))) {
    if (word != "type:ticket") query.words += (query.words.empty() ? "" : " ") + word;
  }
  query.tags = settings.text_list("tags");
  query.group = settings.text("group").value_or("");
  query.brand = settings.text("brand").value_or("");
  query.view = settings.text("view").value_or("");
  if (settings.text("clock").value_or("") == "business") query.clock = "business";
  return query;
}

core::Diagnostics check_query(const Settings& query, const Settings& /*source*/) {
  core::Diagnostics diagnostics;
  if (query.has("measure")) check_measure(diagnostics, "Zendesk", kMeasures, query);
  check_words(diagnostics, query);
  check_meaning(diagnostics, query, measure_name(query));
  return diagnostics;
}

core::QueryFacts query_facts(const Settings& query) {
  core::QueryFacts facts = measure_facts(kMeasures, query, kDefault);
  const std::string name = measure_name(query);
  facts.uses_window = name == "ticket_count";
  facts.latest = name == "view_count";
  return facts;
}

std::string bounded(const Query& query, const std::optional<core::Window>& window) {
  if (!window) return query.words;
  using std::chrono::seconds;
  return fmt::format("{}{}created>={} created<{}", query.words, query.words.empty() ? "" : " ",
                     core::format_time(std::chrono::floor<seconds>(window->start)),
                     core::format_time(std::chrono::ceil<seconds>(window->end)));
}

}  // namespace gate::sources::zendesk
