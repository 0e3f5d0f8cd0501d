// HttpJsonSource: any JSON over HTTP, read by pointers.
#pragma once

#include "sources/api_source.h"
#include "sources/http_json/requests.h"

namespace gate::sources::http_json {

class HttpJsonSource : public ApiSource {
 public:
  HttpJsonSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1965: a question about now was asked for the past, or one about a window without one. RG1963, RG1901 to RG1905, RG1964.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  /// The first question: no other request is known to be one of this API.
  [[nodiscard]] http::Request probe() const override;

 private:
  [[nodiscard]] http::Request make_request(Sent sent) const;
};

}  // namespace gate::sources::http_json
