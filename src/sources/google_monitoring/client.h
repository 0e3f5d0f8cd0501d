// GoogleMonitoringSource: questions as timeSeries.list, and its answers as series.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sources/google_monitoring/decode.h"
#include "sources/google_settings.h"

namespace gate::sources::google_monitoring {

class GoogleMonitoringSource final : public GoogleSource {
 public:
  GoogleMonitoringSource(http::Endpoint endpoint, std::string project, std::unique_ptr<GoogleToken> token,
                         const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  /// One descriptor of a metric: what the role of reading metrics may do, too.
  [[nodiscard]] http::Request probe() const override;

 private:
  void check_partial(core::Answer& answer, const Question& question, const Decoded& decoded) const;
  void put(core::Answer& answer, const Query& query, const Span& span, const Decoded& decoded) const;
  [[nodiscard]] std::string path() const;

  std::string project_;
};

}  // namespace gate::sources::google_monitoring
