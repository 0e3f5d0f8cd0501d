#include <catch2/catch.hpp>

#include "convert/toml_text.h"

using namespace gate::convert;

TEST_CASE("toml text: strings") {
  CHECK(toml_string("plain") == R"("plain")");
  CHECK(toml_string("rate(x{a=\"b\"}[5m])") == R"('rate(x{a="b"}[5m])')");
  CHECK(toml_string("it's \"so\"") == R"("it's \"so\"")");
  CHECK(toml_string("a\nb\tc\\") == R"("a\nb\tc\\")");
  CHECK(toml_string(std::string("\x1b[0m\x7f")) == R"("\u001B[0m\u007F")");
}

TEST_CASE("toml text: keys") {
  CHECK(toml_key("CPU usage (%)") == "cpu_usage");
  CHECK(toml_key("p99.9") == "p99_9");
  CHECK(toml_key("  ") == "metric");
  CHECK(toml_key("größe") == "gr_e");
}

TEST_CASE("toml text: a comment is one line, whatever is in it") {
  CHECK(toml_comment("a\nversion = 2") == "# a\\nversion = 2\n");
}
