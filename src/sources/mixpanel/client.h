// MixpanelSource: the days of a window as requests of Mixpanel's Query API, and its answers as numbers or rows.
#pragma once

#include <string>
#include <vector>

#include "core/zone.h"
#include "sources/api_source.h"
#include "sources/calendar_days.h"
#include "sources/mixpanel/query.h"

namespace gate::sources::mixpanel {

extern const ApiSystem kMixpanel;

class MixpanelSource : public ApiSource {
 public:
  using ApiSource::ApiSource;

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1902: not one bucket of users for the window, or a day that is missing; RG1940: no such event or funnel; RG1942: days
  /// that are to be counted as samples; RG1943: groups were cut; RG1944: cohorts that are too young; RG1945: a saved report
  /// that has not the window's days.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  using Days = std::vector<CalendarDay>;

  /// The keys that every request has, before `own`.
  [[nodiscard]] Parameters with_project(Parameters own) const;
  [[nodiscard]] http::Request request_of(const Query& query, const Days& days) const;
  [[nodiscard]] std::string zone_name() const;
  [[nodiscard]] core::Zone zone() const;

  http::Task<void> segmentation(core::Answer& answer, const Query& query, const Question& question, const Days& days);
  /// Zeros are what a misspelt event has, too.
  http::Task<void> require_event(core::Answer& answer, std::string event);

  // cohorts.cpp: what users are followed for
  http::Task<void> funnel(core::Answer& answer, const Query& query, const Question& question, const Days& days);
  http::Task<void> require_funnel(core::Answer& answer, const Query& query);
  http::Task<void> retention(core::Answer& answer, const Query& query, const Question& question, const Days& days);
  http::Task<void> insights(core::Answer& answer, const Query& query, const Question& question, const Days& days);
  http::Task<http::Response> ask_days(core::Answer& answer, const Query& query, const Days& days);
  [[nodiscard]] std::string place_of(const Query& query) const;

  void put_number(core::Answer& answer, const Question& question, double number) const;
};

}  // namespace gate::sources::mixpanel
