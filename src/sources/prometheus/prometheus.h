// Prometheus, and everything that speaks its HTTP API: as a type of source. The parts are in this folder;
// docs/sources/prometheus.md is for users.
#pragma once

#include "sources/source.h"

namespace gate::sources::prometheus {

const SourceType& type();

}  // namespace gate::sources::prometheus
