// PagerDutySource: incidents as rows, from the list of incidents (at once) or from the analytics (a day later).
#pragma once

#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/pagerduty/incident.h"
#include "sources/pagerduty/query.h"

namespace gate::sources::pagerduty {

extern const ApiSystem kPagerDuty;

class PagerDutySource : public ApiSource {
 public:
  using ApiSource::ApiSource;

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1940: no such service, team or priority; RG1942: a length of time that is to be counted; RG1943: more incidents than the
  /// list gives; RG1944: the analytics are not complete yet, and partial answers are errors.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  http::Task<void> require_known(core::Answer& answer, const Query& query);
  http::Task<void> require_thing(core::Answer& answer, std::string kind, std::string id);
  http::Task<void> require_priorities(core::Answer& answer, const Query& query);
  http::Task<std::vector<Incident>> listed(core::Answer& answer, const Query& query, const Question& question);
  http::Task<void> list_span(core::Answer& answer, const Query& query, const Question& question, Parameters span,
                             std::vector<Incident>& out);

  // analytics.cpp
  http::Task<std::vector<Incident>> raw(core::Answer& answer, const Query& query, const Question& question);
  http::Task<void> summary(core::Answer& answer, const Query& query, const Question& question);
  http::Task<JsonAnswer> ask_analytics(core::Answer& answer, const Question& question, std::string path, std::string body);

  void put(core::Answer& answer, const Query& query, const Question& question, const std::vector<Incident>& incidents) const;
};

/// The spans of at most 180 days that make up `window`: the list refuses more than six months.
std::vector<core::Window> spans_of(const core::Window& window);

/// The body of a question to the analytics. `after` is the place that the next page starts behind, "" for the first.
std::string analytics_body(const Query& query, const Question& question, const std::string& after);

}  // namespace gate::sources::pagerduty
