// One number that holds now, as an answer.
#pragma once

#include "core/question.h"
#include "core/samples.h"

namespace gate::sources {

/// Puts `value` into `answer`: at the end of the window, where the question has one, else at the release, where one is told, so
/// that a replay says the same, else now.
void put_present(core::Answer& answer, const core::Question& question, double value);

}  // namespace gate::sources
