#include <catch2/catch.hpp>

#include "http/job.h"

using gate::core::Secret;
using gate::http::Endpoint;
using gate::http::make_job;
using gate::http::Request;

namespace {

Request ask(const Endpoint& endpoint, const std::string& path = "/x") {
  Request request;
  request.endpoint = std::make_shared<const Endpoint>(endpoint);
  request.path = path;
  return request;
}

Endpoint at(const std::string& url) {
  Endpoint endpoint;
  endpoint.name = "prom";
  endpoint.url = url;
  return endpoint;
}

}  // namespace

TEST_CASE("URL, prefix, path and parameters are joined") {
  struct Case {
    const char* url;
    const char* path;
    const char* method;
    const char* whole;
    const char* body;
  };
  const Case cases[] = {
      {"http://h", "/api", "GET", "http://h/api?q=1%202", ""},
      {"http://h/", "/api", "GET", "http://h/api?q=1%202", ""},
      {"http://h/p/", "api", "GET", "http://h/p/api?q=1%202", ""},
      {"http://h/p", "", "GET", "http://h/p?q=1%202", ""},
      {"http://h/p?team=a", "/api", "GET", "http://h/p/api?team=a&q=1%202", ""},
      {"http://h", "/next?page=2", "GET", "http://h/next?page=2&q=1%202", ""},
      {"http://h/p?team=a", "/api", "POST", "http://h/p/api?team=a", "q=1%202"},
  };
  for (const Case& c : cases) {
    INFO(c.url << " " << c.path << " " << c.method);
    Request request = ask(at(c.url), c.path);
    request.method = c.method;
    request.parameters = {{"q", "1 2"}};
    const auto job = make_job(request);
    REQUIRE(job.ok());
    CHECK(job->url.text() == c.whole);
    CHECK(job->body == c.body);
    CHECK(job->content_type == (*c.body != '\0' ? "application/x-www-form-urlencoded" : ""));
  }
  Request json = ask(at("http://h"));
  json.method = "POST";
  json.body = "{}";
  CHECK(make_job(json)->content_type == "application/json");
}

TEST_CASE("signed parameters are sorted, as the signature wants them") {
  Endpoint endpoint = at("https://h");
  endpoint.aws_sigv4 = "aws:amz:eu-west-1:aps";
  Request request = ask(endpoint);
  request.parameters = {{"step", "1"}, {"end", "2"}, {"query", "3"}};
  CHECK(make_job(request)->url.query == "end=2&query=3&step=1");
}

TEST_CASE("a credential does not travel in the clear") {
  struct Case {
    const char* name;
    const char* url;
    const char* proxy;
    bool refused;
  };
  const Case cases[] = {
      {"https", "https://h", "", false},
      {"http to this machine", "http://127.0.0.1", "", false},
      {"http to another", "http://h", "", true},
      {"http to this machine by a proxy elsewhere", "http://127.0.0.1", "http://proxy:3128", true},
      {"http to this machine by a proxy without scheme", "http://127.0.0.1", "proxy:3128", true},
      {"http to this machine by a proxy on it", "http://127.0.0.1", "http://localhost:3128", false},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    Endpoint endpoint = at(c.url);
    endpoint.proxy = c.proxy;
    CHECK(make_job(ask(endpoint)).ok());
    endpoint.bearer = Secret("token", "env T");
    CHECK(make_job(ask(endpoint)).ok() != c.refused);
    if (c.refused) CHECK(make_job(ask(endpoint)).error().code == "RG1050");
    endpoint.allow_plaintext = true;
    CHECK(make_job(ask(endpoint)).ok());
  }
  Endpoint endpoint = at("http://h");
  endpoint.headers = {{"X-Scope-OrgID", Secret("team-a", "")}};
  CHECK(make_job(ask(endpoint)).ok());  // literal text of the gate file is no credential
  endpoint.headers = {{"X-Key", Secret("key", "env K")}};
  CHECK(make_job(ask(endpoint)).error().code == "RG1050");
}

TEST_CASE("what would break a header is refused, and not shown") {
  const auto with = [](auto change) {
    Endpoint endpoint = at("https://h");
    change(endpoint);
    return make_job(ask(endpoint));
  };
  const auto token = with([](Endpoint& e) { e.bearer = Secret("tok\nen", "file token.txt"); });
  REQUIRE_FALSE(token.ok());
  CHECK(token.error().code == "RG1054");
  CHECK(token.error().message == "prom: the token (file token.txt) holds a line break or another control character");
  CHECK(with([](Endpoint& e) { e.user = "a\rb"; }).error().code == "RG1054");
  CHECK(with([](Endpoint& e) { e.password = Secret("a\x01", "env P"); }).error().code == "RG1054");
  CHECK(with([](Endpoint& e) { e.headers = {{"X\n", Secret("a", "env P")}}; }).error().code == "RG1054");
  CHECK(with([](Endpoint& e) { e.headers = {{"X", Secret("a\x7f", "env P")}}; }).error().code == "RG1054");
  CHECK(with([](Endpoint& e) { e.bearer = Secret("tab\tis fine", "env P"); }).ok());
  Request request = ask(at("https://h"));
  request.headers = {{"Accept", "x\r\ny: z"}};
  CHECK(make_job(request).error().code == "RG1054");
}

TEST_CASE("two requests share an answer only when everything about them is equal") {
  const auto key = [](auto change) {
    Endpoint endpoint = at("https://h");
    endpoint.bearer = Secret("token", "env T");
    Request request = ask(endpoint);
    change(endpoint, request);
    request.endpoint = std::make_shared<const Endpoint>(endpoint);
    return make_job(request)->key;
  };
  const std::string same = key([](Endpoint&, Request&) {});
  CHECK(same.size() == 64);
  CHECK(key([](Endpoint&, Request&) {}) == same);
  CHECK(key([](Endpoint& e, Request&) { e.timeout = gate::core::Duration(1); }) == same);
  const std::string others[] = {
      key([](Endpoint& e, Request&) { e.bearer = Secret("other", "env T"); }),
      key([](Endpoint& e, Request&) { e.name = "other"; }),
      key([](Endpoint& e, Request&) { e.insecure = true; }),
      key([](Endpoint& e, Request&) {
        e.headers = {{"X-Scope-OrgID", Secret("a", "")}};
      }),
      key([](Endpoint& e, Request&) {
        e.headers = {{"X-Scope-OrgID", Secret("b", "")}};
      }),
      key([](Endpoint&, Request& r) {
        r.parameters = {{"a", "1"}};
      }),
      key([](Endpoint&, Request& r) { r.path = "/y"; }),
      key([](Endpoint&, Request& r) { r.method = "DELETE"; }),
      key([](Endpoint&, Request& r) {
        r.headers = {{"A", "bc"}};
      }),
      key([](Endpoint&, Request& r) {
        r.headers = {{"Ab", "c"}};
      }),
  };
  for (std::size_t i = 0; i < std::size(others); ++i) {
    CHECK(others[i] != same);
    for (std::size_t k = 0; k < i; ++k) CHECK(others[i] != others[k]);
  }
}

TEST_CASE("a bad URL says where it came from") {
  Endpoint endpoint = at("nonsense");
  endpoint.url_reference = "env PROMETHEUS_URL";
  const auto job = make_job(ask(endpoint));
  REQUIRE_FALSE(job.ok());
  CHECK(job.error().code == "RG1051");
  CHECK(job.error().message.starts_with("prom: "));
  CHECK(job.error().context == std::vector<std::string>{"the URL came from env PROMETHEUS_URL"});
}

TEST_CASE("a path with a part of dots leads elsewhere, and is refused") {
  const auto code_of = [](const std::string& path) {
    Request request = ask(at("http://h/prefix"));
    request.path = path;
    const auto job = make_job(std::move(request));
    return job.ok() ? std::string("sent") : job.error().code;
  };
  for (const char* path : {"/api/../admin", "/api/..", "/./x", "..", "/a/..?x=1"}) CHECK(code_of(path) == "RG1056");
  for (const char* path : {"/api/v1...x/..y", "/a?next=/../b", "/", "/a.b/.c"}) CHECK(code_of(path) == "sent");
}
