#include <catch2/catch.hpp>

#include "config/merge.h"
#include "config/toml_reader.h"

using namespace gate::config;
using gate::core::Location;
using gate::core::Node;

namespace {

std::string at(const Location& place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column) + "+" + std::to_string(place.length);
}

const Node& follow(const Node& root, const std::vector<std::string>& path) {
  const Node* node = &root;
  for (const std::string& key : path) {
    node = node->find(key);
    REQUIRE(node != nullptr);
  }
  return *node;
}

std::string dump(const Node& node) {
  if (const auto* table = node.table()) {
    std::string out = "{";
    for (const auto& member : *table) out += (out.size() > 1 ? " " : "") + member.key + "=" + dump(member.node);
    return out + "}";
  }
  if (const auto* array = node.array()) {
    std::string out = "[";
    for (const Node& item : *array) out += (out.size() > 1 ? " " : "") + dump(item);
    return out + "]";
  }
  return scalar_text(node);
}

}  // namespace

TEST_CASE("values and keys have the place they stand at, in bytes") {
  const auto root = read_toml(
      "version = 1\n"
      "[a.b]\n"
      "  text = \"é\" # x\n"
      "\tinline = { x = 1.5, \"y z\" = [ true, 'q' ] }\n"
      "c.d = 2026-03-17T12:00:00Z\n"
      "multi = '''\nfirst\nsecond'''\n",
      "f");
  REQUIRE(root.ok());
  struct Case {
    std::vector<std::string> path;
    const char* place;
    const char* text;
  };
  for (const Case& c :
       {Case{{"version"}, "1:11+1", "1"}, Case{{"a", "b", "text"}, "3:10+4", "é"},
        Case{{"a", "b", "inline", "x"}, "4:17+3", "1.5"}, Case{{"a", "b", "inline", "y z"}, "4:30+13", ""},
        Case{{"a", "b", "c", "d"}, "5:7+20", "2026-03-17T12:00:00Z"}, Case{{"a", "b", "multi"}, "6:9+3", "first\nsecond"}}) {
    const Node& node = follow(*root, c.path);
    CHECK(at(node.location) == c.place);
    CHECK(scalar_text(node) == c.text);
    CHECK(node.location.file == "f");
  }
  CHECK(at((*follow(*root, {"a", "b"}).table())[0].key_location) == "3:3+4");
  CHECK(at((*follow(*root, {"a", "b", "inline"}).table())[1].key_location) == "4:22+5");
}

TEST_CASE("tables keep the order of the file") {
  const auto root = read_toml("z = 1\na = 2\n[m]\ny = 1\nb = { d = 1, c = 2 }\n", "f");
  REQUIRE(root.ok());
  CHECK(dump(*root) == "{z=1 a=2 m={y=1 b={d=1 c=2}}}");
}

TEST_CASE("where the text of a string starts, when it stands there letter for letter") {
  struct Case {
    const char* toml;
    std::uint32_t line, column;
  };
  for (const Case& c : {Case{"a = 'x'", 1, 6}, Case{"a = \"x\"", 1, 6}, Case{"a = \"x\\n\"", 0, 0}, Case{"a = '''x'''", 1, 8},
                        Case{"a = '''\nx\n'''", 2, 1}, Case{"a = \"\"\"\r\nx\r\n\"\"\"", 2, 1},
                        Case{"a = \"\"\"\nx \\\n  y\"\"\"", 0, 0}, Case{"a = ''", 1, 6}, Case{"a = \"\\u00e9\"", 0, 0}}) {
    INFO(c.toml);
    const auto root = read_toml(c.toml, "f");
    REQUIRE(root.ok());
    CHECK(root->find("a")->text_start.line == c.line);
    CHECK(root->find("a")->text_start.column == c.column);
  }
}

TEST_CASE("what is no TOML is told with its place and a cure") {
  struct Case {
    std::string toml;
    const char* place;
    const char* hint;
  };
  for (const Case& c :
       {Case{"a =\n", "1:4", "a value is text in quotes, a number, a list or a table"},
        Case{"é = 1\n", "1:1", "see https://toml.io/en/v1.0.0"}, Case{"\"é\" = tru\n", "1:11", "text stands in quotes"},
        Case{"a = 1\na = 2\n", "2:5", "a key stands once in a table, and a table has one header"},
        Case{"a = \"\\q\"\n", "1:7", "write \\\\ for a backslash, or quote the text with '…', where nothing is escaped"},
        Case{"x = 'é\xff'\n", "1:8", "save the file as UTF-8"},
        Case{"x = { a = 1, }\n", "1:14", "no comma before the closing }"},
        Case{"x = { a = 1,\n", "1:13", "an inline table stands on one line: { a = 1, b = 2 }"},
        Case{"x = \"abc", "1:9", "the closing quotes are missing"},
        Case{"x = \"abc\ny = 1", "1:9", "the closing quotes are missing, or write \\n for a line break"}}) {
    INFO(c.toml);
    const auto root = read_toml(c.toml, "f");
    REQUIRE_FALSE(root.ok());
    const auto& error = root.error();
    CHECK(error.code == "RG0101");
    CHECK(std::to_string(error.location.line) + ":" + std::to_string(error.location.column) == c.place);
    CHECK(error.hint == c.hint);
    CHECK(error.message.find("this is not TOML: ") == 0);
  }
}

TEST_CASE("any character may stand where none should") {
  for (const char* c : {"é", "\u00a0", "\u0100", "\u1680", "\u180e", "\u2000", "\u2028", "\u3000", "あ", "決", "\ufeff", "🚀"}) {
    for (const std::string& text :
         {std::string(c), "a = " + std::string(c), "a = 1 " + std::string(c), "a" + std::string(c) + " = 1"}) {
      INFO(text);
      CHECK(read_toml(text + "\n# " + c + "\n", "f").ok() == (text == "\ufeff"));
    }
  }
}

TEST_CASE("trees merge key by key; arrays, scalars and references are replaced") {
  struct Case {
    const char* base;
    const char* over;
    const char* merged;
  };
  for (const Case& c :
       {Case{"a = 1\nb = 2", "b = 3\nc = 4", "{a=1 b=3 c=4}"}, Case{"t = {x = 1, y = 2}", "t = {y = 3}", "{t={x=1 y=3}}"},
        Case{"t = [1, 2]", "t = [3]", "{t=[3]}"}, Case{"t = {x = 1}", "t = 5", "{t=5}"},
        Case{"t = 5", "t = {x = 1}", "{t={x=1}}"}, Case{"t = {env = 'A', default = 'd'}", "t = {env = 'B'}", "{t={env=B}}"},
        Case{"t = {env = 'A'}", "t = {file = 'f'}", "{t={file=f}}"},
        Case{"f = {above = 1, increase_over = '10%'}", "f = {above = 2}", "{f={above=2 increase_over=10%}}"}}) {
    INFO(c.base << " | " << c.over);
    auto base = read_toml(c.base, "base");
    const auto over = read_toml(c.over, "over");
    merge_over(base.value(), *over);
    CHECK(dump(*base) == c.merged);
  }
  auto base = read_toml("a = 1\nb = 2", "base");
  merge_over(base.value(), *read_toml("b = 3", "over"));
  CHECK(base->find("a")->location.file == "base");
  CHECK(base->find("b")->location.file == "over");
  CHECK((*base->table())[1].key_location.file == "over");
}
