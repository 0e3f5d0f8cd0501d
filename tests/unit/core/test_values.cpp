// Nodes, settings, secrets, results and the names in reports.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <ostream>
#include <string>
#include <type_traits>

#include "core/report.h"
#include "core/result.h"
#include "core/secret.h"
#include "core/settings.h"

using namespace gate::core;

namespace {

template <typename T, typename = void>
struct Streams : std::false_type {};
template <typename T>
struct Streams<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<T>())>> : std::true_type {};

Setting setting(std::string key, Node node) {
  Setting out;
  out.key = std::move(key);
  out.key_location = {"gate.toml", 3, 1, 4};
  out.node = std::move(node);
  return out;
}

}  // namespace

TEST_CASE("a secret cannot be printed or converted") {
  STATIC_REQUIRE_FALSE(Streams<Secret>::value);
  STATIC_REQUIRE_FALSE(fmt::is_formattable<Secret>::value);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, std::string>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, std::string_view>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::string, Secret>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, const char*>);
  const Secret secret("hunter2", "env TOKEN");
  CHECK(secret.reveal() == "hunter2");
  CHECK(secret.name() == "env TOKEN");
  CHECK_FALSE(secret.empty());
  CHECK(Secret().empty());
}

TEST_CASE("a secret's memory is cleared when it dies") {
  alignas(Secret) unsigned char storage[sizeof(Secret)];
  // Short enough to lie in the string itself, where it can be looked at afterwards.
  auto* secret = new (storage) Secret("hunter2", "");
  const char* text = secret->reveal().data();
  REQUIRE(reinterpret_cast<const unsigned char*>(text) >= storage);
  REQUIRE(reinterpret_cast<const unsigned char*>(text) < storage + sizeof(Secret));
  const auto offset = static_cast<std::size_t>(reinterpret_cast<const unsigned char*>(text) - storage);
  secret->~Secret();
  for (std::size_t i = 0; i < 7; ++i) CHECK(storage[offset + i] == 0);
}

TEST_CASE("settings give what is there, and nothing for what is not or is another type") {
  Settings settings;
  settings.add(setting("url", {std::string("http://localhost"), {}}));
  settings.add(setting("retries", {std::int64_t{3}, {}}));
  settings.add(setting("share", {0.5, {}}));
  settings.add(setting("insecure", {true, {}}));
  settings.add(setting("timeout", {std::string("1m30s"), {}}));
  settings.add(setting("limit", {std::string("64MiB"), {}}));
  settings.add(setting("bytes", {std::int64_t{100}, {}}));
  settings.add(setting("list", {Node::Array{{std::string("a"), {}}, {std::string("b"), {}}}, {}}));
  CHECK(settings.text("url") == "http://localhost");
  CHECK(settings.text("retries") == "3");
  CHECK(settings.integer("retries") == 3);
  CHECK(settings.number("share") == 0.5);
  CHECK(settings.boolean("insecure") == true);
  CHECK(settings.duration("timeout") == Duration(90000));
  CHECK(settings.bytes("limit") == 67108864);
  CHECK(settings.bytes("bytes") == 100);
  CHECK(settings.text_list("list") == std::vector<std::string>{"a", "b"});
  CHECK(settings.text_list("url") == std::vector<std::string>{"http://localhost"});
  CHECK(settings.boolean("url") == std::nullopt);
  CHECK(settings.number("url") == std::nullopt);
  CHECK(settings.duration("url") == std::nullopt);
  CHECK(settings.bytes("url") == std::nullopt);
  CHECK(settings.text("absent") == std::nullopt);
  CHECK(settings.text_list("absent").empty());
  CHECK(settings.secret("url").empty());
  CHECK(settings.secret("absent").empty());
  CHECK(settings.location("url", {}).line == 3);
  CHECK(settings.location("absent", {"gate.toml", 9, 1, 1}).line == 9);
}

TEST_CASE("nodes tell what they are, and scalars their text") {
  struct Case {
    Node node;
    const char* kind;
    const char* text;
  };
  for (const Case& c : {Case{{std::monostate(), {}}, "nothing", ""}, Case{{true, {}}, "a boolean", "true"},
                        Case{{std::int64_t{-3}, {}}, "an integer", "-3"}, Case{{0.1, {}}, "a number", "0.1"},
                        Case{{std::string("x"), {}}, "a string", "x"},
                        Case{{DateText{"2026-03-17T12:00:00Z"}, {}}, "a date", "2026-03-17T12:00:00Z"},
                        Case{{Node::Array{}, {}}, "an array", ""}, Case{{Node::Table{}, {}}, "a table", ""}}) {
    CHECK(c.node.kind_name() == c.kind);
    CHECK(scalar_text(c.node) == c.text);
  }
  const Node table{Node::Table{{"a", {}, {std::int64_t{1}, {}}}}, {}};
  CHECK(table.find("a")->number() == 1.0);
  CHECK(table.find("b") == nullptr);
  CHECK(Node{true, {}}.find("a") == nullptr);
}

TEST_CASE("a place inside a string follows its lines") {
  Node node{std::string("sum(\n  {{x}}\n)"), {"gate.toml", 4, 9, 3}};
  CHECK(place_inside(node, 7, 5).line == 4);
  CHECK(place_inside(node, 7, 5).column == 9);
  node.text_start = {5, 1};
  struct Case {
    std::size_t offset, length;
    std::uint32_t line, column, marked;
  };
  for (const Case& c :
       {Case{0, 3, 5, 1, 3}, Case{3, 1, 5, 4, 1}, Case{7, 5, 6, 3, 5}, Case{13, 1, 7, 1, 1}, Case{7, 99, 6, 3, 5}}) {
    const Location place = place_inside(node, c.offset, c.length);
    CHECK(place.line == c.line);
    CHECK(place.column == c.column);
    CHECK(place.length == c.marked);
    CHECK(place.file == "gate.toml");
  }
  CHECK(place_inside(node, 1000, 1).line == 4);
  CHECK(place_inside(Node{true, {"g", 2, 2, 4}}, 0, 1).line == 2);
}

TEST_CASE("names of verdicts, evidence, outcomes and levels are those of the report") {
  CHECK(name(Verdict::skipped) == "skipped");
  CHECK(name(Verdict::pass) == "pass");
  CHECK(name(Verdict::warn) == "warn");
  CHECK(name(Verdict::inconclusive) == "inconclusive");
  CHECK(name(Verdict::error) == "error");
  CHECK(name(Verdict::fail) == "fail");
  CHECK(name(Evidence::enough) == "enough");
  CHECK(name(Evidence::thin) == "thin");
  CHECK(name(Evidence::none) == "none");
  CHECK(name(Evidence::pending) == "pending");
  CHECK(name(Evidence::error) == "error");
  CHECK(name(Outcome::holds) == "holds");
  CHECK(name(Outcome::violated) == "violated");
  CHECK(name(Outcome::unproven) == "unproven");
  CHECK(name(Outcome::not_evaluated) == "not_evaluated");
  CHECK(name(Level::fail) == "fail");
  CHECK(name(Level::warn) == "warn");
  STATIC_REQUIRE(Verdict::fail > Verdict::error);
  STATIC_REQUIRE(Verdict::error > Verdict::inconclusive);
  STATIC_REQUIRE(Verdict::inconclusive > Verdict::warn);
  STATIC_REQUIRE(Verdict::warn > Verdict::pass);
}

TEST_CASE("a result is a value or an error, and warnings are no errors") {
  const Result<int> value = 3;
  const Result<int> error = Error{"RG0221", "m", "h", {}, {}};
  CHECK(value.ok());
  CHECK(*value == 3);
  CHECK_FALSE(error.ok());
  CHECK(error.error().code == "RG0221");
  CHECK_THROWS_AS(error.value(), std::bad_variant_access);
  CHECK_FALSE(has_errors({}));
  CHECK_FALSE(has_errors({{Severity::warning, {}}}));
  CHECK(has_errors({{Severity::warning, {}}, {Severity::error, {}}}));
}
