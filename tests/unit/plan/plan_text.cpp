#include "plan_text.h"

#include <catch2/catch.hpp>

namespace plan_text {
namespace {

using namespace gate;

/// "[5m]" in the query is its range; {{step}} and {{window}} are seen.
core::QueryFacts facts_of_points(const core::Settings& query) {
  core::QueryFacts facts;
  const std::string text = query.text("query").value_or("");
  facts.uses_step = text.find("{{step}}") != std::string::npos;
  facts.uses_window = text.find("{{window}}") != std::string::npos;
  const std::size_t open = text.find('[');
  const std::size_t close = text.find(']');
  if (open == std::string::npos || close == std::string::npos) return facts;
  if (const auto range = core::parse_duration(text.substr(open + 1, close - open - 1))) facts.longest_range = *range;
  if (text.find("beyond 1m") != std::string::npos) facts.beyond_step = std::chrono::minutes(1);
  if (text.find("offset") != std::string::npos) facts.notes.emplace_back("`offset` moves the data");
  return facts;
}

core::QueryFacts facts_of_rows(const core::Settings& query) {
  core::QueryFacts facts;
  facts.uses_window = query.text("query").value_or("").find("{{window}}") != std::string::npos;
  return facts;
}

core::QueryFacts facts_of_present(const core::Settings& query) {
  core::QueryFacts facts;
  const bool is_state = query.text("query") == "state";
  facts.natural_kind = is_state ? "status" : "value";
  facts.latest = !is_state;
  facts.names_baseline = query.has("other");
  return facts;
}

core::SourceTypeSpec spec(std::string_view type, core::SourceTypeSpec::Data data,
                          core::QueryFacts (*facts)(const core::Settings&)) {
  core::SourceTypeSpec spec;
  spec.type = type;
  spec.query_keys = {{"query", core::KeyType::text, "", core::KeySpec::Need::required},
                     {"where", core::KeyType::table, ""},
                     {"other", core::KeyType::text, ""}};
  spec.text_part_key = "query";
  spec.default_ingest_delay = data == core::SourceTypeSpec::Data::points ? std::chrono::seconds(15) : std::chrono::seconds(0);
  spec.data = data;
  spec.facts = facts;
  return spec;
}

const core::SourceTypeSpec* find_spec(std::string_view type) {
  static const core::SourceTypeSpec kPoints = spec("points", core::SourceTypeSpec::Data::points, facts_of_points);
  static const core::SourceTypeSpec kRows = spec("rows", core::SourceTypeSpec::Data::rows, facts_of_rows);
  static const core::SourceTypeSpec kPresent = spec("present", core::SourceTypeSpec::Data::points, facts_of_present);
  if (type == "points") return &kPoints;
  if (type == "present") return &kPresent;
  return type == "rows" ? &kRows : nullptr;
}

}  // namespace

const char* const kHead = R"(
version = 1
name    = "test"
[release]
deployed_at = "2026-03-17T12:04:00Z"
[sources.points]
type = "points"
[sources.rows]
type = "rows"
[sources.present]
type = "present"
)";

core::Time at(std::int64_t seconds) {
  return core::Time(std::chrono::seconds(kDeployed + seconds));
}

core::Window window(std::int64_t start, std::int64_t end) {
  return {at(start), at(end)};
}

std::string Made::codes() const {
  std::string out;
  for (const core::Diagnostics* diagnostics : {&loaded.diagnostics, &planned.diagnostics}) {
    for (const core::Diagnostic& diagnostic : *diagnostics) {
      out += (out.empty() ? "" : " ") + diagnostic.error.code;
      if (diagnostic.severity == core::Severity::warning) out += "?";
    }
  }
  return out;
}

Made make_whole(const std::string& text, plan::Options options) {
  config::LoadOptions load;
  load.surroundings.environment = [](const std::string&) { return std::optional<std::string>(); };
  load.surroundings.read_file = [](const std::string&) {
    return core::Result<std::string>(core::Error{"RG0405", "", "", {}, {}});
  };
  for (const char* type : {"points", "rows", "present"}) load.sources.push_back({find_spec(type), {}, {}});
  options.spec = find_spec;
  Made made;
  made.loaded = config::load_gate(text, "gate.toml", load);
  for (const core::Diagnostic& diagnostic : made.loaded.diagnostics) INFO(diagnostic.error.message);
  if (made.loaded.gate) made.planned = plan::make_plan(*made.loaded.gate, options);
  return made;
}

Made make(const std::string& metrics, core::Time now) {
  plan::Options options;
  options.now = now;
  return make_whole(kHead + metrics, options);
}

}  // namespace plan_text
