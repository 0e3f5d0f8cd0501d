#include "config/part_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

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

const SourceEntry* known_entry(const std::string& source, const PartContext& in) {
  const SourceConfig* config = in.gate.find_source(source);
  return config == nullptr ? nullptr : find_entry(in.options, config->type);
}

/// Lays `own` on `question`, key by key. Tables that the source declares (`where`) are taken as they stand: { env = "prod" } in
/// one of them is a column, no reference.
void merge_question(core::Node& question, const core::Node& own, const SourceEntry* entry) {
  const auto is_table_key = [&](const std::string& key) {
    return entry != nullptr &&
           std::any_of(entry->spec->query_keys.begin(), entry->spec->query_keys.end(),
                       [&](const auto& spec) { return spec.name == key && spec.type == core::KeyType::table; });
  };
  for (const core::Member& member : *own.table()) {
    auto& members = *question.table();
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const core::Member& existing) { return existing.key == member.key; });
    if (found == members.end()) {
      members.push_back(member);
    } else if (is_table_key(member.key) && found->node.table() != nullptr && member.node.table() != nullptr) {
      replace_members(found->node, member.node);
    } else {
      found->key_location = member.key_location;
      merge_over(found->node, member.node);
    }
  }
}

/// Keys that the question and its source share, such as the path of files: the source's hold where the question says nothing.
void inherit_keys(core::Settings& query, const SourceEntry& entry, const SourceConfig& source) {
  for (const core::KeySpec& spec : entry.spec->query_keys) {
    const core::Setting* setting = source.settings.find(spec.name);
    if (setting != nullptr && !query.has(spec.name)) query.add(*setting);
  }
}

void check_references(const core::Settings& query, const SourceEntry& entry, const PartContext& in) {
  if (entry.spec->references == nullptr) return;
  for (const core::SourceReference& reference : entry.spec->references(query)) {
    const SourceEntry* other = entry_of(reference.id, reference.location, in);
    if (other == nullptr || other->spec->type == entry.spec->type) continue;
    in.context.error("RG0513",
                     fmt::format("[sources.{}] is of type \"{}\", and one of type \"{}\" is needed here", reference.id,
                                 other->spec->type, entry.spec->type),
                     reference.location);
  }
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
  inherit_keys(part.query, *entry, *in.gate.find_source(source));
  if (entry->check_query && in.context.diagnostics.size() == before) {
    for (core::Diagnostic& diagnostic : entry->check_query(part.query, in.gate.find_source(source)->settings)) {
      if (!diagnostic.error.location.known()) diagnostic.error.location = question.location;
      in.context.diagnostics.push_back(std::move(diagnostic));
    }
  }
  if (in.context.diagnostics.size() == before) check_references(part.query, *entry, in);
  in.metric.parts[name] = std::move(part);
}

/// A part as written: a string stands for the text key of `source`; a table may name another source, whose question then starts
/// from nothing.
void read_part(const std::string& name, const core::Node& written, const core::Node& shared, std::string source,
               const PartContext& in) {
  core::Node own = written;
  core::Node question = shared;
  if (written.string() != nullptr) {
    const SourceEntry* entry = known_entry(source, in);
    if (entry != nullptr && entry->spec->text_part_key.empty()) {
      in.context.error("RG0512",
                       fmt::format("`{}` must be a table: a source of type \"{}\" has no query text", name, entry->spec->type),
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
    if (*other->string() != source) question = core::Node{core::Node::Table{}, written.location};
    source = *other->string();
    std::erase_if(*own.table(), [](const core::Member& member) { return member.key == "source"; });
  }
  merge_question(question, own, known_entry(source, in));
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

/// What one side asks of all parts of a metric.
struct SideQuestion {
  std::string source;
  core::Node shared;  ///< keys for every part
  bool differs = false;
};

/// The keys of `own` (a side's table) that hold for all parts. A side may ask another source of the same type the same
/// question.
SideQuestion side_question(TableReader& own, const core::Node& shared, const PartContext& in) {
  SideQuestion side{in.metric.source, shared, false};
  if (const auto source = own.text("source"); source && *source != side.source) {
    const SourceEntry* here = known_entry(side.source, in);
    const SourceEntry* there = entry_of(*source, own.take("source")->location, in);
    if (here == nullptr || there == nullptr || here->spec->type != there->spec->type)
      side.shared = {core::Node::Table{}, shared.location};
    side.source = *source;
    side.differs = true;
  }
  const SourceEntry* entry = known_entry(side.source, in);
  core::Node keys{core::Node::Table{}, own.node().location};
  for (const core::KeySpec& spec : entry == nullptr ? std::vector<core::KeySpec>() : entry->spec->query_keys) {
    const bool is_one_question = spec.name == entry->spec->text_part_key;
    if (is_one_question || !own.has(spec.name)) continue;
    keys.table()->push_back({std::string(spec.name), own.key_place(spec.name), *own.take(spec.name)});
  }
  side.differs = side.differs || !keys.table()->empty();
  merge_question(side.shared, keys, entry);
  return side;
}

/// The part `name` of one side: what both sides share, under what this side asks.
core::Node common_part(const core::Node* common, const SideQuestion& side, const PartContext& in) {
  core::Node base{core::Node::Table{}, side.shared.location};
  const SourceEntry* entry = known_entry(side.source, in);
  if (common != nullptr && common->table() != nullptr) merge_question(base, *common, entry);
  if (common != nullptr && common->string() != nullptr && entry != nullptr) {
    base.table()->push_back({std::string(entry->spec->text_part_key), common->location, *common});
  }
  core::Node question = side.shared;
  merge_question(question, base, entry);
  return question;
}

/// The parts that a side asks on its own, "baseline.events".
using Owned = std::set<std::string>;

/// What one side asks differently: `candidate = "…"`, or the keys of the table that are no window.
void read_side(TableReader& reader, std::string_view name, const core::Node& shared, Owned& owned, const PartContext& in) {
  const core::Node* written = reader.take(name);
  if (written == nullptr) return;
  core::Node own = *written;
  if (auto* members = own.table()) {
    std::erase_if(*members, [](const core::Member& member) {
      return member.key == "window" || member.key == "gap" || member.key == "settle";
    });
    if (members->empty()) return;
  }
  const auto parts = part_names(in.metric.kind);
  if (parts.empty() && own.table() == nullptr) {
    owned.insert(fmt::format("{}.value", name));
    return read_part(fmt::format("{}.value", name), own, shared, in.metric.source, in);
  }
  TableReader side_reader(own, fmt::format("metrics.{}.{}", in.metric.id, name), in.context);
  if (parts.empty()) {
    owned.insert(fmt::format("{}.value", name));
    SideQuestion side{in.metric.source, shared, false};
    if (own.find("source") != nullptr) side = side_question(side_reader, shared, in);
    std::erase_if(*own.table(), [](const core::Member& member) { return member.key == "source"; });
    return read_part(fmt::format("{}.value", name), own, side.shared, side.source, in);
  }
  const SideQuestion side = side_question(side_reader, shared, in);
  for (const std::string& part : parts) {
    const core::Node* node = side_reader.take(part);
    const core::Node* common = reader.take(part);
    if (node == nullptr && (common == nullptr || !side.differs)) continue;
    owned.insert(fmt::format("{}.{}", name, part));
    const core::Node nothing{core::Node::Table{}, written->location};
    read_part(fmt::format("{}.{}", name, part), node == nullptr ? nothing : *node, common_part(common, side, in), side.source,
              in);
  }
  side_reader.finish();
}

/// Whether a part that both sides share is asked by any of them.
bool is_shared(const std::string& part, const Owned& owned, const PartContext& in) {
  const bool baseline = in.metric.compare.design == Design::none || owned.contains("baseline." + part);
  return !(baseline && owned.contains("candidate." + part));
}

void read_named_parts(TableReader& reader, const core::Node& shared, const Owned& owned, const PartContext& in) {
  for (const std::string& name : part_names(in.metric.kind)) {
    const core::Node* node = reader.take(name);
    if (!is_shared(name, owned, in)) continue;
    if (node != nullptr) {
      read_part(name, *node, shared, in.metric.source, in);
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
  if (!single && !text_key.empty() && reader.has(text_key)) {
    context.error("RG0219", fmt::format("kind = \"{}\" asks for `events`, not for `{}`", name(metric.kind), text_key),
                  reader.key_place(text_key), "rename it, or change `kind`");
  }
  const core::Node shared = shared_keys(reader, entry);
  Owned owned;
  read_side(reader, "baseline", shared, owned, in);
  read_side(reader, "candidate", shared, owned, in);
  if (!single) {
    read_named_parts(reader, shared, owned, in);
  } else if (is_shared("value", owned, in)) {
    read_question("value", shared, source->id, in);
  }
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
