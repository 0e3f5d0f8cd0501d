// UnleashSource: what Unleash knows of a feature flag.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sources/flags.h"
#include "sources/unleash/decode.h"

namespace gate::sources::unleash {

/// All measures of a flag.
std::span<const ApiMeasure> all_measures();
class UnleashSource : public ApiSource {
 public:
  UnleashSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1940: the flag is in no such environment; RG1974: its rollout is no share of all users; RG1965: its past was asked for;
  /// RG1975: evaluations that are gone, or not all there.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  [[nodiscard]] std::string flag_path(const FlagAsking& asking) const;
  [[nodiscard]] http::Request evaluations_request(const FlagAsking& asking) const;
  [[nodiscard]] http::Request events_request(const FlagAsking& asking, std::size_t offset) const;
  http::Task<void> fetch_evaluations(FlagAsking& asking);
  http::Task<void> fetch_events(FlagAsking& asking);
};

}  // namespace gate::sources::unleash
