// What a run took from outside, as JSON: run.json of its evidence.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/bundle.h"

namespace gate::cli {

nlohmann::ordered_json record_to_json(const RunRecord& run);
/// Without the text of the gate file, which stands beside it. Throws what nlohmann::json throws, or std::invalid_argument, when
/// `json` is no run of this version.
RunRecord record_from_json(const nlohmann::ordered_json& json);

}  // namespace gate::cli
