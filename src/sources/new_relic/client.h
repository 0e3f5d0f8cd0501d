// NewRelicSource: questions in NRQL by NerdGraph, and their answers as series.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/new_relic/decode.h"
#include "sources/new_relic/nerdgraph.h"
#include "sources/new_relic/query.h"

namespace gate::sources::new_relic {

class NewRelicSource final : public ApiSource {
 public:
  NewRelicSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  /// Asks for the names of the user and of the account, which both must be there.
  http::Task<void> health(Health& found) override;

 protected:
  /// RG1942: numbers that do not add up are to be counted; RG1983: New Relic makes no such steps; RG1984: an error inside of
  /// HTTP 200; RG1986: no answer within `query_timeout`; RG1987: the answer is for another window; those of add_results().
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  void refuse_parts(const Query& query, const Question& question) const;
  void refuse_step(const Question& question, const Grid& grid) const;
  /// The answer to `nrql`, waited for.
  http::Task<JsonAnswer> run(core::Answer& answer, std::string nrql);
  /// The answer to `body`, which is no error.
  http::Task<JsonAnswer> ask_graph(core::Answer& answer, std::string body, http::Reuse reuse);
  [[nodiscard]] core::SourceError meaning_of(const Refusal& refusal) const;
  /// Why numbers that are all 0 say nothing: no event of the type, or none that has what is summed up; "" when they do.
  http::Task<std::string> absence_of(core::Answer& answer, Query query, Grid grid);
  void check(core::Answer& answer, const Question& question, const Query& query, const Decoded& decoded) const;

  std::int64_t account_;
  core::Duration longest_;  ///< how long a query may take
};

}  // namespace gate::sources::new_relic
