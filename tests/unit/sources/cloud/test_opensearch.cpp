// OpenSearch: the fields that a query names, and what names an index.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "sources/opensearch/fields.h"
#include "sources/opensearch/request.h"

namespace gate::sources::opensearch {
namespace {

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("opensearch: the fields that a query string names") {
  struct Row {
    const char* text;
    Names fields;
  };
  for (const Row& row : {
           Row{"", {}},
           Row{"*", {}},
           Row{"*:*", {}},
           Row{"error", {}},
           Row{"level:ERROR", {"level"}},
           Row{"+level:(ERROR OR FATAL) -http.status:>=500 AND NOT user-agent:bot", {"level", "http.status", "user-agent"}},
           Row{"(a:1 OR !b:2)", {"a", "b"}},
           Row{"_exists_:error.code AND _index:x", {"error.code"}},
           Row{"_exists_:(a)", {}},
           Row{"message:\"no: really\\\" x: y\" AND b:2", {"message", "b"}},
           Row{"when:[2026-01-01T00:00:00 TO now] AND ms:{10 TO 20]", {"when", "ms"}},
           Row{"url.path:/a:b\\/c:d/ AND x:1", {"url.path", "x"}},
           Row{"url.path:a/b AND x:1", {"url.path", "x"}},
           Row{"host:a\\:80 AND y:2", {"host", "y"}},
           Row{"book.\\*:(quick OR brown) AND na*e:x AND z:1", {"z"}},
           Row{"größe:3", {"größe"}},
           Row{"open:\"never closed a:1", {"open", "a"}},
           Row{"a:1 b\\", {"a"}},
       }) {
    CAPTURE(row.text);
    CHECK(fields_of_text(row.text) == row.fields);
  }
}

TEST_CASE("opensearch: the fields that a clause of the query DSL names") {
  struct Row {
    const char* clause;
    Names fields;
  };
  for (const Row& row : {
           Row{R"({"term": {"status": {"value": 500, "boost": 2}}})", {"status"}},
           Row{R"({"terms": {"status": [500, 503], "boost": 1}})", {"status"}},
           Row{R"({"exists": {"field": "error.code"}})", {"error.code"}},
           Row{R"({"match_all": {}})", {}},
           Row{R"({"term": {"_id": "x"}})", {}},
           Row{R"({"bool": {"filter": [{"range": {"ms": {"gte": 1}}}], "must_not": {"prefix": {"path": "/a"}}}})",
               {"ms", "path"}},
           Row{R"({"nested": {"path": "items", "query": {"match": {"items.name": "x"}}}})", {"items.name"}},
       }) {
    CAPTURE(row.clause);
    CHECK(fields_of_clause(nlohmann::json::parse(row.clause)) == row.fields);
  }
}

TEST_CASE("opensearch: an index in a path keeps what makes it a pattern") {
  CHECK(search_path("logs-*,-logs-old") == "/logs-*,-logs-old/_search?allow_no_indices=false&ignore_unavailable=false");
  CHECK(search_path("<logs-{now/d}>").starts_with("/%3Clogs-%7Bnow%2Fd%7D%3E/_search"));
}

}  // namespace gate::sources::opensearch
