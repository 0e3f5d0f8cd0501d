// Publishing as check and publish do it: what can be known before anything is asked, and what is told afterwards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/streams.h"
#include "core/report.h"
#include "core/time.h"
#include "publish/publish.h"

namespace gate::cli {

struct Publishing {
  publish::Prepared prepared;
  core::Duration deadline{};
};

/// Prepares what `options` ask for; nothing where they name no target. Errors: RG0005, RG0008. What a target lacks is in
/// `prepared.problems`, and printed.
core::Result<std::optional<Publishing>> prepare_publishing(const PublishOptions& options, World& world);

enum class Told { all, problems };

/// Publishes, and tells on standard error what was done (Told::all) and what could not be. False when something could not be,
/// here or in preparing.
bool publish(Publishing& publishing, const core::Report& report, const publish::Outputs& more, Told told, World& world);

}  // namespace gate::cli
