// TableauSource: one number of a view, as it is displayed, or of a published data source, exactly.
#pragma once

#include <string>

#include "core/zone.h"
#include "sources/api_source.h"
#include "sources/tableau/displayed.h"
#include "sources/tableau/query.h"

namespace gate::sources::tableau {

extern const ApiSystem kTableau;

class TableauSource : public ApiSource {
 public:
  using ApiSource::ApiSource;

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// Signs in with the personal access token, once for a run: a second sign-in with one token would end the first. RG1101.
  http::Task<void> authorize(core::Answer& answer) override;
  /// RG1940: no such view or column; RG1947: several rows, where one is needed; RG1948: what is displayed is no number.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  // session.cpp
  [[nodiscard]] http::Request sign_in_request() const;
  void take_token(const http::Request& request, const http::Response& response);
  http::Task<std::string> site_id(core::Answer& answer);
  [[nodiscard]] std::string api(std::string_view path) const;

  http::Task<void> view(core::Answer& answer, const Query& query, const Question& question);
  void put_displayed(core::Answer& answer, const Query& query, const Question& question, const Table& table,
                     core::Time at) const;
  [[nodiscard]] std::size_t need_column(const Table& table, const std::string& column) const;
  http::Task<void> datasource(core::Answer& answer, const Query& query, const Question& question);
  [[nodiscard]] std::string datasource_body(const Query& query, const Question& question) const;
  [[nodiscard]] core::Zone zone() const;
  [[nodiscard]] std::string zone_name() const;

  core::Secret token_;  ///< of the session
};

}  // namespace gate::sources::tableau
