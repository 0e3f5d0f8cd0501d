// The variables that the plan knows, put into a question. Private to plan.
#pragma once

#include "config/gate.h"
#include "core/settings.h"
#include "plan/plan.h"

namespace gate::plan {

/// On which side a part is asked, and the lengths that {{step}} and {{window}} stand for.
struct Asked {
  Side side = Side::candidate;
  core::Duration step{};
  core::Duration window{};
};

/// The keys of `part` with {{step}}, {{window}} and the variables of the side's track in them. What a source of `spec` puts in
/// itself is left standing. RG0401 to RG0404.
core::Settings put_in(const config::Part& part, const Asked& asked, const config::Gate& gate, const core::SourceTypeSpec& spec,
                      core::Diagnostics& diagnostics);

}  // namespace gate::plan
