#include "cli/input.h"

#include <fmt/format.h>

#include <filesystem>

#include "config/diagnostic_text.h"
#include "core/text.h"
#include "http/digest.h"
#include "http/redactor.h"
#include "sources/file/walk.h"
#include "sources/source.h"

namespace gate::cli {

std::vector<config::SourceEntry> source_entries() {
  std::vector<config::SourceEntry> entries;
  for (const sources::SourceType& type : sources::registry())
    entries.push_back({&type.spec, type.check_source, type.check_query});
  return entries;
}

const core::SourceTypeSpec* source_spec(std::string_view type) {
  const sources::SourceType* found = sources::find_type(type);
  return found == nullptr ? nullptr : &found->spec;
}

core::Result<std::string> read_gate_text(const std::string& path, const World& world) {
  auto text = world.surroundings.read_file(path);
  if (text) return text;
  return core::Error{"RG0002",
                     fmt::format("the gate file {} cannot be read", core::printable(path)),
                     "name another one, or write one with: release-gate init",
                     {text.error().message},
                     {}};
}

namespace {

/// What nobody vouches for may be a link to what is secret, and a mistake in it is shown with its line.
std::optional<core::Error> link_error(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code failed;
  const fs::file_status status = fs::symlink_status(path, failed);
  if (!fs::exists(status)) return std::nullopt;  // a replay has no such file, and reading tells of others
  const bool is_plain = fs::is_regular_file(status);
  const bool is_below = fs::path(path).is_absolute() || !sources::file::outside_of(".", path);
  if (is_plain && is_below) return std::nullopt;
  return core::Error{"RG1501",
                     fmt::format("{} is {}, and the gate file is not trusted", core::printable(path),
                                 is_plain ? "outside of the working directory, links followed" : "no plain file"),
                     "with --untrusted the gate file is a file of its own, and no link to one",
                     {},
                     {}};
}

}  // namespace

core::Result<GateTexts> read_gate_texts(const std::string& path, const Trust& trust, const World& world) {
  if (!trust.full) {
    if (auto error = link_error(path)) return std::move(*error);
  }
  auto text = read_gate_text(path, world);
  if (!text) return text.error();
  if (trust.policy.empty()) return GateTexts{path, std::move(text).value(), {}};
  auto policy = read_gate_text(trust.policy, world);
  if (!policy) return policy.error();
  return GateTexts{trust.policy, std::move(policy).value(), config::Guest{path, std::move(text).value()}};
}

core::Result<std::vector<std::pair<std::string, std::string>>> parse_settings(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return core::Error{"RG0003",
                         fmt::format("--set {}: a variable is given as NAME=VALUE", core::printable(text)),
                         "for example: --set service=checkout",
                         {},
                         {}};
    }
    out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

core::Result<core::Time> parse_time_option(const std::string& option, const std::string& text, core::Time now) {
  if (text == "now") return now;
  auto time = core::parse_time(text);
  if (time) return time;
  return core::Error{
      "RG0004", fmt::format("{} {}: {}", option, core::printable(text), time.error().message), time.error().hint, {}, {}};
}

core::Result<core::Duration> parse_duration_option(const std::string& option, const std::string& text) {
  auto duration = core::parse_duration(text);
  if (duration && duration->count() > 0) return duration;
  const std::string why = duration ? "it must be longer than 0s" : duration.error().message;
  return core::Error{
      "RG0005", fmt::format("{} {}: {}", option, core::printable(text), why), "for example: 30s, 2m, 1h30m", {}, {}};
}

namespace {

/// A secret that stands where a duration should is quoted in the diagnostic.
void hide_secrets(config::Loaded& loaded) {
  http::Redactor redactor;
  for (const core::Secret& secret : loaded.secrets) redactor.add(secret);
  for (core::Diagnostic& diagnostic : loaded.diagnostics) {
    redactor.redact_in_place(diagnostic.error.message);
    redactor.redact_in_place(diagnostic.error.hint);
    for (std::string& line : diagnostic.error.context) redactor.redact_in_place(line);
  }
}

}  // namespace

config::LoadOptions load_options(const std::vector<std::pair<std::string, std::string>>& settings,
                                 const config::Surroundings& surroundings) {
  config::LoadOptions options;
  options.surroundings = surroundings;
  options.sources = source_entries();
  options.packs = embedded_packs();
  options.settings = settings;
  return options;
}

config::Loaded load(const GateTexts& texts, const std::vector<std::pair<std::string, std::string>>& settings,
                    const config::Surroundings& surroundings, const Trust& trust) {
  config::LoadOptions options = load_options(settings, surroundings_for(trust, surroundings));
  options.untrusted = !trust.full && trust.policy.empty();
  options.guest = texts.guest;
  config::Loaded loaded = config::load_gate(texts.text, texts.file, options);
  if (loaded.gate) {
    loaded.gate->sha256 = http::sha256_hex(texts.text);
    loaded.gate->origins = trust.origins;
  }
  hide_secrets(loaded);
  return loaded;
}

void print_error(const core::Error& error, World& world) {
  world.err << config::render_diagnostic({core::Severity::error, error}, {});
}

void print_diagnostics(const core::Diagnostics& diagnostics, const config::FileTexts& files, World& world) {
  for (const core::Diagnostic& diagnostic : diagnostics) world.err << config::render_diagnostic(diagnostic, files);
}

namespace {

/// The plan's options from the command line; errors are printed.
std::optional<plan::Options> plan_options(const GateOptions& options, World& world) {
  plan::Options out;
  out.spec = source_spec;
  out.now = world.now();
  const std::string& clock = options.now.empty() ? options.as_of : options.now;
  const auto take = [&](const std::string& option, const std::string& text, core::Time& target) {
    const auto time = parse_time_option(option, text, out.now);
    if (!time) print_error(time.error(), world);
    if (time) target = *time;
    return time.ok();
  };
  if (!clock.empty() && !take(options.now.empty() ? "--as-of" : "--now", clock, out.now)) return std::nullopt;
  if (!options.deployed_at.empty()) {
    core::Time deployed{};
    if (!take("--deployed-at", options.deployed_at, deployed)) return std::nullopt;
    out.deployed_at = deployed;
  }
  out.stage = options.stage;
  out.only = options.only;
  return out;
}

void assume_deployment(plan::Options& options, const config::Gate& gate) {
  const bool given = options.deployed_at || (gate.deployed_at && (gate.deployed_at->now || gate.deployed_at->time));
  if (!given) options.deployed_at = options.now;
}

}  // namespace

std::optional<plan::Plan> plan_loaded(config::Loaded& loaded, Deployment deployment, plan::Options& options) {
  const config::Gate* gate = loaded.gate ? &*loaded.gate : loaded.sound_part ? &*loaded.sound_part : nullptr;
  if (gate == nullptr) return std::nullopt;
  // What --only and --stage name may be among the metrics that have mistakes.
  if (!loaded.gate) {
    options.only.clear();
    options.stage.clear();
  }
  if (deployment == Deployment::assumed) assume_deployment(options, *gate);
  plan::Planned planned = plan::make_plan(*gate, options);
  loaded.diagnostics.insert(loaded.diagnostics.end(), planned.diagnostics.begin(), planned.diagnostics.end());
  config::sort_by_place(loaded.diagnostics, loaded.file_order);
  if (!loaded.gate) return std::nullopt;
  return std::move(planned.plan);
}

std::optional<Input> read_input(const GateOptions& options, Deployment deployment, World& world) {
  Input input;
  const auto trust = read_trust(options.trust);
  auto texts = trust ? read_gate_texts(options.file, *trust, world) : core::Result<GateTexts>(trust.error());
  auto settings = parse_settings(options.settings);
  if (!texts || !settings) {
    print_error(texts ? settings.error() : texts.error(), world);
    return std::nullopt;
  }
  auto chosen = plan_options(options, world);
  if (!chosen) return std::nullopt;
  config::Loaded loaded = load(*texts, *settings, world.surroundings, *trust);
  auto made = plan_loaded(loaded, deployment, *chosen);
  print_diagnostics(loaded.diagnostics, loaded.files, world);
  if (!made) {
    world.err << config::summarize(loaded.diagnostics, texts->file) << " Nothing was asked.\n";
    return std::nullopt;
  }
  input.gate = std::move(*loaded.gate);
  input.text = texts->text;
  input.options = *chosen;
  input.plan = std::move(*made);
  // The plan points at metrics of the gate, which moves with its vector's storage: the pointers stay good.
  return input;
}

}  // namespace gate::cli
