// DynatraceProblemsSource: Dynatrace's problems as rows.
#pragma once

#include <vector>

#include "sources/api_source.h"
#include "sources/dynatrace_problems/problem.h"
#include "sources/dynatrace_problems/query.h"

namespace gate::sources::dynatrace_problems {

class DynatraceProblemsSource final : public ApiSource {
 public:
  DynatraceProblemsSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1924: Dynatrace warns, and partial answers are errors; RG1942: a length of time that is to be counted.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  http::Task<std::vector<Problem>> listed(core::Answer& answer, Query query, const Question& question);
  /// Whether the selectors fit any problem of the year before the window: misspelt ones fit none, which looks like 0.
  http::Task<bool> was_ever(core::Answer& answer, Query query, const core::Window& window);
  static void put(core::Answer& answer, const Query& query, const Question& question, const std::vector<Problem>& problems);
};

}  // namespace gate::sources::dynatrace_problems
