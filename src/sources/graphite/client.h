// GraphiteSource: questions as /render, and its answers as series.
#pragma once

#include <vector>

#include "sources/api_source.h"
#include "sources/graphite/points.h"

namespace gate::sources::graphite {

class GraphiteSource final : public ApiSource {
 public:
  GraphiteSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  /// A series that no server has: the answer is empty, and costs as little as there is.
  [[nodiscard]] http::Request probe() const override;

 private:
  /// The series on the grid of `question`. Throws core::SourceError RG1981: its points are of a length that does not fit.
  [[nodiscard]] core::Series placed(const core::Series& series, const Query& query, const Question& question,
                                    LeftOut& left_out) const;
};

}  // namespace gate::sources::graphite
