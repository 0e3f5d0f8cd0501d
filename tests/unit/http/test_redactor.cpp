#include <catch2/catch.hpp>
#include <chrono>

#include "http/base64.h"
#include "http/redactor.h"
#include "http/url.h"

using gate::core::Secret;
using gate::http::base64_encode;
using gate::http::percent_encode;
using gate::http::Redactor;

namespace {

Redactor knowing(std::initializer_list<const char*> secrets) {
  Redactor redactor;
  for (const char* secret : secrets) redactor.add(Secret(secret, "env X"));
  return redactor;
}

}  // namespace

TEST_CASE("a secret is taken out in every form it may show itself") {
  const Redactor redactor = knowing({"s3cret/+=&\"x"});
  struct Case {
    const char* name;
    std::string text;
    const char* shown;
  };
  const Case cases[] = {
      {"plain", "a s3cret/+=&\"x b", "a *** b"},
      {"at both ends", "s3cret/+=&\"xs3cret/+=&\"x", "******"},
      {"other case", "a S3CRET/+=&\"X b", "a *** b"},
      {"in JSON", R"({"t":"s3cret/+=&\"x"})", R"({"t":"***"})"},
      {"in JSON with escaped slashes", R"({"t":"s3cret\/+=&\"x"})", R"({"t":"***"})"},
      {"in JSON for a page", R"(s3cret/\u002b\u003d\u0026\"x)", "***"},
      {"in JSON for a page, upper case", R"(s3cret/\u002B\u003D\u0026\"x)", "***"},
      {"in JSON, all escaped",
       R"({"t":"\u0073\u0033\u0063\u0072\u0065\u0074\u002F\u002b\u003D\u0026\u0022\u0078","u":"\u00e9"})",
       R"({"t":"***","u":"\u00e9"})"},
      {"in JSON, some escaped", R"(s3c\u0072et\/+=&\"x)", "***"},
      {"no escape behind a backslash", R"(s3c\\u0072et/+=&\"x)", R"(s3c\\u0072et/+=&\"x)"},
      {"escapes that hide nothing stay", R"({"a":"\u0041\u005c"})", R"({"a":"\u0041\u005c"})"},
      {"hexadecimal", "<7333637265742F2B3D262278>", "<***>"},
      {"in JSON in JSON", R"(s3cret/+=&\\"x)", "***"},
      {"in HTML", "s3cret/+=&amp;&quot;x", "***"},
      {"URL-encoded", "?t=s3cret%2F%2B%3D%26%22x&u=1", "?t=***&u=1"},
      {"URL-encoded, lower case", "?t=s3cret%2f%2b%3d%26%22x&u=1", "?t=***&u=1"},
      {"URL-encoded, slash left alone", "?t=s3cret/%2B%3D%26%22x&u=1", "?t=***&u=1"},
      {"another text", "s3cret is not it", "s3cret is not it"},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(redactor.redact(c.text) == c.shown);
  }
}

TEST_CASE("a secret is found in base64, wherever it stands in what was encoded") {
  const std::string secret = "correct horse battery";
  const Redactor redactor = knowing({secret.c_str()});
  for (const char* before : {"", "u", "us", "use", "user:", "Bearer "}) {
    for (const char* after : {"", "!", "!!", ":more"}) {
      INFO(before << "…" << after);
      const std::string encoded = base64_encode(before + secret + after);
      const std::string shown = redactor.redact("<" + encoded + ">");
      CHECK(shown.find("***") != std::string::npos);
      // At most the characters that the secret shares with its neighbours are left of it.
      CHECK(shown.size() <= encoded.size() - (secret.size() * 8 / 6 - 1) + 5);
      CHECK(redactor.redact(percent_encode(encoded)).find("***") != std::string::npos);
    }
  }
  const std::string slashed = "?\?>>?\?>>?\?>>";
  CHECK(base64_encode(slashed) == "Pz8+Pj8/Pj4/Pz4+");
  for (const char* text : {"Pz8+Pj8/Pj4/Pz4+", "Pz8-Pj8_Pj4_Pz4-", "Pz8%2BPj8%2FPj4%2FPz4%2B", "Pz8+Pj8\\/Pj4\\/Pz4+"}) {
    INFO(text);
    CHECK(knowing({slashed.c_str()}).redact(text) == "***");
  }
}

TEST_CASE("form encoding writes blanks as plus signs") {
  CHECK(knowing({"two words"}).redact("t=two+words&t=two%20words") == "t=***&t=***");
}

TEST_CASE("several secrets, overlapping, leave no tail of any") {
  CHECK(knowing({"abcd", "bcdefgh"}).redact("xabcdefghx") == "x***x");
  CHECK(knowing({"token", "token-long"}).redact("a token-long b token c") == "a *** b *** c");
  CHECK(knowing({"aaaa"}).redact("aaaaaaaaa") == "***");
}

TEST_CASE("what would blank ordinary text is not searched for") {
  CHECK(knowing({""}).redact("text") == "text");
  CHECK(knowing({"abc"}).redact("abc") == "abc");
  CHECK(knowing({"abcd"}).redact("abcd") == "***");
  CHECK(knowing({"1234567"}).redact("0.1234567") == "0.1234567");
  CHECK(knowing({"12345678"}).redact("12345678") == "***");
}

TEST_CASE("a user in a URL is taken out without being known") {
  struct Case {
    const char* text;
    const char* shown;
  };
  const Case cases[] = {
      {"http://user:pw@host/x", "http://***@host/x"},
      {"(https://u@h) and http://a:b@c", "(https://***@h) and http://***@c"},
      {"http://a@b@c/", "http://***@c/"},
      {"http://host/a@b", "http://host/a@b"},
      {"http://host?x=a@b", "http://host?x=a@b"},
      {"mail a@b about http://host", "mail a@b about http://host"},
      {"://@", "://***@"},
      {"://", "://"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(Redactor().redact(c.text) == c.shown);
  }
}

TEST_CASE("a text without secrets keeps its storage") {
  const Redactor redactor = knowing({"a-long-secret"});
  std::string text(100, 'x');
  text.reserve(500);
  const char* storage = text.data();
  redactor.redact_in_place(text);
  CHECK(text.data() == storage);
  CHECK(text.capacity() >= 500);
}

TEST_CASE("long texts made to be slow are not") {
  const Redactor redactor = knowing({"aaaaaaaaaaaaaaab", "another-secret-of-some-length"});
  std::string urls;
  for (int i = 0; i < 300000; ++i) urls += "http://";
  std::string secrets;
  for (int i = 0; i < 100000; ++i) secrets += "another-secret-of-some-length,";
  const std::string almost(2000000, 'a');
  const auto begun = std::chrono::steady_clock::now();
  CHECK(redactor.redact(urls) == urls);
  CHECK(redactor.redact(secrets).size() == 400000);
  CHECK(redactor.redact(almost) == almost);
  // Each of the three would take minutes if its time grew with the square.
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
}
