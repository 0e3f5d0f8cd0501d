// Standing: what one criterion comes to for the formats of other tools, which know failures, errors, warnings and what was
// left open, but no outcomes. No judgement here.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// `open`: unproven, not evaluated, not due or left out, where nothing says that this fails or warns.
enum class Standing { holds, open, warns, fails, errs };

Standing standing_of(const core::MetricReport& metric, const core::CriterionReport& criterion);
/// Of a metric as a whole, for one without criteria.
Standing standing_of(const core::MetricReport& metric);

/// "p99 latency: limit +10 %", as one line of printable text.
std::string criterion_name(const core::MetricReport& metric, const core::CriterionReport& criterion);
/// The sentence of the criterion, or of its metric where it has none, with what to do: as one line of printable text.
std::string criterion_sentence(const core::MetricReport& metric, const core::CriterionReport& criterion);
/// "latency/fail/increase_over/10%": the same for every run over the same gate, and for one criterion only.
std::string fingerprint(const core::MetricReport& metric, const core::CriterionReport& criterion);

}  // namespace gate::report
