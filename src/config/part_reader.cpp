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
    reader.also_known({std::string(spec.name)});
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
  const bool keys_are_right = in.context.diagnostics.size() == before;
  reader.finish();
  if (entry->check_query && keys_are_right) {
    for (core::Diagnostic& diagnostic : entry->check_query(part.query, in.gate.find_source(source)->settings)) {
      if (!diagnostic.error.location.known()) diagnostic.error.location = question.location;
      in.context.diagnostics.push_back(std::move(diagnostic));
    }
  }
  in.metric.parts[name] = std::move(part);
}

/// { metric = "id" }: which question that is, is known when all metrics are read.
void read_reference(const std::string& name, const core::Node& written, const PartContext& in) {
  TableReader reader(written, fmt::format("metrics.{}.{}", in.metric.id, name), in.context);
  const auto id = reader.text("metric");
  for (const core::Member* other : reader.rest()) {
    reader.take(other->key);
    in.context.error("RG0104", fmt::format("`{}` cannot stand beside `metric`: the question is all that metric's", other->key),
                     other->key_location, "remove it, or ask a question of its own");
  }
  if (!id) return;
  Part part;
  part.of_metric = *id;
  part.location = reader.value_place("metric");
  in.metric.parts[name] = std::move(part);
}

void report_no_source(const PartContext& in) {
  in.context.error("RG0103", fmt::format("[metrics.{}] has no `source`", in.metric.id), in.metric.location,
                   "it names the [sources.NAME] that is asked");
}

/// A part as written: a string stands for the source's text key; a table may name another source.
void read_part(const std::string& name, const core::Node& written, const core::Node& shared, const PartContext& in) {
  if (written.find("metric") != nullptr) return read_reference(name, written, in);
  std::string source = in.metric.source;
  core::Node own = written;
  if (written.string() != nullptr) {
    const SourceConfig* config = in.gate.find_source(source);
    const SourceEntry* entry = config == nullptr ? nullptr : find_entry(in.options, config->type);
    if (entry != nullptr && entry->spec->text_part_key.empty()) {
      in.context.error(
          "RG0512", fmt::format("`{}` must be a table: a source of type \"{}\" has no query text", name, config->type),
          written.location, fmt::format("write {} = {{ … }}; its keys: release-gate sources {}", name, config->type));
      return;
    }
    const std::string key = entry == nullptr ? "query" : std::string(entry->spec->text_part_key);
    own = core::Node{core::Node::Table{{key, written.location, written}}, written.location};
  } else if (written.table() == nullptr) {
    in.context.error(
        "RG0102", fmt::format("`metrics.{}.{}` must be a string or a table, not {}", in.metric.id, name, written.kind_name()),
        written.location, fmt::format("write {} = '…' or {} = {{ … }}", name, name));
    return;
  } else if (const core::Node* other = written.find("source"); other != nullptr && other->string() != nullptr) {
    source = *other->string();
    std::erase_if(*own.table(), [](const core::Member& member) { return member.key == "source"; });
  }
  if (source.empty()) return report_no_source(in);
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
    if (const core::Node* common = reader.take(part);
        common != nullptr && common->table() != nullptr && common->find("metric") == nullptr)
      merge_over(base, *common);
    read_part(fmt::format("{}.{}", side, part), *node, base, in);
  }
  side_reader.finish();
}

/// `query = …` in a ratio or count: a slip for `events`. True when there is one.
bool refuse_bare_question(TableReader& reader, const SourceEntry* entry, const PartContext& in) {
  const std::string key(entry == nullptr ? "" : entry->spec->text_part_key);
  if (key.empty() || !reader.has(key)) return false;
  in.context.error("RG0219", fmt::format("kind = \"{}\" asks for `events`, not for `{}`", name(in.metric.kind), key),
                   reader.key_place(key), "rename it, or change `kind`");
  return true;
}

/// Parts that this kind of metric does not have.
void refuse_foreign_parts(TableReader& reader, const PartContext& in) {
  const auto mine = part_names(in.metric.kind);
  for (const std::string name : {"events", "total", "exposure"}) {
    if (!reader.has(name) || std::find(mine.begin(), mine.end(), name) != mine.end()) continue;
    reader.take(name);
    in.context.error("RG0219", fmt::format("`{}` has no meaning for kind = \"{}\"", name, config::name(in.metric.kind)),
                     reader.key_place(name), R"(kind = "ratio" takes events and total, "count" events and exposure)");
  }
}

void read_named_parts(TableReader& reader, const core::Node& shared, const SourceEntry* entry, const PartContext& in) {
  const bool bare_question = refuse_bare_question(reader, entry, in);
  const auto names = part_names(in.metric.kind);
  for (const std::string& name : names) {
    const core::Node* node = reader.take(name);
    if (node != nullptr) {
      read_part(name, *node, shared, in);
    } else if (name != "exposure" && !(name == "events" && bare_question)) {
      in.context.error(
          "RG0103",
          fmt::format("[metrics.{}] has no `{}`: kind = \"{}\" needs it", in.metric.id, name, config::name(in.metric.kind)),
          in.metric.location, fmt::format("write {} = '…'", name));
    }
  }
}

}  // namespace

void read_parts(TableReader& reader, Metric& metric, const Gate& gate, const LoadOptions& options, const ReadContext& context) {
  const PartContext in{metric, gate, options, context};
  const SourceEntry* entry = metric.source.empty() ? nullptr : entry_of(metric.source, reader.value_place("source"), in);
  if (entry == nullptr && reader.has("source")) {
    // The source is unknown or broken: its keys cannot be told from unknown ones, so they are let pass here.
    for (const core::Member* member : reader.rest()) reader.take(member->key);
    return;
  }
  const bool both_sides = reader.has("candidate") && (reader.has("baseline") || metric.compare.design == Design::none);
  if (entry == nullptr && part_names(metric.kind).empty() && !both_sides) {
    for (const core::Member* member : reader.rest()) reader.take(member->key);
    return report_no_source(in);
  }
  const core::Node shared = shared_keys(reader, entry);
  if (part_names(metric.kind).empty()) {
    if (entry != nullptr && (!shared.table()->empty() || !both_sides)) read_question("value", shared, metric.source, in);
  } else {
    read_named_parts(reader, shared, entry, in);
  }
  read_side(reader, "baseline", shared, in);
  read_side(reader, "candidate", shared, in);
  refuse_foreign_parts(reader, in);
}

}  // namespace gate::config
