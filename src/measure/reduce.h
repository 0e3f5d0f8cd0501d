// From raw answers to what is judged: one series chosen or combined, gaps counted, rows made into batches, events put beside
// totals. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"
#include "core/result.h"
#include "core/samples.h"
#include "core/time.h"

namespace gate::measure {

/// The one series of `answer`: the only one, or all combined time by time. An answer without a series gives an empty one.
/// RG2001 when there are several and the metric does not say what to do with them.
core::Result<core::Series> single_series(const core::Answer& answer, const config::Metric& metric);

/// The series of `answer` by their value of metric.each. RG2002: two series share a value; RG2003: a series has no such label.
core::Result<std::vector<std::pair<std::string, core::Series>>> series_by_label(const core::Answer& answer,
                                                                                const config::Metric& metric);

/// The finite points of `series`; the others are counted, made zero, or an error (RG2006), as on_nan says. `expected` points
/// that did not come are counted as dropped, too; with on_nan = "zero" they are not invented.
core::Result<core::Samples> usable(const core::Series& series, std::size_t expected, const config::Metric& metric);

/// RG2004.
core::Error more_events_than_total(double events, double total);

/// Events and totals of the same slices. A slice that lacks either is dropped (an absent event count is 0 with on_nan =
/// "zero"); one with a total above 0 and no event count is unsaid. RG2004: more events than total; RG2005: a negative number.
core::Result<core::Counts> pair_up(const core::Series& events, const core::Series& totals, std::size_t expected,
                                   const config::Metric& metric);

/// What a report says where there is a total (or exposure, as `other` says) and no point of events at all: that it may mean
/// none, or with on_nan = "zero", that 0 was put in their place.
std::string no_events_note(std::string_view other, const config::Metric& metric);

/// `exposure` is one number for the whole window: spread evenly over the slices of `events`, so that their dispersion is around
/// a constant rate. As it is when it is none or many, or when there are no events to lay it beside.
core::Series spread(const core::Series& exposure, const core::Series& events);

/// Events over time: every slice's exposure is `seconds_each`. Slices that did not come are unsaid when the others are few
/// events each and never 0, as those of a source that leaves out what did not happen.
core::Result<core::Counts> over_time(const core::Series& events, std::size_t expected, double seconds_each,
                                     const config::Metric& metric);

/// `series` with a point at every `step` in `window`, 0 where it has none. An empty one stays so: no data is never zero.
core::Series with_zeros(const core::Series& series, const core::Window& window, core::Duration step);

/// One number from many; nullopt when there is none.
std::optional<double> aggregate(const std::vector<double>& values, config::Aggregate aggregate, double quantile);

}  // namespace gate::measure
