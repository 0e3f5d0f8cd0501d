#include <catch2/catch.hpp>

#include "http/url.h"

using gate::http::encode_parameters;
using gate::http::is_loopback;
using gate::http::parse_url;
using gate::http::percent_encode;
using gate::http::resolve_url;

TEST_CASE("an address is taken apart and put together") {
  struct Case {
    const char* text;
    const char* origin;
    const char* path;
    const char* query;
    const char* again;
  };
  const Case cases[] = {
      {"http://localhost:9090", "http://localhost:9090", "/", "", "http://localhost:9090/"},
      {"http://localhost", "http://localhost:80", "/", "", "http://localhost/"},
      {"https://EXAMPLE.org/Prefix/", "https://example.org:443", "/Prefix/", "", "https://example.org/Prefix/"},
      {"https://example.org:8443/a?b=c&d=", "https://example.org:8443", "/a", "b=c&d=", "https://example.org:8443/a?b=c&d="},
      {"HTTP://127.1:80/x#fragment", "http://127.0.0.1:80", "/x", "", "http://127.0.0.1/x"},
      {"http://[::1]:9090/", "http://[::1]:9090", "/", "", "http://[::1]:9090/"},
      {"http://a/b/../c/./d", "http://a:80", "/c/d", "", "http://a/c/d"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    const auto url = parse_url(c.text);
    REQUIRE(url.ok());
    CHECK(url->origin() == c.origin);
    CHECK(url->path == c.path);
    CHECK(url->query == c.query);
    CHECK(url->text() == c.again);
  }
}

TEST_CASE("what is no usable address is refused, and a password in it never repeated") {
  struct Case {
    const char* text;
    const char* code;
  };
  const Case cases[] = {
      {"", "RG1051"},
      {"localhost:9090", "RG1051"},
      {"//localhost", "RG1051"},
      {"file:///etc/passwd", "RG1051"},
      {"ftp://example.org/", "RG1051"},
      {"http://", "RG1051"},
      {"http://a b/", "RG1051"},
      {"http://a/\r\nX: y", "RG1051"},
      {"http://a:99999/", "RG1051"},
      {"http://a:port/", "RG1051"},
      {"https://user:hunter2-secret@example.org/", "RG1052"},
      {"https://user@example.org/", "RG1052"},
      {"ftp://user:hunter2-secret@example.org/", "RG1051"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    const auto url = parse_url(c.text);
    REQUIRE_FALSE(url.ok());
    CHECK(url.error().code == c.code);
    CHECK(url.error().message.find("hunter2") == std::string::npos);
    CHECK_FALSE(url.error().hint.empty());
  }
}

TEST_CASE("a reference is resolved as RFC 3986 section 5.4 says") {
  struct Case {
    const char* reference;
    const char* target;
  };
  const Case cases[] = {
      {"/g", "http://a/g"},         {"g", "http://a/b/c/g"},    {"./g", "http://a/b/c/g"}, {"../g", "http://a/b/g"},
      {"g?y", "http://a/b/c/g?y"},  {"?y", "http://a/b/c/d?y"}, {"//g/x", "http://g/x"},   {"https://g:1/x", "https://g:1/x"},
      {"../../../g", "http://a/g"},
  };
  const auto base = parse_url("http://a/b/c/d?q");
  REQUIRE(base.ok());
  for (const Case& c : cases) {
    INFO(c.reference);
    const auto url = resolve_url(*base, c.reference);
    REQUIRE(url.ok());
    CHECK(url->text() == c.target);
  }
  CHECK(resolve_url(*base, "https://user:pw@a/").error().code == "RG1052");
  CHECK(resolve_url(*base, "gopher://a/").error().code == "RG1051");
}

TEST_CASE("only this machine's own addresses are loopback") {
  struct Case {
    const char* url;
    bool loopback;
  };
  const Case cases[] = {
      {"http://localhost/", true},  {"http://LOCALHOST/", true},        {"http://127.0.0.1/", true},
      {"http://127.8.9.1/", true},  {"http://2130706433/", true},       {"http://0x7f.1/", true},
      {"http://[::1]/", true},      {"http://127.example.org/", false}, {"http://localhost.example.org/", false},
      {"http://126.0.0.1/", false}, {"http://128.0.0.1/", false},       {"http://[::2]/", false},
      {"http://0.0.0.0/", false},   {"http://mylocalhost/", false},
  };
  for (const Case& c : cases) {
    INFO(c.url);
    const auto url = parse_url(c.url);
    REQUIRE(url.ok());
    CHECK(is_loopback(*url) == c.loopback);
  }
}

TEST_CASE("parameters are encoded so that nothing in them is taken for syntax") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("a b&c=d/e?f+g%") == "a%20b%26c%3Dd%2Fe%3Ff%2Bg%25");
  CHECK(percent_encode("\xc3\xa9\n") == "%C3%A9%0A");
  CHECK(encode_parameters({}) == "");
  CHECK(encode_parameters({{"query", "up{a=\"b\"}"}, {"step", "15"}}) == "query=up%7Ba%3D%22b%22%7D&step=15");
  CHECK(encode_parameters({{"a", ""}, {"a", "2"}}) == "a=&a=2");
}
