// CostExplorerSource: questions as GetCostAndUsage, and its days as rows.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/calendar_days.h"
#include "sources/cost_explorer/request.h"
#include "sources/rows.h"

namespace gate::sources::cost_explorer {

class CostExplorerSource final : public ApiSource {
 public:
  CostExplorerSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  /// Asks for the cost of one day. Every request costs, this one, too, and a note says so.
  http::Task<void> health(Health& found) override;

 protected:
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  /// What the days cost, by the value of the group ("" when there are none).
  struct Costs {
    std::map<std::string, std::vector<Row>> rows;
    std::vector<std::string> units;
    std::size_t estimated_days = 0;
    bool all_zero = true;
  };

  void add_page(Costs& costs, const JsonAt& page, const Query& query, const std::string& each) const;
  static void add_amount(Costs& costs, const JsonAt& metrics, const Query& query, const std::string& group, core::Time day);
  /// "SERVICE AmazonEC", the first value of a filter that nothing was ever spent under in `period`; "" when all are known.
  http::Task<std::string> unknown_value(core::Answer& answer, Query query, Period period);
  void put(core::Answer& answer, const Question& question, Costs costs) const;
};

}  // namespace gate::sources::cost_explorer
