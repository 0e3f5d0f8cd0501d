#include <catch2/catch.hpp>

#include "folder.h"

namespace gate::sources::file {
namespace {

using Rows = std::vector<std::string>;

ReadResult read(std::string_view text, char delimiter = ',', const std::vector<std::string>& columns = {"a", "b"}) {
  ReadOptions options;
  options.delimiter = delimiter;
  return read_text(options, text, columns);
}

TEST_CASE("CSV is read by RFC 4180") {
  struct Case {
    std::string_view what;
    std::string_view text;
    char delimiter;
    Rows rows;
  };
  const std::vector<Case> cases = {
      {"plain", "a,b\n1,2\n3,4\n", ',', {"2: 1|2", "3: 3|4"}},
      {"no line break at the end", "a,b\n1,2", ',', {"2: 1|2"}},
      {"CRLF", "a,b\r\n1,2\r\n3,4\r\n", ',', {"2: 1|2", "3: 3|4"}},
      {"CR at the very end", "a,b\r\n1,2\r", ',', {"2: 1|2"}},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a,b\n1,2\n",
       ',',
       {"2: 1|2"}},
      {"columns in another order", "b,x,a\n1,2,3\n", ',', {"2: 3|1"}},
      {"a column that is not there", "a,c\n1,2\n", ',', {"2: 1|~"}},
      {"empty fields", "a,b\n,\n1,\n", ',', {"2: |", "3: 1|"}},
      {"blank lines", "a,b\n\n1,2\n\n\n3,4\n", ',', {"3: 1|2", "6: 3|4"}},
      {"quotes", "a,b\n\"1\",\"2\"\n", ',', {"2: 1|2"}},
      {"quoted delimiter", "a,b\n\"x,y\",2\n", ',', {"2: x,y|2"}},
      {"doubled quotes", "a,b\n\"say \"\"hi\"\"\",2\n", ',', {"2: say \"hi\"|2"}},
      {"quoted line break counts as a line", "a,b\n\"x\ny\",2\n3,4\n", ',', {"2: x\ny|2", "4: 3|4"}},
      {"quoted CRLF", "a,b\r\n\"x\r\ny\",\"2\"\r\n3,4\r\n", ',', {"2: x\r\ny|2", "4: 3|4"}},
      {"quoted header", "\"a\",\"b\"\n1,2\n", ',', {"2: 1|2"}},
      {"quote inside of a plain field", "a,b\n5\" disk,2\n", ',', {"2: 5\" disk|2"}},
      {"semicolons", "a;b\n1,5;2\n", ';', {"2: 1,5|2"}},
      {"tabs", "a\tb\n1\t2\n", '\t', {"2: 1|2"}},
      {"too few fields", "a,b\n1\n3,4\n", ',', {"2! it has 1 field, the header has 2", "3: 3|4"}},
      {"too many fields", "a,b\n1,2,3\n3,4\n", ',', {"2! it has 3 fields, the header has 2", "3: 3|4"}},
      {"text after a closing quote",
       "a,b\n\"1\"x,2\n3,4\n",
       ',',
       {"2! a quoted field is not closed, or text follows its closing quote", "3: 3|4"}},
      {"a quote that is not closed in the last line",
       "a,b\n1,\"2\n",
       ',',
       {"2! a quoted field is not closed, or text follows its closing quote"}},
      {"only a header", "a,b\n", ',', {}},
      {"nothing at all", "", ',', {}},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    const ReadResult result = read(one.text, one.delimiter);
    CHECK(result.error.empty());
    CHECK(result.rows == one.rows);
  }
}

TEST_CASE("CSV: what is wrong with the whole file is an error") {
  CHECK(read("a,b,a\n1,2,3\n").error == "RG1406 : its header names `a` twice");
  CHECK(read("\xFF\xFE"
             "a\0,\0b\0")
            .error == "RG1406 : it is UTF-16, not UTF-8");
  CHECK(read("a,b\n1,\"2\n3,4\n").error == "RG1406 : a quote in line 2 is never closed, and every row after it is lost");
  CHECK(read("\"a,b\n1,2\n").error == "RG1406 : the quotes of its header are not closed");
  CHECK(read("a,b\n1," + std::string(kMostRowBytes + 2'000'000, 'x') + "\n").error == "RG1407 :2: a row is longer than 10 MiB");
}

TEST_CASE("CSV: rows that straddle blocks are whole") {
  std::string text = "a,b\n";
  Rows expected;
  for (int i = 0; i < 300'000; ++i) {
    const std::string number = std::to_string(i);
    text += number + ",\"x\ry\"\"" + number + "\"\r\n";
    expected.push_back(std::to_string(i + 2) + ": " + number + "|x\ry\"" + number);
  }
  REQUIRE(text.size() > 4'000'000);
  const ReadResult result = read(text);
  CHECK(result.error.empty());
  REQUIRE(result.rows.size() == expected.size());
  CHECK(result.rows == expected);
}

TEST_CASE("CSV: a line break that falls on a block's border is one line break") {
  // The quoted field ends in the last byte but one of the first block, its CR is the last.
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  const std::string head = "a,b\n";
  for (std::size_t shift = 0; shift < 5; ++shift) {
    const std::string filler(kBlock - head.size() - 4 - shift, 'x');
    const ReadResult result = read(head + "\"" + filler + "\",\"2\"\r\n3,4\r\n");
    INFO(shift);
    REQUIRE(result.rows.size() == 2);
    CHECK(result.rows[0].ends_with("x|2"));
    CHECK(result.rows[1] == "3: 3|4");
  }
}

TEST_CASE("only regular files are read") {
  const Folder folder;
  struct None : Sink {
    void row(std::span<const Cell>, std::uint64_t) override {}
    void bad(std::uint64_t, std::string_view) override {}
  } none;
  const std::vector<std::string> columns = {"a"};
  const auto reader = open_records({folder.path(), {}, columns, none, nullptr});
  const auto step = reader->step();
  REQUIRE_FALSE(step.ok());
  CHECK(step.error().code == "RG1401");
  CHECK(step.error().message == "cannot read " + folder.path() + ": it is no regular file");
}

}  // namespace
}  // namespace gate::sources::file
