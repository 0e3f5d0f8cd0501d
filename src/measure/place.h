// Where an answer, or an error in place of one, came from. Private to measure.
#pragma once

#include "core/error.h"
#include "plan/plan.h"

namespace gate::measure {

/// `error` with the source, side, part and window of `ask` before its other facts.
core::Error with_place(core::Error error, const plan::Ask& ask);

}  // namespace gate::measure
