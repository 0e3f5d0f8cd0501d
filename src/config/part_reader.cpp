#include "config/part_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/merge.h"
#include "config/sections.h"
#include "core/text.h"

namespace gate::config {
namespace {

struct PartContext {
  Metric& metric;
  const Gate& gate;
  const LoadOptions& options;
  const ReadContext& context;
};

/// The source `id` and its type, or a diagnostic; the type is nullptr when the source's own section is broken (which was
/// reported there).
const SourceEntry* entry_of(const std::string& id, const core::Location& place, const PartContext& in) {
  const SourceConfig* source = in.gate.find_source(id);
  if (source != nullptr) return find_entry(in.options, source->type);
  std::vector<std::string> names;
  for (const SourceConfig& known : in.gate.sources) names.push_back(known.id);
  const std::string near = core::nearest(id, names);
  in.context.error("RG0511", fmt::format("there is no [sources.{}]", id), place,
                   !near.empty()   ? fmt::format("did you mean `{}`?", near)
                   : names.empty() ? "the file declares no source"
                                   : fmt::format("it declares {}", core::list_names(names, "and")));
  return nullptr;
}

/// Keys of the metric that belong to its source's question.
core::Node shared_keys(TableReader& reader, const SourceEntry* entry) {
  core::Node shared{core::Node::Table{}, reader.node().location};
  if (entry == nullptr) return shared;
  for (const core::KeySpec& spec : entry->spec->query_keys) {
    if (!reader.has(spec.name)) continue;
    const core::Node* node = reader.take(spec.name);
    shared.table()->push_back({std::string(spec.name), reader.key_place(spec.name), *node});
  }
  return shared;
}

void read_question(const std::string& name, const core::Node& question, const std::string& source, const PartContext& in) {
  const SourceEntry* entry = entry_of(source, question.location, in);
  if (entry == nullptr) return;
  Part part;
  part.source = source;
  part.location = question.location;
  const std::string path = fmt::format("metrics.{}{}", in.metric.id, name == "value" ? "" : "." + name);
  TableReader reader(question, path, in.context);
  const std::size_t before = in.context.diagnostics.size();
  reader.settings(entry->spec->query_keys, part.query);
  reader.finish();
  if (entry->check_query && in.context.diagnostics.size() == before) {
    for (core::Diagnostic& diagnostic : entry->check_query(part.query, in.gate.find_source(source)->settings)) {
      if (!diagnostic.error.location.known()) diagnostic.error.location = question.location;
      in.context.diagnostics.push_back(std::move(diagnostic));
    }
  }
  in.metric.parts[name] = std::move(part);
}

/// A part as written: a string stands for the source's text key; a table may name another source.
void read_part(const std::string& name, const core::Node& written, const core::Node& shared, const PartContext& in) {
  std::string source = in.metric.source;
  core::Node own = written;
  if (written.string() != nullptr) {
    const SourceConfig* config = in.gate.find_source(source);
    const SourceEntry* entry = config == nullptr ? nullptr : find_entry(in.options, config->type);
    if (entry != nullptr && entry->spec->text_part_key.empty()) {
      in.context.error("RG0512",
                       fmt::format("`{}` must be a table: a source of type \"{}\" has no query text", name, config->type),
                       written.location, fmt::format("write {} = {{ … }} with {}", name, "its keys"));
      return;
    }
    const std::string key = entry == nullptr ? "query" : std::string(entry->spec->text_part_key);
    own = core::Node{core::Node::Table{{key, written.location, written}}, written.location};
  } else if (written.table() == nullptr) {
    in.context.error(
        "RG0102", fmt::format("`metrics.{}.{}` must be a string or a table, not {}", in.metric.id, name, written.kind_name()),
        written.location);
    return;
  } else if (const core::Node* other = written.find("source"); other != nullptr && other->string() != nullptr) {
    source = *other->string();
    std::erase_if(*own.table(), [](const core::Member& member) { return member.key == "source"; });
  }
  core::Node question = source == in.metric.source ? shared : core::Node{core::Node::Table{}, written.location};
  merge_over(question, own);
  question.location = written.location;
  read_question(name, question, source, in);
}

std::vector<std::string> part_names(Kind kind) {
  switch (kind) {
    case Kind::ratio:
      return {"events", "total"};
    case Kind::count:
      return {"events", "exposure"};
    case Kind::samples:
    case Kind::value:
      return {};
  }
  return {};
}

/// What one side asks differently: `candidate = "…"`, or the keys of the table that are no window.
void read_side(TableReader& reader, std::string_view side, const core::Node& shared, const PartContext& in) {
  const core::Node* written = reader.take(side);
  if (written == nullptr) return;
  core::Node own = *written;
  if (auto* members = own.table()) {
    std::erase_if(*members, [](const core::Member& member) {
      return member.key == "window" || member.key == "gap" || member.key == "settle";
    });
    if (members->empty()) return;
  }
  const auto parts = part_names(in.metric.kind);
  if (parts.empty()) {
    read_part(fmt::format("{}.value", side), own, shared, in);
    return;
  }
  TableReader side_reader(own, fmt::format("metrics.{}.{}", in.metric.id, side), in.context);
  for (const std::string& part : parts) {
    const core::Node* node = side_reader.take(part);
    if (node == nullptr) continue;
    core::Node base = shared;
    if (const core::Node* common = reader.take(part); common != nullptr && common->table() != nullptr)
      merge_over(base, *common);
    read_part(fmt::format("{}.{}", side, part), *node, base, in);
  }
  side_reader.finish();
}

/// Whether the metric's own keys ask a question that is a count by nature (`jql = "…"`): it then stands for `events`.
bool counts_by_nature(const core::Node& shared, const SourceEntry* entry, const PartContext& in) {
  if (in.metric.kind != Kind::count || entry == nullptr || entry->spec->facts == nullptr || shared.table()->empty())
    return false;
  core::Settings written;
  for (const core::Member& member : *shared.table()) {
    core::Setting setting;
    setting.key = member.key;
    setting.key_location = member.key_location;
    setting.node = member.node;
    written.add(std::move(setting));
  }
  return entry->spec->facts(written).natural_kind == "count";
}

void read_named_parts(TableReader& reader, const core::Node& shared, const SourceEntry* entry, const PartContext& in) {
  const bool stands_for_events = !reader.has("events") && counts_by_nature(shared, entry, in);
  const auto names = part_names(in.metric.kind);
  for (const std::string& name : names) {
    const core::Node* node = reader.take(name);
    if (node != nullptr) {
      read_part(name, *node, shared, in);
    } else if (name == "events" && stands_for_events) {
      read_question(name, shared, in.metric.source, in);
    } else if (name != "exposure") {
      in.context.error(
          "RG0103",
          fmt::format("[metrics.{}] has no `{}`: kind = \"{}\" needs it", in.metric.id, name, config::name(in.metric.kind)),
          in.metric.location);
    }
  }
}

}  // namespace

void read_parts(TableReader& reader, Metric& metric, const Gate& gate, const LoadOptions& options, const ReadContext& context) {
  const PartContext in{metric, gate, options, context};
  const core::Location place = reader.has("source") ? reader.take("source")->location : metric.location;
  if (metric.source.empty()) {
    if (!reader.has("source")) {
      context.error("RG0103", fmt::format("[metrics.{}] has no `source`", metric.id), metric.location,
                    "it names the [sources.NAME] that is asked");
    }
    return;
  }
  const SourceConfig* source = gate.find_source(metric.source);
  const SourceEntry* entry = entry_of(metric.source, place, in);
  if (entry == nullptr) {
    // The source is unknown or broken: its keys cannot be told from unknown ones, so they are let pass here.
    for (const core::Member* member : reader.rest()) reader.take(member->key);
    return;
  }
  const std::string text_key(entry->spec->text_part_key);
  const bool single = part_names(metric.kind).empty();
  const core::Node shared = shared_keys(reader, entry);
  const bool counts_it = !reader.has("events") && counts_by_nature(shared, entry, in);
  if (!single && !counts_it && !text_key.empty() && reader.has(text_key)) {
    context.error("RG0219", fmt::format("kind = \"{}\" asks for `events`, not for `{}`", name(metric.kind), text_key),
                  reader.key_place(text_key), "rename it, or change `kind`");
  }
  if (single) {
    const bool both_sides = reader.has("candidate") && (reader.has("baseline") || metric.compare.design == Design::none);
    if (!shared.table()->empty() || !both_sides) read_question("value", shared, source->id, in);
  } else {
    read_named_parts(reader, shared, entry, in);
  }
  read_side(reader, "baseline", shared, in);
  read_side(reader, "candidate", shared, in);
  for (const std::string name : {"events", "total", "exposure"}) {
    const auto mine = part_names(metric.kind);
    if (reader.has(name) && std::find(mine.begin(), mine.end(), name) == mine.end()) {
      reader.take(name);
      context.error("RG0219", fmt::format("`{}` has no meaning for kind = \"{}\"", name, config::name(metric.kind)),
                    reader.key_place(name), R"(kind = "ratio" takes events and total, "count" events and exposure)");
    }
  }
}

}  // namespace gate::config
