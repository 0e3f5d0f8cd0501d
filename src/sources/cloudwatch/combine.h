// Combine: results as series, and the periods of a window as the one number that they make.
#pragma once

#include <string>
#include <vector>

#include "core/samples.h"
#include "sources/cloudwatch/request.h"
#include "sources/cloudwatch/results.h"

namespace gate::sources::cloudwatch {

/// The points of `result` whose periods lie wholly in `span`, at the ends of their periods. How many others there were is added
/// to `outside`.
core::Series series_of(const Result& result, const Span& span, std::size_t& outside);

/// Puts a 0 into `points` at every time of `present` where there is none.
void put_zeros(std::map<core::Time, double>& points, const std::map<core::Time, double>& present);

/// One number of the periods of a window, of `stat` from the statistics that parts_of_stat() names; nullopt when there is no
/// point, or one of its parts is missing.
std::optional<double> combined(const std::string& stat, const std::vector<core::Series>& parts);

}  // namespace gate::sources::cloudwatch
