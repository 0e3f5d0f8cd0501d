#include "config/part_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "config/findings_reader.h"
#include "config/merge.h"
#include "config/nature.h"
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
    in.context.error("RG0515",
                     fmt::format("[sources.{}] is of type \"{}\", and one of type \"{}\" is needed here", reference.id,
                                 other->spec->type, entry.spec->type),
                     reference.location);
  }
}

void read_question(const std::string& name, const core::Node& question, const std::string& source, const PartContext& in) {
  const SourceEntry* entry = entry_of(source, question.location, in);
  if (entry == nullptr) return;
  if (in.metric.kind == Kind::histogram && !entry->spec->has_buckets) {
    in.context.error(
        "RG0237",
        fmt::format("[sources.{}] is of type \"{}\", which has no histograms with buckets", source, entry->spec->type),
        question.location, R"(ask it for the quantile itself, with kind = "samples" or "value")");
    return;
  }
  Part part;
  part.source = source;
  part.location = question.location;
  const std::string path = fmt::format("metrics.{}{}", in.metric.id, name == "value" ? "" : "." + name);
  Variables variables = in.context.variables;
  for (const std::string_view own : entry->spec->own_variables) variables.leave(own);
  const ReadContext context{in.context.diagnostics, variables, in.context.surroundings, in.context.notes,
                            in.context.references};
  TableReader reader(question, path, context);
  const std::size_t before = in.context.diagnostics.size();
  reader.settings(entry->spec->query_keys, part.query);
  const bool keys_are_right = in.context.diagnostics.size() == before;
  reader.keys_are_listed(fmt::format("all keys: release-gate sources {}", entry->spec->type));
  reader.finish();
  inherit_keys(part.query, *entry, *in.gate.find_source(source));
  if (in.metric.kind == Kind::findings && !ask_for_findings(part, *entry, in.metric, in.context)) return;
  if (entry->check_query && keys_are_right) {
    for (core::Diagnostic& diagnostic : entry->check_query(part.query, in.gate.find_source(source)->settings)) {
      if (!diagnostic.error.location.known()) diagnostic.error.location = question.location;
      in.context.diagnostics.push_back(std::move(diagnostic));
    }
  }
  if (in.context.diagnostics.size() == before) check_references(part.query, *entry, in);
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

/// A part as written: a string stands for the text key of `source`; a table may name another source, whose question then starts
/// from nothing.
void read_part(const std::string& name, const core::Node& written, const core::Node& shared, std::string source,
               const PartContext& in) {
  if (written.find("metric") != nullptr) return read_reference(name, written, in);
  core::Node own = written;
  core::Node question = shared;
  if (written.string() != nullptr) {
    const SourceEntry* entry = known_entry(source, in);
    if (entry != nullptr && entry->spec->text_part_key.empty()) {
      in.context.error(
          "RG0512", fmt::format("`{}` must be a table: a source of type \"{}\" has no query text", name, entry->spec->type),
          written.location, fmt::format("write {} = {{ … }}; its keys: release-gate sources {}", name, entry->spec->type));
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
    const auto named = in.context.variables.expand(*other, in.context.diagnostics);
    if (!named) return;
    if (*named != source) question = core::Node{core::Node::Table{}, written.location};
    source = *named;
    std::erase_if(*own.table(), [](const core::Member& member) { return member.key == "source"; });
  }
  if (source.empty()) return report_no_source(in);
  merge_question(question, own, known_entry(source, in));
  question.location = written.location;
  read_question(name, question, source, in);
}

std::vector<std::string> part_names(Kind kind) {
  switch (kind) {
    case Kind::ratio:
    case Kind::slo:
      return {"events", "total"};
    case Kind::count:
      return {"events", "exposure"};
    case Kind::histogram:
      return {"buckets"};
    case Kind::samples:
    case Kind::value:
    case Kind::findings:
    case Kind::status:
    case Kind::derived:
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
  if (common != nullptr && common->table() != nullptr && common->find("metric") == nullptr)
    merge_question(base, *common, entry);
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
  const bool baseline = !asks_baseline(in.metric.compare.design) || owned.contains("baseline." + part);
  return !(baseline && owned.contains("candidate." + part));
}

/// `query = …` in a ratio or count: a slip for `events`. True when there is one.
bool refuse_bare_question(TableReader& reader, const SourceEntry* entry, const PartContext& in) {
  const std::string key(entry == nullptr ? "" : entry->spec->text_part_key);
  if (key.empty() || !reader.has(key)) return false;
  in.context.error(
      "RG0219",
      fmt::format("kind = \"{}\" asks for `{}`, not for `{}`", name(in.metric.kind), part_names(in.metric.kind).front(), key),
      reader.key_place(key), "rename it, or change `kind`");
  return true;
}

/// Parts that this kind of metric does not have.
void refuse_foreign_parts(TableReader& reader, const PartContext& in) {
  const auto mine = part_names(in.metric.kind);
  for (const std::string name : {"events", "total", "exposure", "buckets"}) {
    if (!reader.has(name) || std::find(mine.begin(), mine.end(), name) != mine.end()) continue;
    reader.take(name);
    in.context.error("RG0219", fmt::format("`{}` has no meaning for kind = \"{}\"", name, config::name(in.metric.kind)),
                     reader.key_place(name),
                     R"(kind = "ratio" and "slo" take events and total, "count" events and exposure, "histogram" buckets)");
  }
}

/// Whether the metric's own keys ask a question that is a count by nature (`jql = "…"`): it then stands for `events`.
bool counts_by_nature(const core::Node& shared, const SourceEntry* entry, const PartContext& in) {
  if (in.metric.kind != Kind::count || entry == nullptr) return false;
  const auto facts = written_facts(shared, *entry);
  return facts && facts->natural_kind == "count";
}

void read_named_parts(TableReader& reader, const core::Node& shared, const SourceEntry* entry, const Owned& owned,
                      const PartContext& in) {
  const bool stands_for_events = !reader.has("events") && counts_by_nature(shared, entry, in);
  const bool bare_question = !stands_for_events && refuse_bare_question(reader, entry, in);
  for (const std::string& name : part_names(in.metric.kind)) {
    const core::Node* node = reader.take(name);
    if (!is_shared(name, owned, in)) continue;
    if (node != nullptr) {
      read_part(name, *node, shared, in.metric.source, in);
    } else if (name == "events" && stands_for_events) {
      read_question(name, shared, in.metric.source, in);
    } else if (name != "exposure" && !(name == part_names(in.metric.kind).front() && bare_question)) {
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
  const bool both_sides = reader.has("candidate") && (reader.has("baseline") || !asks_baseline(metric.compare.design));
  if (entry == nullptr && part_names(metric.kind).empty() && !both_sides) {
    for (const core::Member* member : reader.rest()) reader.take(member->key);
    return report_no_source(in);
  }
  const core::Node shared = shared_keys(reader, entry);
  Owned owned;
  read_side(reader, "baseline", shared, owned, in);
  read_side(reader, "candidate", shared, owned, in);
  if (!part_names(metric.kind).empty()) {
    read_named_parts(reader, shared, entry, owned, in);
  } else if (is_shared("value", owned, in)) {
    entry == nullptr ? report_no_source(in) : read_question("value", shared, metric.source, in);
  }
  refuse_foreign_parts(reader, in);
}

void read_split_question(Metric& metric, const Gate& gate, const LoadOptions& options, const ReadContext& context) {
  const auto& written = metric.compare.split_question;
  const bool counts_units = metric.kind == Kind::ratio || !metric.cluster.empty();
  if (!written || metric.compare.design != Design::side_by_side || !counts_units) return;
  const PartContext in{metric, gate, options, context};
  read_part("split", *written, core::Node{core::Node::Table{}, written->location}, "", in);
  auto found = metric.parts.extract("split");
  if (!found.empty()) metric.split = std::move(found.mapped());
}

}  // namespace gate::config
