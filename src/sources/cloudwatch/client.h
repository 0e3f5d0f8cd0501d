// CloudWatchSource: questions as GetMetricData, and its answers as series.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "sources/api_source.h"
#include "sources/cloudwatch/request.h"
#include "sources/cloudwatch/results.h"

namespace gate::sources::cloudwatch {

class CloudWatchSource final : public ApiSource {
 public:
  CloudWatchSource(http::Endpoint endpoint, std::string region, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  /// Asks for a metric that no account has: that wants the permission of every question, and costs as little as there is.
  http::Task<void> health(Health& found) override;

 protected:
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  /// What is asked: one statistic over one span, or those that make it.
  struct Asked {
    Query query;
    Span span;
    std::vector<std::string> stats;
    bool is_combined = false;  ///< several periods make one number
  };

  /// RG1922: not by CloudWatch, whose points are of whole minutes and of a day at most.
  [[nodiscard]] core::Result<Asked> asked_by(const Question& question) const;
  http::Task<Results> pages(core::Answer& answer, Asked asked);
  void check_status(core::Answer& answer, const Question& question, const Results& results) const;
  void put_series(core::Answer& answer, const Question& question, const Asked& asked, Results results) const;

  std::string region_;
};

}  // namespace gate::sources::cloudwatch
