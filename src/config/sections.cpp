#include "config/sections.h"

#include <fmt/format.h>

#include "config/placebo_reader.h"
#include "config/slo_reader.h"
#include "core/text.h"

namespace gate::config {

const SourceEntry* find_entry(const LoadOptions& options, std::string_view type) {
  for (const SourceEntry& entry : options.sources) {
    if (entry.spec->type == type) return &entry;
  }
  return nullptr;
}

std::optional<Moment> read_moment(TableReader& reader, std::string_view key, const ReadContext& context) {
  const core::Node* node = reader.take(key);
  if (node == nullptr) return std::nullopt;
  Moment moment;
  moment.location = node->location;
  const auto found = reader.text_or_reference(key);
  if (!found) return std::nullopt;
  if (!found->unset.empty()) {
    moment.unset_variable = found->unset;
    return moment;
  }
  if (found->text == "now") {
    moment.now = true;
    return moment;
  }
  auto time = core::parse_time(found->text);
  if (!time) {
    core::Error error = time.error();
    error.location = node->location;
    context.diagnostics.push_back({core::Severity::error, std::move(error)});
    return std::nullopt;
  }
  moment.time = *time;
  return moment;
}

void read_release(TableReader& reader, Gate& gate) {
  // A version is for people: a run without one is worth no error.
  const auto version = reader.text_or_reference("version");
  const auto previous = reader.text_or_reference("previous_version");
  if (version) gate.release_version = version->text;
  if (previous) gate.previous_version = previous->text;
}

namespace {

// A spread that is learnt from fewer releases says next to nothing.
constexpr std::int64_t kLeastReleases = 5;
constexpr std::int64_t kMostReleases = 1000;

void read_side(TableReader& compare, std::string_view side, std::string_view offset_key, core::Duration& window,
               core::Duration& offset, SideKeys keys, const ReadContext& context) {
  const core::Node* node = compare.take(side);
  if (node == nullptr) return;
  if (node->table() == nullptr && keys == SideKeys::windows_and_question) return;
  const std::string path = fmt::format("{}.{}", compare.path(), side);
  TableReader reader(*node, path, context);
  if (const auto length = reader.duration("window")) {
    if (length->count() > 0) {
      window = *length;
    } else {
      context.error("RG0203", fmt::format("`{}.window` must be longer than 0s", path), reader.value_place("window"),
                    "30m is a good start");
    }
  }
  if (const auto distance = reader.duration(offset_key)) offset = *distance;
  if (keys == SideKeys::windows) reader.finish();
}

void read_split(TableReader& reader, Compare& compare, const ReadContext& context) {
  const core::Node* node = reader.take("split");
  if (node == nullptr) return;
  compare.split.reset();
  compare.split_question.reset();
  if (node->find("source") != nullptr) {
    compare.split_question = *node;
    return;
  }
  std::string text;
  const auto share = read_share(*node, reader.path() + ".split", context, text);
  if (!share) return;
  if (*share > 0.0 && *share < 1.0) {
    compare.split = *share;
  } else {
    context.error("RG0203", fmt::format("`{}.split` must lie between 0 and 100 %, not \"{}\"", reader.path(), text),
                  node->location, R"(write the share that goes to the candidate: "5%")");
  }
}

}  // namespace

void read_compare(TableReader& reader, Compare& compare, SideKeys keys, const ReadContext& context) {
  static const std::vector<std::pair<std::string, Design>> kDesigns = {{"before-after", Design::before_after},
                                                                       {"side-by-side", Design::side_by_side},
                                                                       {"snapshot", Design::snapshot},
                                                                       {"previous-releases", Design::previous_releases},
                                                                       {"none", Design::none}};
  if (const auto design = reader.choice<Design>("design", kDesigns)) compare.design = *design;
  read_side(reader, "baseline", "gap", compare.baseline_window, compare.gap, keys, context);
  read_side(reader, "candidate", "settle", compare.candidate_window, compare.settle, keys, context);
  for (const std::string_view side : {"candidate", "baseline"}) {
    if (reader.has(side)) compare.location = reader.key_place(side);
  }
  if (const auto step = reader.duration("step")) {
    if (step->count() > 0) {
      compare.step = *step;
      compare.step_location = reader.key_place("step");
    } else {
      context.error("RG0203", fmt::format("`{}.step` must be longer than 0s", reader.path()), reader.value_place("step"),
                    "leave it out: it follows from the window");
    }
  }
  if (const auto delay = reader.duration("ingest_delay")) compare.ingest_delay = *delay;
  if (reader.has("anchor")) {
    const core::Node* node = reader.take("anchor");
    if (node->string() != nullptr && *node->string() == "deployed_at") {
      compare.anchor.reset();
    } else if (const auto anchor = read_moment(reader, "anchor", context)) {
      compare.anchor = *anchor;
    }
  }
  if (const auto releases = reader.integer("releases", kLeastReleases, kMostReleases))
    compare.releases = static_cast<std::size_t>(*releases);
  if (auto anchor = reader.text("anchor_release")) compare.anchor_release = std::move(*anchor);
  read_placebo(reader, compare.placebo, context);
  read_split(reader, compare, context);
  if (const auto early = reader.choice<bool>("early", {{"wait", false}, {"shorten", true}})) compare.shorten_early = *early;
}

void read_statistics(TableReader& reader, Statistics& statistics) {
  static const std::vector<std::pair<std::string, Method>> kMethods = {
      {"auto", Method::automatic}, {"mean", Method::mean},         {"median", Method::median},   {"rank", Method::rank},
      {"score", Method::score},    {"newcombe", Method::newcombe}, {"kayenta", Method::kayenta}, {"point", Method::point}};
  if (const auto method = reader.choice<Method>("method", kMethods)) {
    statistics.method = *method;
    statistics.method_place = reader.key_place("method");
  }
  if (const auto least = reader.integer("min_samples", 0, 1'000'000'000)) {
    statistics.min_samples = static_cast<std::size_t>(*least);
  }
  if (const auto least = reader.integer("min_events", 0, 1'000'000'000'000)) {
    statistics.min_events = static_cast<double>(*least);
  }
  static const std::vector<std::pair<std::string, Switch>> kSwitch = {{"auto", Switch::automatic}, {"none", Switch::off}};
  if (const auto on = reader.choice<Switch>("autocorrelation", kSwitch)) statistics.autocorrelation = *on;
  if (const auto on = reader.choice<Switch>("dispersion", kSwitch)) statistics.dispersion = *on;
  if (const auto nan = reader.choice<OnNan>("on_nan", {{"drop", OnNan::drop}, {"zero", OnNan::zero}, {"fail", OnNan::fail}})) {
    statistics.on_nan = *nan;
  }
  if (const auto partial = reader.choice<OnPartial>("on_partial", {{"error", OnPartial::error}, {"note", OnPartial::note}})) {
    statistics.on_partial = *partial;
  }
  if (const auto range = reader.duration("range")) statistics.range = *range;
  if (const auto cluster = reader.text("cluster")) {
    statistics.cluster = *cluster;
    statistics.cluster_place = reader.key_place("cluster");
  }
  if (const auto on = reader.choice<bool>("covariate", {{"none", false}, {"baseline", true}})) {
    statistics.covariate = *on;
    statistics.covariate_place = reader.key_place("covariate");
  }
}

void read_rules(TableReader& reader, VerdictRules& rules, const ReadContext& context) {
  if (const auto confidence = reader.number("confidence")) {
    if (*confidence > 0.5 && *confidence < 1.0) {
      rules.confidence = *confidence;
    } else {
      context.error("RG0203", fmt::format("`{}.confidence` must be between 0.5 and 1, both excluded", reader.path()),
                    reader.value_place("confidence"),
                    "0.95 means that each claim of harm or of safety is right 19 times in 20");
    }
  }
  static const std::vector<std::pair<std::string, Fallback>> kFallbacks = {
      {"inconclusive", Fallback::inconclusive}, {"fail", Fallback::fail}, {"warn", Fallback::warn}, {"pass", Fallback::pass}};
  if (const auto choice = reader.choice<Fallback>("on_no_data", kFallbacks)) rules.on_no_data = *choice;
  if (const auto choice =
          reader.choice<Fallback>("on_pending", {{"inconclusive", Fallback::inconclusive}, {"skip", Fallback::skip}})) {
    rules.on_pending = *choice;
  }
  if (const auto choice = reader.choice<Fallback>("on_few_releases", kFallbacks)) rules.on_few_releases = *choice;
  const core::Node* unproven = reader.take("on_unproven");
  if (unproven == nullptr) return;
  if (unproven->table() == nullptr) {
    if (const auto both = reader.choice<Fallback>("on_unproven", kFallbacks))
      rules.unproven_within = rules.unproven_beyond = *both;
    return;
  }
  TableReader table(*unproven, fmt::format("{}.on_unproven", reader.path()), context);
  if (const auto choice = table.choice<Fallback>("within", kFallbacks)) rules.unproven_within = *choice;
  if (const auto choice = table.choice<Fallback>("beyond", kFallbacks)) rules.unproven_beyond = *choice;
  table.finish();
}

std::vector<std::string> track_variable_names(const core::Node& root) {
  std::vector<std::string> names = {"track"};
  const core::Node* compare = root.find("compare");
  const core::Node* tracks = compare == nullptr ? nullptr : compare->find("tracks");
  if (tracks == nullptr || tracks->table() == nullptr) return names;
  for (const core::Member& side : *tracks->table()) {
    if (side.node.table() == nullptr) continue;
    for (const core::Member& variable : *side.node.table()) names.push_back(variable.key);
  }
  return names;
}

void read_tracks(const core::Node& tracks, Gate& gate, const ReadContext& context) {
  gate.baseline_variables["track"] = "stable";
  gate.candidate_variables["track"] = "canary";
  TableReader reader(tracks, "compare.tracks", context);
  const auto read = [&](std::string_view side, std::map<std::string, std::string>& variables) {
    const core::Node* node = reader.take(side);
    if (node == nullptr) return;
    TableReader side_reader(*node, fmt::format("compare.tracks.{}", side), context);
    if (node->table() == nullptr) return;
    for (const core::Member& variable : *node->table()) {
      if (const auto found = side_reader.text_or_reference(variable.key); found && found->unset.empty()) {
        variables[variable.key] = found->text;
      }
    }
  };
  read("baseline", gate.baseline_variables);
  read("candidate", gate.candidate_variables);
  reader.finish();
  const auto check = [&](const auto& here, const auto& there, std::string_view missing_in) {
    for (const auto& [name, value] : here) {
      if (there.contains(name)) continue;
      context.error("RG0408", fmt::format("variable `{}` has no value in [compare.tracks.{}]", name, missing_in),
                    tracks.location, "both tracks must give the same variables");
    }
  };
  check(gate.baseline_variables, gate.candidate_variables, "candidate");
  check(gate.candidate_variables, gate.baseline_variables, "baseline");
}

namespace {

/// What a gate file that may come from anybody must not say of a source.
void refuse_untrusted(TableReader& reader, const core::SourceTypeSpec& spec, const ReadContext& context) {
  if (spec.runs_programs) {
    context.error("RG1960", fmt::format("[{}] would start a program, and the gate file is not trusted", reader.path()),
                  reader.value_place("type"), "leave --untrusted out for a file that nobody else could have written");
  }
  for (const std::string_view key :
       {"headers", "proxy", "insecure", "allow_plaintext", "ca_file", "client_cert", "client_key", "google_metadata"}) {
    if (!reader.has(key)) continue;
    context.error("RG1961", fmt::format("`{}.{}` must not stand in a gate file that is not trusted", reader.path(), key),
                  reader.key_place(key), "remove it, or leave --untrusted out");
  }
}

}  // namespace

SourceConfig read_source(const std::string& id, const core::Node& node, const LoadOptions& options,
                         const ReadContext& context) {
  SourceConfig source;
  source.id = id;
  source.location = node.location;
  TableReader reader(node, fmt::format("sources.{}", id), context);
  const auto type = reader.text("type");
  if (!type) {
    if (!reader.has("type") && node.table() != nullptr) {
      context.error("RG0103", fmt::format("[sources.{}] has no `type`", id), node.location,
                    "say what is asked: release-gate sources lists the types");
    }
    return source;
  }
  const SourceEntry* entry = find_entry(options, *type);
  if (entry == nullptr) {
    std::vector<std::string> types;
    for (const SourceEntry& known : options.sources) types.emplace_back(known.spec->type);
    const std::string near = core::nearest(*type, types);
    context.error("RG0510", fmt::format("there is no source of type `{}`", *type), reader.value_place("type"),
                  near.empty() ? "release-gate sources lists the types" : fmt::format("did you mean `{}`?", near));
    return source;
  }
  source.type = *type;
  if (options.untrusted) refuse_untrusted(reader, *entry->spec, context);
  const std::size_t before = context.diagnostics.size();
  reader.settings(entry->spec->source_keys, source.settings);
  const bool keys_are_right = context.diagnostics.size() == before;
  reader.keys_are_listed(fmt::format("all keys: release-gate sources {}", *type));
  reader.finish();
  if (entry->check_source && keys_are_right) {
    for (core::Diagnostic& diagnostic : entry->check_source(source.settings)) {
      if (!diagnostic.error.location.known()) diagnostic.error.location = node.location;
      context.diagnostics.push_back(std::move(diagnostic));
    }
  }
  return source;
}

}  // namespace gate::config
