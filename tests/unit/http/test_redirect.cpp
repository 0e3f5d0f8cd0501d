#include <catch2/catch.hpp>

#include "http/redirect.h"

using gate::http::BodyFate;
using gate::http::follow;
using gate::http::Hop;
using gate::http::is_redirect;
using gate::http::parse_url;
using gate::http::visit_key;

namespace {

Hop from(const std::string& method, const std::string& url) {
  return {method, parse_url(url).value(), BodyFate::keep};
}

enum class Question { safe, unsafe };

}  // namespace

TEST_CASE("five statuses redirect") {
  for (const int status : {301, 302, 303, 307, 308}) CHECK(is_redirect(status));
  for (const int status : {200, 300, 304, 305, 306, 400}) CHECK_FALSE(is_redirect(status));
}

TEST_CASE("a redirect on the same origin is followed; the status says what becomes of method and body") {
  struct Case {
    const char* method;
    int status;
    Question question;
    const char* next;
    BodyFate body;
  };
  const Case cases[] = {
      {"GET", 301, Question::safe, "GET", BodyFate::keep},     {"GET", 308, Question::safe, "GET", BodyFate::keep},
      {"POST", 301, Question::safe, "POST", BodyFate::keep},   {"POST", 302, Question::safe, "POST", BodyFate::keep},
      {"POST", 301, Question::unsafe, "GET", BodyFate::drop},  {"POST", 302, Question::unsafe, "GET", BodyFate::drop},
      {"POST", 303, Question::safe, "GET", BodyFate::drop},    {"POST", 303, Question::unsafe, "GET", BodyFate::drop},
      {"POST", 307, Question::unsafe, "POST", BodyFate::keep}, {"POST", 308, Question::unsafe, "POST", BodyFate::keep},
      {"HEAD", 303, Question::safe, "HEAD", BodyFate::keep},   {"PUT", 301, Question::unsafe, "PUT", BodyFate::keep},
  };
  for (const Case& c : cases) {
    INFO(c.method << " " << c.status);
    const auto next = follow("prom", from(c.method, "http://a:1/x?q=1"), c.status, "/y", c.question == Question::safe, {});
    REQUIRE(next.ok());
    CHECK(next->method == c.next);
    CHECK(next->body == c.body);
    CHECK(next->url.text() == "http://a:1/y");
  }
}

TEST_CASE("a redirect off the origin is refused, and says where it leads") {
  struct Case {
    const char* url;
    const char* location;
    const char* words;
  };
  const Case cases[] = {
      {"http://a:1/x", "http://b:1/x", "a:1 redirects to http://b:1, another origin"},
      {"http://a:1/x", "http://a:2/x", "a:1 redirects to http://a:2, another origin"},
      {"http://a:1/x", "//b/x", "a:1 redirects to http://b:80, another origin"},
      {"http://a/x", "https://a/x", "a:80 redirects to https://a:443, another origin"},
      {"https://a/x", "http://a/x", "a:443 redirects to http://a:80, which is not encrypted"},
      {"https://a/x", "http://a:443/x", "a:443 redirects to http://a:443, which is not encrypted"},
  };
  for (const Case& c : cases) {
    INFO(c.url << " -> " << c.location);
    const auto next = follow("prom", from("GET", c.url), 302, c.location, true, {});
    REQUIRE_FALSE(next.ok());
    CHECK(next.error().code == "RG1030");
    CHECK(next.error().message == std::string("prom: ") + c.words);
  }
}

TEST_CASE("a redirect without a usable target is an error") {
  for (const char* location : {"", "file:///etc/passwd", "http://", "http://user:pw@a:1/", "/a b"}) {
    INFO(location);
    CHECK(follow("prom", from("GET", "http://a:1/x"), 302, location, true, {}).error().code == "RG1032");
  }
}

TEST_CASE("loops and long chains end") {
  const Hop start = from("POST", "http://a:1/x");
  CHECK(visit_key(start) == "POST http://a:1/x");
  const auto loop = follow("prom", start, 307, "/x", true, {visit_key(start)});
  REQUIRE_FALSE(loop.ok());
  CHECK(loop.error().code == "RG1031");
  CHECK(loop.error().message == "prom: a:1 redirects in a loop");
  // The same address asked in another way is no loop: that is how 303 works.
  CHECK(follow("prom", start, 303, "/x", true, {visit_key(start)}).ok());

  std::set<std::string> visited;
  Hop hop = start;
  for (int step = 1; step <= 5; ++step) {
    visited.insert(visit_key(hop));
    auto next = follow("prom", hop, 307, "/" + std::to_string(step), true, visited);
    REQUIRE(next.ok());
    hop = next.value();
  }
  visited.insert(visit_key(hop));
  const auto sixth = follow("prom", hop, 307, "/6", true, visited);
  REQUIRE_FALSE(sixth.ok());
  CHECK(sixth.error().code == "RG1031");
  CHECK(sixth.error().message == "prom: a:1 redirects more than 5 times");
}
