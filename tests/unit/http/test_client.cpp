#include <algorithm>
#include <catch2/catch.hpp>

#include "asking.h"

using namespace gate::http;
using gate::core::Secret;

TEST_CASE("a question is sent with its method, parameters, headers and credentials") {
  const Loopback server([](const std::string&) { return http_answer("yes"); });
  Endpoint endpoint = endpoint_at(server.url() + "/prefix/");
  endpoint.bearer = Secret("the-token", "env T");
  endpoint.headers = {{"X-Scope-OrgID", Secret("team-a", "")}};
  Request request = question(endpoint, "/api");
  request.parameters = {{"query", "up{a=\"b\"}"}};
  request.headers = {{"Accept", "application/json"}};
  Client client{Options{}};
  const Got got = ask(client, request);
  CHECK(got.status == 200);
  CHECK(got.body == "yes");
  CHECK(got.log.url == server.url() + "/prefix/api?query=up%7Ba%3D%22b%22%7D");
  CHECK(got.log.attempts == 1);
  const std::string sent = server.requests().front();
  CHECK(sent.starts_with("GET /prefix/api?query=up%7Ba%3D%22b%22%7D HTTP/1.1\r\n"));
  for (const char* line : {"Authorization: Bearer the-token\r\n", "X-Scope-OrgID: team-a\r\n", "Accept: application/json\r\n",
                           "User-Agent: release-gate/", "Accept-Encoding: gzip\r\n"}) {
    INFO(line);
    CHECK(sent.find(line) != std::string::npos);
  }
}

TEST_CASE("POST carries a form, other methods their bodies; basic authentication is sent") {
  const Loopback server([](const std::string&) { return http_answer("yes"); });
  Endpoint endpoint = endpoint_at(server.url());
  endpoint.user = "Aladdin";
  endpoint.password = Secret("open sesame", "env P");
  Client client{Options{}};
  Request form = question(endpoint, "/form");
  form.method = "POST";
  form.parameters = {{"a", "1 2"}, {"b", std::string(3000, 'x')}};
  CHECK(ask(client, form).status == 200);
  const std::string sent = server.requests().back();
  CHECK(sent.starts_with("POST /form HTTP/1.1\r\n"));
  CHECK(sent.find("Content-Type: application/x-www-form-urlencoded\r\n") != std::string::npos);
  // RFC 7617 section 2.
  CHECK(sent.find("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n") != std::string::npos);
  CHECK(sent.find("Expect:") == std::string::npos);
  CHECK(sent.ends_with("a=1%202&b=" + std::string(3000, 'x')));
  Request put = question(endpoint, "/put");
  put.method = "PUT";
  put.body = "{}";
  CHECK(ask(client, put).status == 200);
  CHECK(server.requests().back().starts_with("PUT /put HTTP/1.1\r\n"));
  CHECK(server.requests().back().find("Content-Type: application/json\r\n") != std::string::npos);
}

TEST_CASE("the same question is asked once, however many ask and whenever") {
  const Loopback server([&server](const std::string&) {
    server.pause(30);
    return http_answer("once");
  });
  const Endpoint endpoint = endpoint_at(server.url());
  Client client{Options{}};
  std::vector<Request> requests(1000, question(endpoint, "/same"));
  requests.push_back(question(endpoint, "/other"));
  for (const Got& got : ask_all(client, requests)) REQUIRE(got.body == "once");
  CHECK(server.requests().size() == 2);
  CHECK(ask(client, question(endpoint, "/same")).body == "once");
  CHECK(server.requests().size() == 2);
}

TEST_CASE("what is not idempotent, or changes, is asked each time") {
  const Loopback server([](const std::string&) { return http_answer("again"); });
  const Endpoint endpoint = endpoint_at(server.url());
  Client client{Options{}};
  Request unsafe = question(endpoint, "/unsafe");
  unsafe.idempotent = false;
  for (const Got& got : ask_all(client, {unsafe, unsafe, unsafe})) CHECK(got.status == 200);
  CHECK(server.requests().size() == 3);
  Request changing = question(endpoint, "/changing");
  changing.reuse = Reuse::never;
  CHECK(ask(client, changing).status == 200);
  CHECK(ask(client, changing).status == 200);
  CHECK(server.requests().size() == 5);
}

TEST_CASE("a failure is shared, too") {
  const Loopback server([](const std::string&) { return std::string(); });
  Endpoint endpoint = endpoint_at(server.url());
  endpoint.retries = 0;
  Client client{Options{}};
  for (const Got& got : ask_all(client, std::vector<Request>(10, question(endpoint, "/x")))) CHECK(got.error.code == "RG1023");
  // libcurl itself asks again when a kept connection turns out to be dead; this one was new.
  CHECK(server.requests().size() == 1);
}

TEST_CASE("retries end, heal, and are counted") {
  int asked = 0;
  const Loopback server([&asked](const std::string& request) {
    if (request.starts_with("GET /never")) return http_answer("", "503 Service Unavailable");
    return ++asked <= 2 ? http_answer("", "503 Service Unavailable") : http_answer("healed");
  });
  Endpoint endpoint = endpoint_at(server.url());
  Client client{Options{}};
  const Got healed = ask(client, question(endpoint, "/heals"));
  CHECK(healed.body == "healed");
  CHECK(healed.log.attempts == 3);
  endpoint.retries = 1;
  const Got never = ask(client, question(endpoint, "/never"));
  CHECK(never.status == 503);
  CHECK(never.log.attempts == 2);
  Request unsafe = question(endpoint, "/never/unsafe");
  unsafe.idempotent = false;
  CHECK(ask(client, unsafe).log.attempts == 1);
}

TEST_CASE("secrets that a server sends back are gone before anybody sees them") {
  const Loopback server(
      [](const std::string&) { return http_answer("{\"you\":\"the-token\"}", "401 No", "X-You: the-token\r\n"); });
  Endpoint endpoint = endpoint_at(server.url());
  endpoint.bearer = Secret("the-token", "env T");
  Client client{Options{}};
  Request request = question(endpoint, "/x");
  request.parameters = {{"q", "the-token"}};
  const Got got = ask(client, request);
  CHECK(got.body == "{\"you\":\"***\"}");
  CHECK(got.log.url == server.url() + "/x?q=***");
  CHECK(server.requests().front().find("q=the-token") != std::string::npos);
}

TEST_CASE("the clock of a server is compared with ours") {
  const Loopback server([](const std::string& request) {
    if (request.starts_with("GET /cached"))
      return http_answer("", "200 OK", "Date: Mon, 05 Jan 2026 12:00:00 GMT\r\nAge: 60\r\n");
    if (request.starts_with("GET /none")) return http_answer("");
    return http_answer("", "200 OK", "Date: Fri, 01 Jan 2100 00:00:00 GMT\r\n");
  });
  const Endpoint endpoint = endpoint_at(server.url());
  Client client{Options{}};
  CHECK(ask(client, question(endpoint, "/none")).status == 200);
  CHECK(ask(client, question(endpoint, "/cached")).status == 200);
  CHECK(client.clock_skews().empty());
  CHECK(ask(client, question(endpoint, "/ahead")).status == 200);
  const auto skews = client.clock_skews();
  REQUIRE(skews.size() == 1);
  const auto expected = std::chrono::seconds(4102444800) - std::chrono::system_clock::now().time_since_epoch();
  CHECK(std::chrono::abs(skews.at("test") - expected) < std::chrono::seconds(5));
}

TEST_CASE("progress tells how many are answered and who is the slowest") {
  const Loopback server([&server](const std::string& request) {
    server.pause(request.starts_with("GET /slow") ? 400 : 0);
    return http_answer("");
  });
  Options options;
  std::vector<std::string> lines;
  options.progress = [&lines](std::size_t done, std::size_t total, const std::string& slowest) {
    lines.push_back(std::to_string(done) + "/" + std::to_string(total) + " " + slowest);
  };
  Client client(options);
  const Endpoint endpoint = endpoint_at(server.url());
  ask_all(client, {question(endpoint, "/slow"), question(endpoint, "/quick")});
  CHECK(std::find(lines.begin(), lines.end(), "1/2 test /slow") != lines.end());
  CHECK(lines.size() <= 6);
}
