#include "config/nature.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/sections.h"

namespace gate::config {
namespace {

/// The members of `table` that are keys of a question, added to `keys`.
void add_question_keys(core::Node& keys, const core::Node& table, const core::SourceTypeSpec& spec) {
  if (table.table() == nullptr) return;
  for (const core::Member& member : *table.table()) {
    const bool asks = std::any_of(spec.query_keys.begin(), spec.query_keys.end(),
                                  [&](const core::KeySpec& key) { return key.name == member.key; });
    if (asks) keys.table()->push_back(member);
  }
}

}  // namespace

std::optional<core::QueryFacts> written_facts(const core::Node& keys, const SourceEntry& entry) {
  if (entry.spec->facts == nullptr || keys.table()->empty()) return std::nullopt;
  core::Settings written;
  for (const core::Member& member : *keys.table()) {
    core::Setting setting;
    setting.key = member.key;
    setting.key_location = member.key_location;
    setting.node = member.node;
    written.add(std::move(setting));
  }
  return entry.spec->facts(written);
}

std::optional<core::QueryFacts> nature_of(const TableReader& reader, const Metric& metric, const Gate& gate,
                                          const LoadOptions& options) {
  const SourceConfig* source = gate.find_source(metric.source);
  const SourceEntry* entry = source == nullptr ? nullptr : find_entry(options, source->type);
  if (entry == nullptr) return std::nullopt;
  core::Node keys{core::Node::Table{}, reader.node().location};
  add_question_keys(keys, reader.node(), *entry->spec);
  if (const core::Node* candidate = reader.node().find("candidate")) add_question_keys(keys, *candidate, *entry->spec);
  return written_facts(keys, *entry);
}

Kind natural_kind(const core::QueryFacts& nature) {
  for (const Kind kind : {Kind::value, Kind::ratio, Kind::count, Kind::status}) {
    if (name(kind) == nature.natural_kind) return kind;
  }
  return Kind::samples;
}

void check_nature(TableReader& reader, const Metric& metric, const std::optional<core::QueryFacts>& nature,
                  const ReadContext& context) {
  if (!nature) return;
  const core::Location place = reader.value_place("kind");
  const bool is_state = natural_kind(*nature) == Kind::status;
  if (is_state && metric.kind != Kind::status) {
    context.error("RG0235", fmt::format("{} asks for a state, and kind = \"{}\" is of numbers", metric.id, name(metric.kind)),
                  place, R"(leave `kind` out, or write kind = "status")");
  } else if (!is_state && metric.kind == Kind::status) {
    context.error("RG0235", fmt::format("{} asks for numbers, and kind = \"status\" is of a state", metric.id), place,
                  "a state is what a system has decided itself: a monitor, a quality gate");
  } else if (nature->latest && metric.kind != Kind::value && metric.kind != Kind::findings) {
    context.error(
        "RG0235",
        fmt::format("of {} only the newest value is known, and kind = \"{}\" needs many", metric.id, name(metric.kind)), place,
        R"(leave `kind` out, or write kind = "value")");
  }
}

void read_state_criterion(TableReader& reader, Metric& metric, const ReadContext& context) {
  for (const core::Level level : {core::Level::fail, core::Level::warn}) {
    if (reader.take(core::name(level)) == nullptr) continue;
    context.error("RG0234", fmt::format("{} is a status, which has no bounds: the system itself has decided", metric.id),
                  reader.key_place(core::name(level)),
                  "remove it: OK passes, a warning warns, an error fails; on_no_data says what no state counts as");
  }
  if (reader.has("each")) {
    context.error("RG0234", fmt::format("{} is a status, which has no series", metric.id), reader.key_place("each"),
                  "remove it: the groups of a monitor are counted in its reason");
  }
  metric.required = reader.boolean("required").value_or(metric.judged);
  Criterion criterion;
  criterion.rule = Rule::status;
  criterion.location = metric.location;
  metric.criteria.push_back(std::move(criterion));
}

}  // namespace gate::config
