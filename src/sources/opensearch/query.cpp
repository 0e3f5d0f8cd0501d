#include "sources/opensearch/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/text.h"
#include "sources/file/number.h"
#include "sources/opensearch/fields.h"

namespace gate::sources::opensearch {
namespace {

using core::Settings;
using nlohmann::json;

constexpr std::array<ApiMeasure, 7> kMeasures = {{
    {"count", "count", "", "how many documents match"},
    {"sum", "samples", "", "the sum of a field"},
    {"avg", "samples", "", "its mean over the documents"},
    {"min", "samples", "", "its least value"},
    {"max", "samples", "", "its largest value"},
    {"cardinality", "samples", "", "how many different values it has: approximate"},
    {"p95", "samples", "", "a percentile of it, p1 to p99.9: approximate"},
}};

/// 95 for "p95"; nullopt for what is no percentile.
std::optional<double> percent_of(const std::string& name) {
  if (name.size() < 2 || name.front() != 'p') return std::nullopt;
  const auto percent = file::parse_number(std::string_view(name).substr(1));
  return percent && *percent > 0.0 && *percent < 100.0 ? percent : std::nullopt;
}

Measure measure_of(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, Measure>, 6> kNames = {{{"count", Measure::count},
                                                                           {"sum", Measure::sum},
                                                                           {"avg", Measure::avg},
                                                                           {"min", Measure::min},
                                                                           {"max", Measure::max},
                                                                           {"cardinality", Measure::cardinality}}};
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const auto& one) { return one.first == name; });
  return found == kNames.end() ? Measure::percentile : found->second;
}

void read_measure(Query& query, const Settings& settings, core::Diagnostics& diagnostics) {
  query.measure_name = settings.text("measure").value_or("count");
  query.field = settings.text("field").value_or("");
  if (const auto percent = percent_of(query.measure_name)) {
    query.percent = *percent;
  } else if (settings.has("measure")) {
    check_measure(diagnostics, "OpenSearch", kMeasures, settings);
  }
  query.measure = measure_of(query.measure_name);
  if (query.measure == Measure::count && settings.has("field")) {
    add_key_error(diagnostics, settings, "field", "documents are counted, not the values of a field",
                  R"(leave `field` out, or say what is made of it: measure = "avg")");
  }
  if (query.measure != Measure::count && query.field.empty()) {
    add_key_error(diagnostics, settings, "measure",
                  fmt::format("no `field` says of which values the {} is asked for", core::printable(query.measure_name)),
                  R"(field = "duration_ms")");
  }
}

void read_dsl(Query& query, const Settings& settings, core::Diagnostics& diagnostics) {
  query.dsl = settings.text("dsl").value_or("");
  if (!settings.has("dsl")) return;
  const json clause = json::parse(query.dsl, nullptr, false);
  const bool is_clause = clause.is_object() && clause.size() == 1;
  const bool is_body = clause.is_object() && (clause.contains("query") || clause.contains("aggs") || clause.contains("size"));
  if (is_clause && !is_body) return;
  add_key_error(diagnostics, settings, "dsl",
                clause.is_discarded() ? std::string("`dsl` is not JSON")
                : is_body             ? std::string("`dsl` holds the body of a search, and the gate writes that itself")
                                      : std::string("`dsl` is not one clause of the query DSL"),
                R"(one clause: dsl = '{ "term": { "service.name": "shop" } }'; several are { "bool": { "filter": [ … ] } })");
}

std::string own_or(const Settings& settings, const Settings& source, std::string_view key, std::string_view otherwise) {
  return settings.text(key).value_or(source.text(key).value_or(std::string(otherwise)));
}

void read_index(Query& query, const Settings& settings, const Settings& source, core::Diagnostics& diagnostics) {
  query.index = own_or(settings, source, "index", "");
  if (query.index.empty()) {
    return add_key_error(diagnostics, settings, "index", "neither the source nor the metric has an `index`",
                         R"(index = "logs-shop-*")");
  }
  if (query.index.find_first_of("/?#\" \t\r\n\\|") != std::string::npos || query.index.starts_with('_')) {
    add_key_error(diagnostics, settings, "index", fmt::format("\"{}\" is no name of an index", core::printable(query.index)),
                  R"(an index, an alias or a data stream, with * in it or several of them: "logs-shop-*,logs-web-*")");
  }
  if (source.has("access_key") && query.index.find_first_of("*,<>") != std::string::npos) {
    add_key_error(diagnostics, settings, "index",
                  "a request that is signed for AWS can name one index, not a pattern: libraries disagree on how * is signed",
                  "give the indices an alias, and name that");
  }
}

}  // namespace

std::span<const ApiMeasure> measures() {
  return kMeasures;
}

Query read_query(const Settings& settings, const Settings& source, core::Diagnostics& diagnostics) {
  Query query;
  read_index(query, settings, source, diagnostics);
  query.time_field = own_or(settings, source, "time_field", "@timestamp");
  query.text = settings.text("query").value_or("");
  query.allow_unmapped = settings.boolean("allow_unmapped").value_or(false);
  read_dsl(query, settings, diagnostics);
  read_measure(query, settings, diagnostics);
  if (fields_of(query).contains(query.time_field)) {
    add_key_error(
        diagnostics, settings, settings.has("query") ? "query" : "dsl",
        fmt::format("the query names `{}`, and the gate itself asks for its window", core::printable(query.time_field)),
        "leave the times out");
  }
  return query;
}

std::set<std::string> fields_of(const Query& query) {
  std::set<std::string> out = fields_of_text(query.text);
  const json clause = json::parse(query.dsl, nullptr, false);
  if (!clause.is_discarded()) out.merge(fields_of_clause(clause));
  return out;
}

bool adds_up(Measure measure) {
  return measure == Measure::count || measure == Measure::sum;
}

bool has_zero(Measure measure) {
  return adds_up(measure) || measure == Measure::cardinality;
}

std::string describe(const Query& query) {
  std::string out = query.measure_name;
  if (!query.field.empty()) out += " of " + query.field;
  out += " in " + query.index;
  if (!query.text.empty()) out += ": " + query.text;
  if (!query.dsl.empty()) out += (query.text.empty() ? ": " : " and ") + query.dsl;
  return core::printable(out);
}

core::QueryFacts facts(const Settings& settings) {
  core::QueryFacts out;
  const std::string name = settings.text("measure").value_or("count");
  out.natural_kind = name == "count" ? "count" : "samples";
  out.uses_step = true;
  out.step_is_range = true;
  if (name == "cardinality") out.notes.emplace_back("a cardinality is approximate (HyperLogLog++), as OpenSearch counts it");
  if (percent_of(name)) out.notes.emplace_back("a percentile is approximate (t-digest), as OpenSearch computes it");
  return out;
}

}  // namespace gate::sources::opensearch
