// InfluxDbSource: questions in InfluxQL or Flux over HTTP, and their answers as series.
#pragma once

#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/influxdb/query.h"

namespace gate::sources::influxdb {

class InfluxDbSource final : public ApiSource {
 public:
  InfluxDbSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  http::Task<void> health(Health& found) override;

 protected:
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  /// The measurements of the database, or the buckets of the organization: one of them.
  [[nodiscard]] http::Request probe() const override;

 private:
  http::Task<Decoded> ask_influxql(core::Answer& answer, std::string text, std::string database, std::string column);
  http::Task<Decoded> ask_flux(core::Answer& answer, std::string text, std::string column);
  void check_partial(core::Answer& answer, const Question& question, const Decoded& decoded) const;
  [[nodiscard]] http::Request influxql(const std::string& text, const std::string& database) const;
  [[nodiscard]] std::string flux_path() const;
  [[nodiscard]] std::string database_of(const Question& question) const;

  int version_;
};

}  // namespace gate::sources::influxdb
