#include <catch2/catch.hpp>

#include "http/exchange.h"

using gate::core::Error;
using gate::core::Secret;
using gate::http::decode_answer;
using gate::http::encode_answer;
using gate::http::encode_question;
using gate::http::Endpoint;
using gate::http::harmless_headers;
using gate::http::Headers;
using gate::http::make_job;
using gate::http::Recorded;
using gate::http::Request;
using gate::http::Response;

namespace {

Request request(const std::string& source, const std::string& method, const std::string& query) {
  Endpoint endpoint;
  endpoint.name = source;
  endpoint.url = "http://127.0.0.1:9090/prefix";
  endpoint.bearer = Secret("a-planted-token", "env X");
  Request out;
  out.endpoint = std::make_shared<const Endpoint>(endpoint);
  out.method = method;
  out.path = "/api";
  out.parameters = {{"query", query}};
  return out;
}

std::string question(const std::string& source, const std::string& method, const std::string& query) {
  return encode_question(make_job(request(source, method, query)).value());
}

}  // namespace

TEST_CASE("a question is known by all that makes it, and by no credential") {
  CHECK(question("prom", "GET", "up") ==
        R"({"method":"GET","source":"prom","url":"http://127.0.0.1:9090/prefix/api?query=up"})");
  CHECK(question("prom", "POST", "a b") ==
        R"({"body":"query=a%20b","method":"POST","source":"prom","url":"http://127.0.0.1:9090/prefix/api"})");
  Request with_header = request("prom", "GET", "up");
  with_header.headers = {{"Accept", "text/csv"}};
  CHECK(
      encode_question(make_job(with_header).value()) ==
      R"({"headers":{"Accept":"text/csv"},"method":"GET","source":"prom","url":"http://127.0.0.1:9090/prefix/api?query=up"})");
  CHECK(question("other", "GET", "up") != question("prom", "GET", "up"));
}

TEST_CASE("an answer comes back as it was") {
  const std::string bodies[] = {"", "{\"a\":\"é\"}", std::string("\0\xff\xfe\n", 4), std::string(10000, 'x')};
  for (const std::string& body : bodies) {
    Response response;
    response.status = 503;
    response.body = body;
    response.headers = {{"content-type", "application/json"}, {"retry-after", "3"}};
    response.log = {"POST", "http://127.0.0.1:9090/api", 503, 2, 12.5};
    const auto recorded = decode_answer(encode_answer({std::move(response), std::chrono::milliseconds(-61000)}));
    REQUIRE(recorded.ok());
    CHECK(recorded->skew == std::chrono::milliseconds(-61000));
    REQUIRE(recorded->result.ok());
    const Response& again = recorded->result.value();
    CHECK(again.status == 503);
    CHECK(again.body == body);
    CHECK(again.body.capacity() >= body.size() + gate::http::kBodyPadding);
    CHECK(again.headers == Headers{{"content-type", "application/json"}, {"retry-after", "3"}});
    CHECK(again.log.method == "POST");
    CHECK(again.log.url == "http://127.0.0.1:9090/api");
    CHECK(again.log.status == 503);
    CHECK(again.log.attempts == 2);
    CHECK(again.log.milliseconds == 12.5);
  }
}

TEST_CASE("an error comes back as it was") {
  const Error error{"RG1004", "prom: could not connect", "is it up?", {"GET http://x", "4 attempts"}, {}};
  const auto recorded = decode_answer(encode_answer(Recorded{error, std::nullopt}));
  REQUIRE(recorded.ok());
  CHECK_FALSE(recorded->skew.has_value());
  REQUIRE_FALSE(recorded->result.ok());
  CHECK(recorded->result.error().code == "RG1004");
  CHECK(recorded->result.error().message == "prom: could not connect");
  CHECK(recorded->result.error().hint == "is it up?");
  CHECK(recorded->result.error().context == std::vector<std::string>{"GET http://x", "4 attempts"});
}

TEST_CASE("what is no recorded answer is RG1081") {
  const char* texts[] = {"",
                         "nonsense",
                         "[]",
                         "{}",
                         R"({"response":{}})",
                         R"({"error":{"code":1}})",
                         R"({"response":{"status":"x","headers":{},"body":"","log":{}}})",
                         R"({"response":{"status":200,"headers":{},"body_base64":"%","log":{}}})"};
  for (const char* text : texts) {
    INFO(text);
    const auto recorded = decode_answer(text);
    REQUIRE_FALSE(recorded.ok());
    CHECK(recorded.error().code == "RG1081");
  }
}

TEST_CASE("headers that could hold a credential are left out") {
  const Headers given = {{"set-cookie", "a"},      {"www-authenticate", "b"},  {"x-auth-token", "c"},  {"x-api-key", "d"},
                         {"x-session-id", "e"},    {"x-signature", "f"},       {"client-secret", "g"}, {"retry-after", "1"},
                         {"content-type", "json"}, {"x-ratelimit-reset", "2"}, {"date", "now"}};
  CHECK(harmless_headers(given) ==
        Headers{{"content-type", "json"}, {"date", "now"}, {"retry-after", "1"}, {"x-ratelimit-reset", "2"}});
}
