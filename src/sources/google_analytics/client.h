// GoogleAnalyticsSource: questions as runReport, and its reports as numbers of a window or of its days.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/zone.h"
#include "sources/calendar_days.h"
#include "sources/google_analytics/decode.h"
#include "sources/google_settings.h"

namespace gate::sources::google_analytics {

/// Where a property is, and by which clock it counts days.
struct Property {
  std::string id;
  std::string zone_name;
  core::Zone zone;
};

class GoogleAnalyticsSource final : public GoogleSource {
 public:
  GoogleAnalyticsSource(http::Endpoint endpoint, Property property, std::unique_ptr<GoogleToken> token,
                        const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  /// The names of the property's dimensions and metrics, which cost no tokens.
  [[nodiscard]] http::Request probe() const override;

 private:
  [[nodiscard]] std::vector<CalendarDay> days_of(const Question& question) const;
  [[nodiscard]] std::string path() const;
  http::Task<Report> report(core::Answer& answer, Query query, DateRange range, std::string each);
  /// Whether an event that is not in the report is known, and the property saw sessions without it: then there were none.
  http::Task<bool> is_real_zero(core::Answer& answer, Query query, std::vector<CalendarDay> days);
  void check(core::Answer& answer, const Question& question, const Report& report, const std::vector<CalendarDay>& days) const;
  void put(core::Answer& answer, const Question& question, const Query& query, const Report& report,
           const std::vector<CalendarDay>& days) const;

  Property property_;
};

}  // namespace gate::sources::google_analytics
