#include "sources/datadog/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "sources/datadog/request.h"
#include "sources/datadog/slo.h"

namespace gate::sources::datadog {
namespace {

using core::Settings;

struct Checking {
  const Settings& query;
  const Settings& source;
  core::Diagnostics diagnostics;

  void add(core::Severity severity, const char* code, std::string message, std::string hint, core::Location place) {
    diagnostics.push_back({severity, {code, std::move(message), std::move(hint), {}, std::move(place)}});
  }
  void error(const char* code, std::string message, std::string hint, core::Location place) {
    add(core::Severity::error, code, std::move(message), std::move(hint), std::move(place));
  }
  void warn(const char* code, std::string message, std::string hint, core::Location place) {
    add(core::Severity::warning, code, std::move(message), std::move(hint), std::move(place));
  }
  [[nodiscard]] core::Location at(std::string_view key) const { return query.location(key, query.location_of_table); }
};

/// The metrics queries in `query`, each a string.
std::vector<const core::Node*> written_queries(const Settings& query) {
  std::vector<const core::Node*> all;
  if (query.text("query")) all.push_back(query.node("query"));
  const core::Node* named = query.node("queries");
  if (named == nullptr || named->table() == nullptr) return all;
  for (const core::Member& member : *named->table()) {
    if (member.node.string() != nullptr) all.push_back(&member.node);
  }
  return all;
}

constexpr std::array<std::string_view, 6> kSubjects = {"query", "queries", "monitor", "monitor_tags", "slo", "deployment_gate"};

/// False when there is nothing to check further.
bool check_subject(Checking& in) {
  std::vector<std::string> given;
  for (const std::string_view key : kSubjects) {
    if (in.query.has(key)) given.emplace_back(key);
  }
  if (given.size() == 1) return true;
  if (given.empty()) {
    in.error("RG1602", "the metric does not say what to ask Datadog for",
             "give one of `query`, `queries` with `formula`, `monitor`, `monitor_tags`, `slo` or `deployment_gate`",
             in.query.location_of_table);
  } else {
    in.error("RG1602", fmt::format("{} exclude each other", core::list_names(given, "and")), "ask for one thing a metric",
             in.at(given.back()));
  }
  return false;
}

/// Keys that belong to one subject.
void check_company(Checking& in) {
  struct Rule {
    std::string_view key;
    Subject subject;
    const char* belongs;
  };
  constexpr std::array<Rule, 5> kRules = {{{"formula", Subject::metrics, "`queries`"},
                                           {"aggregator", Subject::metrics, "`query` or `queries`"},
                                           {"muted", Subject::monitor, "`monitor` or `monitor_tags`"},
                                           {"measure", Subject::slo, "`slo`"},
                                           {"slo_target", Subject::slo, "`slo`"}}};
  const Subject subject = subject_of(in.query);
  for (const Rule& rule : kRules) {
    if (!in.query.has(rule.key) || rule.subject == subject) continue;
    in.error("RG1603", fmt::format("`{}` has no meaning here: it belongs to {}", rule.key, rule.belongs), "", in.at(rule.key));
  }
  if (in.query.has("formula") && in.query.has("query")) {
    in.error("RG1603", "`formula` combines named `queries`, and there is one `query`",
             "write the formula into the query, or name its queries: queries = { a = \"…\", b = \"…\" }", in.at("formula"));
  }
}

void check_word(Checking& in, std::string_view key, const std::vector<std::string>& words) {
  const auto word = in.query.text(key);
  if (!word || std::find(words.begin(), words.end(), *word) != words.end()) return;
  const std::string near = core::nearest(*word, words);
  in.error("RG1603", fmt::format("`{}` must be {}, not \"{}\"", key, core::list_names(words), core::printable(*word)),
           near.empty() ? "" : fmt::format("did you mean `{}`?", near), in.at(key));
}

void check_words(Checking& in) {
  check_word(in, "aggregator", {"avg", "sum", "min", "max", "last", "mean", "percentile", "l2norm", "area"});
  check_word(in, "muted", {"fail", "ignore"});
  check_word(in, "measure", {"attained", "budget_left", "burn"});
  const auto target = in.query.number("slo_target");
  if (target && (*target <= 0.0 || *target >= 100.0)) {
    in.error("RG1603", "`slo_target` is a percentage above 0 and below 100", "99.9 stands for 99.9 %", in.at("slo_target"));
  }
}

void check_monitor(Checking& in) {
  const bool is_search = in.query.has("monitor_tags");
  const std::vector<std::string> listed = is_search ? in.query.text_list("monitor_tags") : monitor_ids(in.query);
  const char* key = is_search ? "monitor_tags" : "monitor";
  if (listed.empty()) in.error("RG1603", fmt::format("`{}` is empty", key), "", in.at(key));
  for (const std::string& one : listed) {
    const bool is_number = !one.empty() && one.find_first_not_of("0123456789") == std::string::npos;
    const bool is_variable = one.find("{{") != std::string::npos;
    if (is_search || is_number || is_variable) continue;
    in.error("RG1603", fmt::format("`monitor` must be the number of a monitor, not \"{}\"", core::printable(one)),
             "it stands at the end of the monitor's address: …/monitors/12345", in.at(key));
  }
}

void check_gate(Checking& in) {
  const core::Node* gate = in.query.node("deployment_gate");
  const std::vector<std::string> known = {"service", "env", "identifier", "version", "primary_tag"};
  for (const core::Member& member : *gate->table()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end() && member.node.string() != nullptr) continue;
    const std::string near = core::nearest(member.key, known);
    in.error("RG1603", fmt::format("`deployment_gate` takes texts named {}", core::list_names(known, "and")),
             near.empty() || near == member.key ? "" : fmt::format("did you mean `{}`?", near), member.key_location);
  }
  for (const char* key : {"service", "env"}) {
    const core::Node* node = gate->find(key);
    if (node != nullptr && !core::scalar_text(*node).empty()) continue;
    in.error("RG1603", fmt::format("`deployment_gate` needs `{}`", key),
             R"(deployment_gate = { service = "shop", env = "prod" })", in.at("deployment_gate"));
  }
}

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9');
}

/// The names of queries in a formula: words that are no functions, no text in quotes and no numbers.
std::vector<std::string> names_in(std::string_view formula) {
  std::vector<std::string> names;
  std::size_t at = 0;
  while (at < formula.size()) {
    const char c = formula[at];
    if (c == '\'' || c == '"') {
      at = std::min(formula.find(c, at + 1), formula.size() - 1) + 1;
      continue;
    }
    if (!starts_name(c)) {
      // "2e3" is a number, ".fill" a function.
      if (!continues_name(c) && c != '.') {
        ++at;
        continue;
      }
      while (at < formula.size() && (continues_name(formula[at]) || formula[at] == '.')) ++at;
      continue;
    }
    const std::size_t start = at;
    while (at < formula.size() && continues_name(formula[at])) ++at;
    const std::size_t next = formula.find_first_not_of(" \t", at);
    if (next == std::string_view::npos || formula[next] != '(') names.emplace_back(formula.substr(start, at - start));
  }
  return names;
}

void check_formula(Checking& in) {
  const core::Node* named = in.query.node("queries");
  if (named == nullptr) return;
  if (!in.query.has("formula")) {
    return in.error("RG1607", "`queries` need a `formula` that makes one number of them", R"(formula = "a / b")",
                    in.at("queries"));
  }
  std::vector<std::string> known;
  for (const core::Member& member : *named->table()) {
    known.push_back(member.key);
    const bool is_table = member.node.table() != nullptr && member.node.find("data_source") != nullptr;
    if (member.node.string() != nullptr || is_table) continue;
    in.error("RG1607", fmt::format("`queries.{}` is neither a metrics query nor a table with a `data_source`", member.key), "",
             member.key_location);
  }
  const std::vector<std::string> used = names_in(in.query.text("formula").value_or(""));
  for (const std::string& name : used) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    in.error("RG1607", fmt::format("the formula uses `{}`, and there is no such query", name),
             fmt::format("`queries` has {}", core::list_names(known, "and")), in.query.find("formula")->node.location);
  }
  for (const std::string& name : known) {
    if (std::find(used.begin(), used.end(), name) != used.end()) continue;
    in.warn("RG1607", fmt::format("the formula does not use the query `{}`", name), "", in.at("queries"));
  }
}

void check_api(Checking& in) {
  if (in.source.text("api") != "v1" || !in.query.has("queries")) return;
  in.error("RG1603", R"(api = "v1" has no named queries)", R"(write query = "a / b" with the queries in it, or use api = "v2")",
           in.at("queries"));
}

void check_meaning(Checking& in, const core::Node& written, const Scan& scan) {
  const bool averages = scan.as_count && !scan.rollup_by.empty() && scan.rollup_by != "sum";
  if (averages) {
    in.warn(
        "RG1609",
        fmt::format("`.as_count()` with `.rollup({}, …)` is no count: the counts of a bucket are not added up", scan.rollup_by),
        "write .rollup(sum, …)", written.location);
  }
  if (scan.as_rate && scan.rollup_by == "sum") {
    in.warn("RG1609", "`.as_rate()` with `.rollup(sum, …)` adds rates up, which is neither a rate nor a count",
            "use .as_count() with .rollup(sum, …), or .as_rate() with .rollup(avg, …)", written.location);
  }
}

void check_query_text(Checking& in, const core::Node& written) {
  const std::string& text = *written.string();
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return in.error("RG0525", "the query is empty", "", written.location);
  }
  const Scan scan = scan_query(text);
  if (scan.problem) {
    return in.error("RG1606", "the query cannot be Datadog's: " + scan.problem->message, "",
                    place_of(written, scan.problem->at));
  }
  if (scan.uses_window) {
    return in.error("RG1608", "a bucket as long as the window never lies in it: Datadog's buckets start at whole multiples",
                    "leave the rollup out (kind = \"value\" asks for the window at once), or write {{step}}", written.location);
  }
  const bool is_first = in.source.text("api") == "v1";
  if (scan.selectors > 0 && scan.rollups == 0) {
    in.warn("RG1604",
            is_first ? "no rollup: Datadog chooses the resolution from the window's length, so two windows may differ in it"
                     : "no rollup: points are asked for at every `step`, and Datadog chooses how a bucket becomes a point",
            "say it: .rollup(avg, 60), or .rollup(sum, {{step}}) for counts", written.location);
  }
  if (scan.rollups_differ) {
    in.warn("RG1604", "the rollups of the query differ, so its points do not fit each other", "give all the same interval",
            place_of(written, scan.longest_at));
  }
  if (scan.unaggregated) {
    in.warn("RG1605", "no aggregator: Datadog takes the average over all hosts and tags", "write avg:, sum:, max: … before it",
            place_of(written, *scan.unaggregated));
  }
  check_meaning(in, written, scan);
}

}  // namespace

core::Diagnostics check_question(const Settings& query, const Settings& source) {
  Checking in{query, source, {}};
  if (!check_subject(in)) return in.diagnostics;
  check_company(in);
  check_words(in);
  switch (subject_of(query)) {
    case Subject::monitor:
      check_monitor(in);
      break;
    case Subject::deployment_gate:
      check_gate(in);
      break;
    case Subject::slo:
      if (query.text("slo")->empty()) in.error("RG1603", "`slo` is empty", "it is the SLO's id", in.at("slo"));
      break;
    case Subject::metrics:
      check_formula(in);
      check_api(in);
      for (const core::Node* written : written_queries(query)) check_query_text(in, *written);
      break;
  }
  return in.diagnostics;
}

core::QueryFacts facts_of(const Settings& query) {
  core::QueryFacts facts;
  const Subject subject = subject_of(query);
  if (subject == Subject::monitor || subject == Subject::deployment_gate) facts.natural_kind = "status";
  if (subject == Subject::slo) facts.natural_kind = "value";
  if (subject != Subject::metrics) return facts;
  const auto note = [&](std::string text) {
    if (std::find(facts.notes.begin(), facts.notes.end(), text) == facts.notes.end()) facts.notes.push_back(std::move(text));
  };
  for (const core::Node* written : written_queries(query)) {
    const Scan scan = scan_query(*written->string());
    if (scan.longest_rollup > facts.longest_range) {
      facts.longest_range = scan.longest_rollup;
      facts.range_location = place_of(*written, scan.longest_at);
    }
    facts.uses_step = facts.uses_step || scan.uses_step || scan.rollups == 0;
    facts.uses_window = facts.uses_window || scan.uses_window;
    if (scan.calendar_rollup) note("a calendar rollup: say how long a bucket is with `range`");
    if (scan.as_rate) note("`.as_rate()`: the values are per second, not counts");
    if (scan.as_count && !scan.fills_zero) {
      note("`.as_count()`: a bucket without events has no point; write default_zero(…) where none means 0");
    }
  }
  facts.step_is_range = facts.uses_step;
  return facts;
}

}  // namespace gate::sources::datadog
