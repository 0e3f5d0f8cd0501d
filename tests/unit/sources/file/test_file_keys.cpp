#include <catch2/catch.hpp>

#include "folder.h"
#include "sources/file/options.h"
#include "sources/file/query.h"

namespace gate::sources::file {
namespace {

using Texts = std::vector<std::string>;
using Members = std::vector<std::pair<std::string, core::Node>>;

Texts problems_of_source(Members members) {
  core::Diagnostics diagnostics;
  (void)read_options(settings(std::move(members)), diagnostics);
  return texts(diagnostics);
}

Texts problems_of_query(Members members) {
  members.emplace_back("path", text_node("x.csv"));
  core::Diagnostics diagnostics;
  (void)read_query(settings(std::move(members)), diagnostics);
  return texts(diagnostics);
}

std::string hint_of_source(Members members) {
  core::Diagnostics diagnostics;
  (void)read_options(settings(std::move(members)), diagnostics);
  return diagnostics.empty() ? "" : diagnostics.front().error.hint;
}

core::Node time_table(Members members) {
  return table_node(std::move(members));
}

TEST_CASE("keys of a source") {
  core::Diagnostics diagnostics;
  const FileOptions options =
      read_options(settings({{"format", text_node("csv")},
                             {"delimiter", text_node("tab")},
                             {"items", text_node("/rows")},
                             {"on_bad_row", text_node("drop")},
                             {"time", time_table({{"column", text_node("ts")}, {"format", text_node("unix_ms")}})}}),
                   diagnostics);
  CHECK(diagnostics.empty());
  CHECK(options.format == Format::csv);
  CHECK(options.delimiter == '\t');
  CHECK(options.items == "/rows");
  CHECK(options.on_bad_row == OnBadRow::drop);
  REQUIRE(options.time.has_value());
  CHECK(options.time->column == "ts");
  CHECK(options.time->format == TimeFormat::unix_milliseconds);
}

TEST_CASE("keys of a source: mistakes") {
  CHECK(problems_of_source({{"format", text_node("cvs")}}) ==
        Texts{"RG1402 there is no format \"cvs\": it is `csv`, `jsonl`, `json`, `openmetrics`, `prometheus-text` or "
              "`prometheus-api`"});
  CHECK(hint_of_source({{"format", text_node("cvs")}}) == "did you mean \"csv\"?");
  CHECK(problems_of_source({{"delimiter", text_node(", ")}}) == Texts{"RG1415 `delimiter` must be one character"});
  CHECK(problems_of_source({{"delimiter", text_node("\"")}}) == Texts{"RG1415 `delimiter` must be one character"});
  CHECK(problems_of_source({{"on_bad_row", text_node("dorp")}}) ==
        Texts{"RG1415 `on_bad_row` is \"error\" or \"drop\", not \"dorp\""});
  CHECK(problems_of_source({{"time", number_node(1)}}) == Texts{"RG1411 `time` must be a table, not a number"});
  CHECK(problems_of_source({{"time", time_table({{"colum", text_node("ts")}})}}) ==
        Texts{"RG0104 unknown key `colum` in `time`"});
  CHECK(hint_of_source({{"time", time_table({{"colum", text_node("ts")}})}}) == "did you mean `column`?");
  CHECK(problems_of_source({{"time", time_table({{"column", number_node(2)}})}}) ==
        Texts{"RG1411 `time.column` must be a string, not a number"});
  CHECK(problems_of_source({{"time", time_table({{"format", text_node("unixms")}})}}) ==
        Texts{"RG1411 \"unixms\" is no format of times: it is rfc3339, unix, unix_ms or a strptime pattern"});
  CHECK(hint_of_source({{"time", time_table({{"format", text_node("unixms")}})}}) == "did you mean \"unix_ms\"?");
  CHECK(problems_of_source({{"time", time_table({{"format", text_node("%b %d %H:%M:%S %z")}})}}) ==
        Texts{"RG1411 the pattern \"%b %d %H:%M:%S %z\" names no year"});
  CHECK(problems_of_source({{"time", time_table({{"format", text_node("%s")}, {"zone", text_node("UTC")}})}}) ==
        Texts{"RG1411 %s in a pattern depends on the clock of this machine"});
  CHECK(problems_of_source({{"time", time_table({{"format", text_node("%Y-%m-%d %H:%M")}})}}) ==
        Texts{"RG1411 the pattern \"%Y-%m-%d %H:%M\" names no offset, and `time` no zone"});
  CHECK(problems_of_source({{"time", time_table({{"format", text_node("unix")}, {"zone", text_node("UTC")}})}}) ==
        Texts{"RG1411 Unix times have no zone"});
  CHECK(problems_of_source({{"time", time_table({{"zone", text_node("Europe/Berln")}})}}) ==
        Texts{"RG1412 \"Europe/Berln\" is no time zone that is known here"});
}

TEST_CASE("the format by the extension") {
  const auto format = [](const std::string& path, std::optional<Format> declared = {}) {
    FileOptions options;
    options.format = declared;
    const auto reading = reading_of(path, options);
    return reading ? std::pair(reading->format, reading->delimiter) : std::pair(Format::prometheus_api, '!');
  };
  CHECK(format("a.csv") == std::pair(Format::csv, ','));
  CHECK(format("a.tsv") == std::pair(Format::csv, '\t'));
  CHECK(format("a.jtl") == std::pair(Format::csv, ','));
  CHECK(format("dir.x/a.jsonl") == std::pair(Format::jsonl, ','));
  CHECK(format("a.ndjson") == std::pair(Format::jsonl, ','));
  CHECK(format("a.json") == std::pair(Format::json, ','));
  CHECK(format("a.om") == std::pair(Format::openmetrics, ','));
  CHECK(format("a.prom") == std::pair(Format::prometheus_text, ','));
  CHECK(format("a.log", Format::jsonl) == std::pair(Format::jsonl, ','));
  CHECK(reading_of("a.log", {}).error().message == "a.log: its extension does not say what it is");
}

TEST_CASE("keys of a question, in words") {
  const auto words = [](Members members, std::string_view column = "") {
    members.emplace_back("path", text_node("x.csv"));
    core::Diagnostics diagnostics;
    const FileQuery query = read_query(settings(std::move(members)), diagnostics);
    CHECK(texts(diagnostics).empty());
    return describe(query, column);
  };
  CHECK(words({}) == "count of rows");
  CHECK(words({{"where", table_node({{"status", text_node("500")}})}}) == "count of rows where status is 500");
  CHECK(words({{"sum", text_node("errors")}}) == "sum of errors");
  CHECK(words({{"distinct", text_node("user")},
               {"in",
                table_node({{"source", text_node("eligible")}, {"column", text_node("id")}, {"key", text_node("user")}})}}) ==
        "distinct user where user is among id of eligible");
  CHECK(words({{"value", text_node("score")}, {"map", table_node({{"9", number_node(100)}, {"8", number_node(0)}})}},
              "score") == "score as scores 8=0 9=100");
}

TEST_CASE("keys of a question: mistakes") {
  CHECK(problems_of_query({{"value", text_node("a")}, {"sum", text_node("b")}}) ==
        Texts{"RG1413 `value` and `sum` exclude each other"});
  CHECK(problems_of_query({{"sum", text_node("a")}, {"distinct", text_node("b")}}) ==
        Texts{"RG1413 `sum` and `distinct` exclude each other"});
  CHECK(problems_of_query({{"map", table_node({{"9", text_node("x")}})}}) ==
        Texts{"RG1416 `map.9` must be a number, not a string"});
  CHECK(problems_of_query({{"in", table_node({{"column", text_node("id")}})}}) ==
        Texts{"RG1416 `in` needs `source` and `column`"});
  CHECK(problems_of_query(
            {{"in", table_node({{"sorce", text_node("x")}, {"source", text_node("y")}, {"column", text_node("id")}})}}) ==
        Texts{"RG0104 unknown key `sorce` in `in`"});
  CHECK(problems_of_query({{"in", table_node({{"source", number_node(1)}, {"column", text_node("id")}})}}) ==
        Texts{"RG1416 `in.source` must be a string", "RG1416 `in` needs `source` and `column`"});
  core::Diagnostics diagnostics;
  (void)read_query({}, diagnostics);
  CHECK(texts(diagnostics) == Texts{"RG1403 no `path` says which files are read"});
}

}  // namespace
}  // namespace gate::sources::file
