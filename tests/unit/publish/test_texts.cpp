#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "publish/ask.h"
#include "publish/chat.h"
#include "publish/github_check.h"
#include "publish/gitlab.h"
#include "publish/runner_files.h"
#include "publish/webhook.h"

using namespace gate::publish;
namespace core = gate::core;
namespace http = gate::http;

TEST_CASE("signatures of webhooks") {
  // The example of Standard Webhooks' libraries; python3: base64.b64encode(hmac.new(base64.b64decode("MfKQ…aSw"),
  // b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}', "sha256").digest())
  const core::Secret secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "env X");
  CHECK(webhook_signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  CHECK(webhook_signature(core::Secret("key", "env X"), "id", 0, "body") == "v1,XzfXrJbuAm2AhZmIlCud2bHOOzuv7SFS+d2C1y03L+A=");
}

TEST_CASE("how long a refusal for asking too much lasts") {
  const core::Time now{std::chrono::seconds(1000)};
  using std::chrono::seconds;
  struct Case {
    int status;
    std::map<std::string, std::string> headers;
    std::string body;
    std::optional<core::Duration> wait;
  };
  const std::vector<Case> cases = {
      {403, {{"retry-after", "7"}}, "", seconds(7)},
      {403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1030"}}, "", seconds(30)},
      {403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "900"}}, "", seconds(1)},
      {403, {{"x-ratelimit-remaining", "0"}}, "", seconds(1)},
      {403, {}, "You have exceeded a secondary rate limit.", seconds(60)},
      {403, {{"x-ratelimit-remaining", "4999"}}, "Resource not accessible by integration", std::nullopt},
      {403, {{"retry-after", "soon"}}, "", std::nullopt},
      {403, {{"retry-after", "99999999999999999999"}}, "", std::nullopt},
      {404, {{"retry-after", "7"}}, "", std::nullopt},
      {200, {{"x-ratelimit-remaining", "0"}}, "", std::nullopt},
  };
  for (const Case& one : cases) {
    CAPTURE(one.status, one.headers, one.body);
    http::Response response;
    response.status = one.status;
    response.headers = one.headers;
    response.body = one.body;
    CHECK(limited_for(response, now) == one.wait);
  }
}

TEST_CASE("the next page of GitLab") {
  const auto next = [](std::map<std::string, std::string> headers) {
    http::Response response;
    response.headers = std::move(headers);
    return next_page(response);
  };
  CHECK(
      next(
          {{"link",
            R"(<https://g.test/n?page=1&per_page=100>; rel="first", <https://g.test/n?a=b&page=3&per_page=100>; rel="next")"}}) ==
      3);
  CHECK(next({{"link", R"(<https://g.test/n?per_page=2&page=12>; rel="next")"}}) == 12);
  CHECK(next({{"link", R"(<https://g.test/n?page=1>; rel="first")"}, {"x-next-page", "2"}}) == std::nullopt);
  CHECK(next({{"x-next-page", "2"}}) == 2);
  CHECK(next({{"x-next-page", ""}}) == std::nullopt);
  CHECK(next({{"link", R"(rel="next")"}}) == std::nullopt);
  CHECK(next({}) == std::nullopt);
}

TEST_CASE("outputs of a step") {
  core::Report report;
  report.verdict = core::Verdict::fail;
  report.exit_code = 1;
  report.headline = "p99 latency +31 %";
  const Outputs outputs = outputs_of(report, {{"report-json", "r.json"}});
  CHECK(outputs_text(outputs, "end").value() ==
        "verdict<<end\nfail\nend\nexit-code<<end\n1\nend\nheadline<<end\np99 latency +31 "
        "%\nend\nreport-json<<end\nr.json\nend\n");
  CHECK(outputs_text({{"a", "x\nend\nevil<<end"}}, "end").error().code == "RG3006");
  CHECK(new_delimiter().size() == 45);
  CHECK(new_delimiter() != new_delimiter());
}

TEST_CASE("annotations end at five hundred, and say how many are left") {
  core::Report report;
  report.verdict = core::Verdict::fail;
  report.exit_code = 1;
  report.gate_file = "gate.toml";
  for (int i = 0; i < 510; ++i) {
    core::MetricReport metric;
    metric.id = metric.title = "m" + std::to_string(i);
    metric.verdict = core::Verdict::fail;
    metric.file = i % 2 == 0 ? "gate.toml" : "performance";
    metric.line = static_cast<std::uint32_t>(i);
    report.metrics.push_back(metric);
  }
  const CheckPieces pieces = check_pieces(report, "gates/gate.toml", "sha", "https://ci.test");
  CHECK(pieces.updates.size() == 9);
  const Json create = Json::parse(pieces.create);
  CHECK(create["output"]["annotations"].size() == 50);
  CHECK(create["output"]["annotations"][1]["start_line"] == 1);
  CHECK(create["output"]["annotations"][2]["start_line"] == 2);
  CHECK(create["output"]["summary"].get<std::string>().find("10 more findings have no annotation") != std::string::npos);
  CHECK(Json::parse(check_pieces(report, "", "sha", "").create)["output"]["annotations"].empty());
}
