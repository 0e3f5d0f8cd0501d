#include "measure/split.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/unit.h"
#include "measure/place.h"

namespace gate::measure {
namespace {

core::Error no_share(const std::string& why) {
  return {"RG1962",
          "the declared split cannot be used: " + why,
          "ask for the share of the units that the candidate should get, inside 0 and 100 %, or write it: split = \"5%\"",
          {},
          {}};
}

/// The share in `answer`, as a fraction.
core::Result<double> share_of(const core::Answer& answer, double unit) {
  if (answer.series.empty())
    return no_share(answer.absence.empty() ? "the source has no answer" : "the source has no answer: " + answer.absence);
  if (answer.series.size() > 1 || answer.series.front().values.size() != 1)
    return no_share("the answer is more than one number");
  const double share = answer.series.front().values.front() * unit;
  if (!(share > 0.0) || !(share < 1.0)) return no_share(fmt::format("it is {} %", core::format_number(share * 100.0, 3)));
  return share;
}

}  // namespace

std::vector<core::Measurement> with_split(
    const plan::MetricPlan& plan, const std::vector<Reply>& replies,
    const std::function<std::vector<core::Measurement>(const plan::MetricPlan& plan, const std::vector<Reply>& replies)>&
        build) {
  std::vector<Reply> others = replies;
  const auto split = std::stable_partition(others.begin(), others.end(),
                                           [](const Reply& reply) { return reply.ask->part != plan::kSplitPart; });
  if (split == others.end()) return build(plan, replies);
  const Reply reply = *split;
  others.erase(split, others.end());
  std::vector<core::Measurement> out = build(plan, others);
  const core::Result<double> share =
      reply.error ? core::Result<double>(*reply.error) : share_of(*reply.answer, plan.split_unit);
  for (core::Measurement& one : out) {
    if (reply.answer) {
      one.requests.insert(one.requests.end(), reply.answer->requests.begin(), reply.answer->requests.end());
      one.notes.insert(one.notes.end(), reply.answer->notes.begin(), reply.answer->notes.end());
    }
    if (share) {
      one.declared_split = *share;
    } else if (!one.error) {
      one.error = with_place(share.error(), *reply.ask);
    }
  }
  return out;
}

}  // namespace gate::measure
