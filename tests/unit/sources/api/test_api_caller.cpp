// ApiCaller and ApiSource against a server on loopback: what is sent, and what each refusal becomes.
#include <catch2/catch.hpp>

#include "loopback.h"
#include "sources/api_source.h"

using namespace gate;
using namespace gate::sources;

namespace {

constexpr ApiSystem kDesk{"Desk", "the token of an agent", "the token's user needs to see all tickets", "check `subdomain`"};

http::Endpoint endpoint(const std::string& url) {
  http::Endpoint out;
  out.name = "desk";
  out.url = url;
  out.bearer = core::Secret("t0ken-t0ken", "env DESK_TOKEN");
  out.credential_reference = "env DESK_TOKEN";
  out.retries = 0;
  return out;
}

class DeskSource : public ApiSource {
 public:
  DeskSource(const std::string& url, http::Client& client)
      : ApiSource(kDesk, endpoint(url), core::Settings(), SourceContext{&client, nullptr, "", {}}) {}
  std::vector<PlannedRequest> preview(const Question&) const override { return {}; }

 protected:
  http::Task<void> authorize(core::Answer&) override {
    caller().use_header("X-Desk", core::Secret("1234567", "env DESK_KEY"));
    co_return;
  }
  http::Task<void> fetch(core::Answer& answer, const Question&) override {
    http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().post("/count", R"({"q":"x"})"));
    const JsonAnswer got = co_await asking;
    answer.asked = std::to_string(got.root().need("count").number());
  }
  [[nodiscard]] http::Request probe() const override { return caller().get("/me", {{"fields", "a b"}}); }
};

struct Outcome {
  core::Answer answer;
  Health health;
  core::Error error;
};

http::Task<void> run(Source& source, bool health, Outcome& out) {
  try {
    if (health) {
      http::Task<void> checking = source.health(out.health);
      co_await checking;
    } else {
      static const core::Question kQuestion{};
      http::Task<core::Answer> asking = source.ask(kQuestion);
      out.answer = co_await asking;
    }
  } catch (const core::SourceError& failure) {
    out.error = failure.error();
  }
}

Outcome outcome(const http::Loopback& server, bool health = false) {
  http::Client client(http::Options{});
  DeskSource source(server.url(), client);
  Outcome out;
  std::vector<http::Task<void>> tasks;
  tasks.push_back(run(source, health, out));
  client.run(std::move(tasks));
  return out;
}

Outcome answered(const std::string& body, const std::string& status = "200 OK", const std::string& headers = "") {
  const http::Loopback server([&](const std::string&) { return http::http_answer(body, status, headers); });
  return outcome(server);
}

}  // namespace

TEST_CASE("a question is sent with its credentials, and its request is in the log") {
  const http::Loopback server([](const std::string&) { return http::http_answer(R"({"count":3})"); });
  const Outcome out = outcome(server);
  CHECK(out.error.code.empty());
  CHECK(out.answer.asked == "3.000000");
  REQUIRE(out.answer.requests.size() == 1);
  CHECK(out.answer.requests[0].method == "POST");
  CHECK(out.answer.requests[0].status == 200);
  const std::string sent = server.requests().at(0);
  CHECK(sent.starts_with("POST /count HTTP/1.1\r\n"));
  CHECK(sent.find("Authorization: Bearer t0ken-t0ken\r\n") != std::string::npos);
  CHECK(sent.find("X-Desk: 1234567\r\n") != std::string::npos);
  CHECK(sent.find("application/json") != std::string::npos);
  CHECK(sent.ends_with(R"({"q":"x"})"));
}

TEST_CASE("health asks what is cheapest") {
  const http::Loopback server([](const std::string&) { return http::http_answer("{}"); });
  const Outcome out = outcome(server, true);
  CHECK(server.requests().at(0).starts_with("GET /me?fields=a%20b HTTP/1.1\r\n"));
  CHECK(out.health.system == "Desk");
  CHECK(out.health.authenticated == true);
  CHECK(out.health.permitted == true);
  CHECK(out.health.requests.size() == 1);
}

TEST_CASE("a refusal carries the hint of the vendor and the credential's name") {
  struct Row {
    const char* status;
    const char* code;
    const char* hint;
  };
  const Row row = GENERATE(values<Row>({{"401 No", "RG1101", "the token of an agent (env DESK_TOKEN)"},
                                        {"403 No", "RG1103", "the token's user needs to see all tickets (env DESK_TOKEN)"},
                                        {"404 No", "RG1104", "check `subdomain`"},
                                        {"500 No", "RG1150", "the server's own log says why"}}));
  const Outcome out = answered(R"({"error":"t0ken-t0ken is wrong"})", row.status);
  CHECK(out.error.code == row.code);
  CHECK(out.error.hint == row.hint);
  for (const std::string& line : out.error.context) CHECK(line.find("t0ken") == std::string::npos);
}

TEST_CASE("an answer that is none") {
  CHECK(answered("<html><body>Log in</body></html>").error.code == "RG1903");
  CHECK(answered("{\"cou").error.code == "RG1901");
  CHECK(answered("").error.code == "RG1901");
  const core::Error missing = answered("{}").error;
  CHECK(missing.code == "RG1902");
  CHECK(missing.message == "desk: /count: `count` is missing");
  CHECK(answered(R"({"count":"many"})").error.message == "desk: /count#/count: it is not a number");
}

TEST_CASE("pages end") {
  const ApiCaller caller(kDesk, endpoint("http://127.0.0.1:1"), nullptr);
  PageChain few(caller, 2);
  few.follow("a");
  std::string code;
  try {
    few.follow("b");
  } catch (const core::SourceError& failure) {
    code = failure.error().code + " " + failure.error().message;
  }
  CHECK(code == "RG1905 desk: the answer has more than 2 pages");
}

TEST_CASE("a page that was there already is the end of all believing") {
  http::Client client(http::Options{});
  const ApiCaller caller(kDesk, endpoint("http://127.0.0.1:1"), &client);
  PageChain chain(caller);
  chain.follow("a");
  chain.follow("b");
  std::string text;
  try {
    chain.follow("a");
  } catch (const core::SourceError& failure) {
    text = failure.error().code + " " + failure.error().message + " / " + failure.error().context.at(0);
  }
  CHECK(text == "RG1904 desk: Desk led to the same page twice, after 3 pages / the page: a");
}
