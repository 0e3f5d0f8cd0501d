// Standing: what one criterion comes to for the formats of other tools, which know failures, errors, warnings and what was
// left open, but no outcomes. No judgement here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/report.h"

namespace gate::report {

/// `open`: unproven, not evaluated, not due or left out, where nothing says that this fails or warns.
enum class Standing { holds, open, warns, fails, errs };

Standing standing_of(const core::MetricReport& metric, const core::CriterionReport& criterion);
/// Of a metric as a whole, for one without criteria.
Standing standing_of(const core::MetricReport& metric);

/// The sentence of the criterion, or of its metric where it has none, with what to do: as one line of printable text.
std::string criterion_sentence(const core::MetricReport& metric, const core::CriterionReport& criterion);

/// What needs attention, as the formats that list findings want it.
struct Finding {
  std::string rule;  ///< "increase_over"; "metric" for one without criteria, "gate" for an error of no metric
  std::string text;  ///< "p99 latency: limit +10 %. …", as one line of printable text
  std::string
      fingerprint;  ///< "latency/fail/increase_over/10%": the same for every run over the same gate, and for one finding
  Standing standing = Standing::open;
  bool blocks = false;     ///< open, and the gate cannot pass for it
  std::uint32_t line = 0;  ///< in the gate file; 0 for what stands in a pack, or nowhere
};

/// Every criterion that does not hold, then the errors of no metric; nothing of metrics that were left out.
std::vector<Finding> findings_of(const core::Report& report);

}  // namespace gate::report
