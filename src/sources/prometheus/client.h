// PrometheusSource: questions as requests of the HTTP API, and its answers as series.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sources/google_token.h"
#include "sources/prometheus/decode.h"
#include "sources/prometheus/grid.h"
#include "sources/source.h"

namespace gate::sources::prometheus {

class PrometheusSource : public Source {
 public:
  /// `client` may be nullptr when only preview() is called. `google` is nullptr unless requests carry a token of Google's.
  PrometheusSource(http::Endpoint endpoint, http::Client* client, std::unique_ptr<GoogleToken> google = nullptr);

  /// Shape::range as /api/v1/query_range, cut at the server's limit and stitched; Shape::instant as /api/v1/query at the
  /// window's end.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  http::Task<std::string> version() override;
  /// Asks for vector(1), which every server of this kind answers at once and no proxy lets through without the credential.
  http::Task<void> health(Health& found) override;

 private:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  http::Task<void> authorize();
  http::Task<Decoded> get(core::Answer& answer, const Question& question, std::string path, Parameters parameters);
  http::Task<void> ask_range(core::Answer& answer, const Question& question);
  http::Task<void> ask_instant(core::Answer& answer, const Question& question);
  Decoded read(const Question& question, const http::Request& request, const http::Response& response) const;
  void check_partial(core::Answer& answer, const Question& question, const Decoded& decoded) const;
  [[nodiscard]] std::string graph_url(const Question& question) const;

  std::shared_ptr<const http::Endpoint> endpoint_;
  http::Client* client_;
  std::unique_ptr<GoogleToken> google_;
  std::string method_ = "POST";  ///< GET once the server, or a proxy before it, refused POST
};

}  // namespace gate::sources::prometheus
