// Whether two questions are the same, whatever their windows are.
#pragma once

#include "plan/plan.h"

namespace gate::plan {

/// The same part, asked of the same source in the same words.
bool same_query(const Ask& a, const Ask& b);

}  // namespace gate::plan
