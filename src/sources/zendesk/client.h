// ZendeskSource: tickets, their times and their ratings as rows; counts of searches and views as numbers.
#pragma once

#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/rows.h"
#include "sources/zendesk/query.h"
#include "sources/zendesk/ticket.h"

namespace gate::sources::zendesk {

extern const ApiSystem kZendesk;

class ZendeskSource : public ApiSource {
 public:
  using ApiSource::ApiSource;

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1940: no such view; RG1942: times that are to be counted. What a view held before the release is no data.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  http::Task<void> tickets(core::Answer& answer, const Query& query, const Question& question);
  http::Task<void> ticket_count(core::Answer& answer, const Query& query, const Question& question);
  http::Task<void> times(core::Answer& answer, const Query& query, const Question& question);
  http::Task<void> ratings(core::Answer& answer, const Query& query, const Question& question);
  http::Task<void> view_count(core::Answer& answer, const Query& query, const Question& question);
  http::Task<http::Response> view_answer(core::Answer& answer, std::string view);

  [[nodiscard]] std::string link(const Query& query, const Question& question) const;
};

}  // namespace gate::sources::zendesk
