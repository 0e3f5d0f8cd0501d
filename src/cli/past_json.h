// What was read from the history, as JSON: a part of the evidence, so that a replay needs no database.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/past.h"

namespace gate::cli {

nlohmann::ordered_json past_to_json(const core::Past& past);
/// Throws what nlohmann::json throws, or std::invalid_argument, when `json` is no past.
core::Past past_from_json(const nlohmann::ordered_json& json);

nlohmann::ordered_json releases_to_json(const core::Releases& releases);
/// Likewise.
core::Releases releases_from_json(const nlohmann::ordered_json& json);

}  // namespace gate::cli
