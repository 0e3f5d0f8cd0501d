// OpenSearchSource: questions as searches that list no documents, and their answers as series.
#pragma once

#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/opensearch/decode.h"
#include "sources/opensearch/query.h"

namespace gate::sources::opensearch {

class OpenSearchSource final : public ApiSource {
 public:
  OpenSearchSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  http::Task<void> health(Health& found) override;

 protected:
  /// RG1940: no such index or field; RG1942: a measure that does not add up is to be counted; RG1982: a field of a type that
  /// does not do; RG1924: a part of the documents, where partial answers are errors.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  /// What the indices of the first question know of its time field; without one, the server's own name.
  [[nodiscard]] http::Request probe() const override;

 private:
  [[nodiscard]] Query query_of(const Question& question) const;
  void refuse_parts(const Query& query, const Question& question) const;
  http::Task<void> require_known(core::Answer& answer, Query query, std::string each);
  http::Task<JsonAnswer> search(core::Answer& answer, std::string index, std::string body);
  /// Whether any document lies in the window: without one, 0 would say that nothing happened, when nothing was written.
  http::Task<bool> has_documents(core::Answer& answer, const Question& question, Query query);
  void check_partial(core::Answer& answer, const Question& question, const std::vector<std::string>& partial) const;
};

}  // namespace gate::sources::opensearch
