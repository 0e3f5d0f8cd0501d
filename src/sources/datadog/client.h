// DatadogSource: questions as requests of Datadog's API, and its answers as series and states.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sources/datadog/decode.h"
#include "sources/datadog/monitor.h"
#include "sources/datadog/refusal.h"
#include "sources/datadog/request.h"
#include "sources/datadog/slo.h"
#include "sources/source.h"

namespace gate::sources::datadog {

enum class Api { v1, v2 };

/// How a source is configured.
struct Setup {
  http::Endpoint endpoint;  ///< with the keys as headers
  std::string site;         ///< for links and messages; "" when it is not known
  Keys keys;
  Api api = Api::v2;
};

class DatadogSource : public Source {
 public:
  /// `client` may be nullptr when only preview() is called.
  DatadogSource(Setup setup, http::Client* client);

  /// Remembers which scopes the questions need.
  void prepare(std::span<const Question* const> questions) override;
  /// Metrics: Shape::range as /api/v2/query/timeseries (v1: /api/v1/query), a point at the end of each bucket; Shape::instant
  /// as /api/v2/query/scalar over the window. An SLO: Shape::instant, its history over the window. Monitors and deployment
  /// gates: Shape::state. RG1612: a web page at HTTP 200; RG1620 to RG1625: a refusal; RG1630: asked in a shape it has not;
  /// RG1631: buckets of another length than was asked; RG1640, RG1641: the SLO's history; RG1650, RG1651: the deployment gate;
  /// RG1660: too many monitors.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  /// Is the API key valid, and has the application key the scopes that the questions need? RG1620 when not.
  http::Task<void> health(Health& found) override;

 private:
  /// All points of a range, as they came.
  struct Points {
    Decoded decoded;
    core::Duration bucket{};  ///< what was asked for; 0 when the server was to choose
  };

  http::Task<void> ask_range(core::Answer& answer, const Question& question);
  http::Task<void> ask_points(core::Answer& answer, const Question& question, Points& points);
  http::Task<void> ask_scalar(core::Answer& answer, const Question& question);
  http::Task<void> ask_monitors(core::Answer& answer, const Question& question);
  http::Task<void> ask_monitor_pages(core::Answer& answer, const Question& question, std::vector<Monitor>& monitors);
  http::Task<void> ask_slo(core::Answer& answer, const Question& question);
  http::Task<void> ask_gate(core::Answer& answer, const Question& question);
  http::Task<core::State> await_gate(core::Answer& answer, const std::string& id, const Need& need);

  /// Sends `request`; a 2xx answer that is no web page, or core::SourceError.
  http::Task<http::Response> call(core::Answer& answer, http::Request request, Need need);
  http::Task<ApiKey> check_api_key();
  /// Whether `request`, which needs `scope`, is let through; what the request itself comes to does not matter.
  http::Task<bool> is_allowed(core::Answer& answer, http::Request request, std::string scope);
  [[nodiscard]] http::Request probe_of(const std::string& scope) const;
  [[nodiscard]] http::Request get(std::string path, Parameters parameters = {}) const;
  [[nodiscard]] http::Request post(std::string path, std::string body) const;

  void finish_range(core::Answer& answer, const Question& question, Points points) const;
  void add_units(core::Answer& answer, const Decoded& decoded) const;
  void add_state(core::Answer& answer, core::State state) const;
  void require_shape(const Question& question, Shape shape, const char* advice) const;
  [[nodiscard]] std::vector<Segment> pieces(const Question& question, core::Duration bucket) const;
  [[nodiscard]] Need need_of(const Question& question, std::string scope, std::string thing) const;
  [[nodiscard]] std::string safe(std::string_view text) const;
  /// `error` with the source's name before its message and the request in its context.
  [[nodiscard]] core::SourceError failed(core::Error error, const http::Response& response) const;
  template <typename T>
  T take(core::Result<T> decoded, const http::Response& response) const {
    if (!decoded.ok()) throw failed(decoded.error(), response);
    return std::move(decoded).value();
  }

  std::shared_ptr<const http::Endpoint> endpoint_;
  std::string site_;
  Keys keys_;
  Api api_;
  http::Client* client_;
  std::map<std::string, std::set<std::string>> needed_;  ///< scopes, and the metrics that need them
};

}  // namespace gate::sources::datadog
