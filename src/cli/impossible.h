// Questions that a source would refuse before it sends anything, for `validate` and `plan`.
#pragma once

#include "config/gate.h"
#include "core/error.h"
#include "plan/plan.h"

namespace gate::cli {

/// What the sources of `gate` say against the questions of `plan` (sources::Source::preview), each once and at the place of its
/// question: a step that the system has not (RG1922, RG1983), a part of a ratio that does not add up (RG1942). Asks nothing.
core::Diagnostics impossible_questions(const config::Gate& gate, const plan::Plan& plan);

}  // namespace gate::cli
