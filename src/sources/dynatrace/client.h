// DynatraceSource: questions as /metrics/query, and its answers as series.
#pragma once

#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/dynatrace/decode.h"

namespace gate::sources::dynatrace {

class DynatraceSource final : public ApiSource {
 public:
  DynatraceSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  /// One metric of the list of all, by its key alone.
  [[nodiscard]] http::Request probe() const override;

 private:
  /// What `question` asks for. Throws core::SourceError RG1922: no such step; RG1942: a part that does not add up.
  [[nodiscard]] Span span_or_refuse(const Question& question, const Query& query) const;
  /// Looks each metric of the selector up, because a query about one that is not there may be answered with no data. Notes
  /// its unit, and how late it is reported. RG1942: it is a part that is added up, by an aggregation that does not add up.
  http::Task<void> look_up(core::Answer& answer, const Question& question, std::string selector);
  http::Task<Decoded> pages(core::Answer& answer, Parameters parameters);
};

}  // namespace gate::sources::dynatrace
