// The gate in a line: why the verdict is what it is, how sure that is, and what to do. No decisions here.
#pragma once

#include "config/gate.h"
#include "core/report.h"

namespace gate::judge {

/// Fills headline, certainty, next and closest of `report`, whose verdict and metrics stand already.
void write_headline(const config::Gate& gate, core::Report& report);

}  // namespace gate::judge
