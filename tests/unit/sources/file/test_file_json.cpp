#include <catch2/catch.hpp>

#include "folder.h"
#include "sources/file/json_path.h"

namespace gate::sources::file {
namespace {

using Rows = std::vector<std::string>;

ReadResult lines(std::string_view text, const std::vector<std::string>& columns = {"a", "b"}) {
  ReadOptions options;
  options.format = Format::jsonl;
  return read_text(options, text, columns);
}

ReadResult document(std::string_view text, const std::string& items = "", const std::vector<std::string>& columns = {"a"}) {
  ReadOptions options;
  options.format = Format::json;
  options.items = items;
  return read_text(options, text, columns);
}

TEST_CASE("paths into JSON") {
  using Steps = std::vector<std::string>;
  CHECK(json_steps("") == Steps{});
  CHECK(json_steps("$") == Steps{});
  CHECK(json_steps("rows") == Steps{"rows"});
  CHECK(json_steps("data.rows") == Steps{"data", "rows"});
  CHECK(json_steps("$.data.rows[*]") == Steps{"data", "rows"});
  CHECK(json_steps("/data/rows") == Steps{"data", "rows"});
  CHECK(json_steps("/a~1b/c~0d/~01") == Steps{"a/b", "c~d", "~1"});
}

TEST_CASE("JSON Lines: scalars as text, a row a line") {
  struct Case {
    std::string_view what;
    std::string_view text;
    Rows rows;
  };
  const std::vector<Case> cases = {
      {"two rows", "{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"a\":2}\n", {"1: 1|x", "2: 2|y"}},
      {"as written", "{\"a\":1.50,\"b\":true}\n", {"1: 1.50|true"}},
      {"false, null, absent", "{\"a\":false,\"b\":null}\n{}\n", {"1: false|~", "2: ~|~"}},
      {"escapes", "{\"a\":\"x\\n\\u00e9\",\"b\":\"\"}\n", {"1: x\n\xC3\xA9|"}},
      {"beyond 64 bits", "{\"a\":123456789012345678901234567890,\"b\":-0.0}\n", {"1: 123456789012345678901234567890|-0.0"}},
      {"blanks, CRLF, byte order mark", "\xEF\xBB\xBF{ \"a\" : 1 , \"b\" : 2 }\r\n\r\n{\"a\":3}", {"1: 1|2", "3: 3|~"}},
      {"unread fields of any kind", "{\"x\":[1,{\"a\":9}],\"a\":1,\"y\":{\"b\":8}}\n", {"1: 1|~"}},
      {"an array is no value", "{\"a\":[1],\"b\":2}\n", {"1! `a` holds an array or an object"}},
      {"an array is no row", "[1,2]\n{\"a\":1}\n", {"1! it is not a JSON object", "2: 1|~"}},
      {"something behind", "{\"a\":1} {\"b\":2}\n", {"1! something follows its object"}},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    const ReadResult result = lines(one.text);
    CHECK(result.error.empty());
    CHECK(result.rows == one.rows);
  }
}

TEST_CASE("JSON Lines: a line that ends early is bad wherever it ends") {
  const std::string whole = R"({"a":1,"c":{"d":[1,2]},"b":"x"})";
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const ReadResult result = lines(whole.substr(0, length) + "\n");
    INFO(whole.substr(0, length));
    REQUIRE(result.rows.size() == 1);
    CHECK(result.rows[0].starts_with("1! it is not JSON: "));
  }
}

TEST_CASE("nested fields are reached by dots or slashes; a name with dots in it goes first") {
  const std::vector<std::string> columns = {"r.status", "/r/ms", "flat.name"};
  CHECK(lines(R"({"r":{"status":200,"ms":1.5},"flat.name":"x"})", columns).rows == Rows{"1: 200|1.5|x"});
  CHECK(lines(R"({"r":7})", columns).rows == Rows{"1: ~|~|~"});
  CHECK(lines(R"({"flat":{"name":"y"}})", columns).rows == Rows{"1: ~|~|y"});
}

TEST_CASE("JSON documents: an array, at the top or where items says") {
  CHECK(document(R"([{"a":1},{"a":"x"}])").rows == Rows{"1: 1", "2: x"});
  CHECK(document(R"({"data":{"rows":[{"a":1}]}})", "/data/rows").rows == Rows{"1: 1"});
  CHECK(document(R"({"data":{"rows":[{"a":1}]},"z":2})", "data.rows").rows == Rows{"1: 1"});
  CHECK(document(R"([])").rows.empty());
  CHECK(document(R"([1])").rows == Rows{"1! it is not a JSON object"});
}

TEST_CASE("JSON documents: errors") {
  CHECK(document(R"({"rows":[]})").error == "RG1406 : there is no array at the top of the document");
  CHECK(document(R"({"rows":[]})", "/data").error == "RG1406 : there is no array at `/data`");
  CHECK(document(R"([{"a":1},{"a":2})").error == "RG1406 : it is not JSON: it ends before its brackets are closed");
  CHECK(document(R"({"rows":[{"a":1}],"more":{})", "rows").error ==
        "RG1406 : it is not JSON: it ends before its brackets are closed");
  CHECK(document("").error.starts_with("RG1406 : it is not JSON"));
  CHECK(document("[{\"a\":\"]").error.starts_with("RG1406 : it is not JSON"));
}

}  // namespace
}  // namespace gate::sources::file
