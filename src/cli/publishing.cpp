#include "cli/publishing.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/input.h"
#include "cli/signals.h"
#include "config/diagnostic_text.h"
#include "core/text.h"
#include "http/client.h"
#include "http/redactor.h"

namespace gate::cli {
namespace {

publish::Surroundings surroundings_of(const World& world) {
  std::error_code ignored;
  return {world.surroundings.environment, world.surroundings.read_file, std::filesystem::current_path(ignored).string()};
}

/// Nothing here stops a run: these are warnings.
void warn(const core::Error& error, World& world) {
  world.err << config::render_diagnostic({core::Severity::warning, error}, {});
}

}  // namespace

core::Result<std::optional<Publishing>> prepare_publishing(const PublishOptions& options, World& world) {
  if (options.targets.empty()) return std::optional<Publishing>();
  auto parts = publish::parse_targets(options.targets);
  if (!parts) return parts.error();
  const auto deadline = parse_duration_option("--publish-deadline", options.deadline);
  if (!deadline) return deadline.error();
  publish::Options wanted;
  wanted.parts = std::move(parts).value();
  wanted.pull_request = options.pull_request;
  wanted.head_sha = options.head_sha;
  wanted.report_url = options.report_url;
  if (options.comment == "always") wanted.comment = publish::CommentMode::always;
  Publishing out{publish::prepare(std::move(wanted), surroundings_of(world)), *deadline};
  for (const core::Error& problem : out.prepared.problems) warn(problem, world);
  return std::optional<Publishing>(std::move(out));
}

bool publish(Publishing& publishing, const core::Report& report, const publish::Outputs& more, Told told, World& world) {
  http::Options options;
  options.deadline = publishing.deadline;
  http::Client client(std::move(options));
  const Interruptible interruptible(client);
  const publish::Outcome outcome = publish::publish(publishing.prepared, report, client, more);
  if (told == Told::all) {
    for (const std::string& note : outcome.notes) world.err << core::without_commands(note + "\n");
  }
  for (const core::Error& problem : outcome.problems) warn(problem, world);
  return outcome.problems.empty() && publishing.prepared.problems.empty();
}

}  // namespace gate::cli
