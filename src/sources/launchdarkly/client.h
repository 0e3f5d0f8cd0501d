// LaunchDarklySource: what LaunchDarkly knows of a feature flag.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sources/flags.h"
#include "sources/launchdarkly/decode.h"

namespace gate::sources::launchdarkly {

/// All measures of a flag.
std::span<const ApiMeasure> all_measures();
class LaunchDarklySource : public ApiSource {
 public:
  LaunchDarklySource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1940: the flag is in no such environment; RG1974: its rollout is no share of all users; RG1965: its past was asked for.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  [[nodiscard]] http::Request request(std::string path, Parameters parameters = {}) const;
  [[nodiscard]] http::Request flag_request(const FlagAsking& asking) const;
  [[nodiscard]] http::Request log_request(const FlagAsking& asking) const;
  http::Task<void> fetch_changes(FlagAsking& asking);

  // The status of a flag, as LaunchDarkly sees it.
  http::Task<void> fetch_status(FlagAsking& asking);
};

}  // namespace gate::sources::launchdarkly
