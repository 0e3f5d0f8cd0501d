// UnleashSource: what Unleash knows of a feature flag.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sources/api_source.h"
#include "sources/unleash/decode.h"

namespace gate::sources::unleash {

/// All measures of a flag.
std::span<const ApiMeasure> all_measures();
/// Whether a measure is about now.
bool is_present(std::string_view measure);

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
  /// What is asked of which flag.
  struct Asking {
    core::Answer& answer;
    const Question& question;
    std::string measure;
    std::string project;
    std::string environment;
    std::string flag;
    std::string variant;
  };

  [[nodiscard]] Asking asking_of(core::Answer& answer, const Question& question) const;
  [[nodiscard]] std::string flag_path(const Asking& asking) const;
  [[nodiscard]] http::Request evaluations_request(const Asking& asking) const;
  [[nodiscard]] http::Request events_request(const Asking& asking, std::size_t offset) const;
  http::Task<Flag> flag_of(Asking& asking);
  http::Task<void> fetch_evaluations(Asking& asking);
  http::Task<void> fetch_events(Asking& asking);
};

}  // namespace gate::sources::unleash
