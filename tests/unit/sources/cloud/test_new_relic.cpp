// New Relic: what can be told from NRQL without asking it, and how a window is written.
#include <catch2/catch.hpp>

#include "sources/new_relic/nrql.h"
#include "sources/new_relic/query.h"

namespace gate::sources::new_relic {
namespace {

using Names = std::set<std::string>;

Query query_of(const std::string& text) {
  Query query;
  query.text = text;
  query.said = read_nrql(text);
  return query;
}

constexpr core::Duration kMinute{60000};
const core::Time kStart{kMinute * 1000};

}  // namespace

TEST_CASE("new relic: what stands in NRQL") {
  struct Row {
    const char* text;
    std::vector<std::string> event_types;
    Names functions;
    Names clauses;
  };
  for (const Row& row : {
           Row{"", {}, {}, {}},
           Row{"SELECT count(*) FROM Transaction", {"Transaction"}, {"count"}, {"SELECT", "FROM"}},
           Row{"from Transaction, `Page View` select Average(duration) where appName = 'SINCE now' facet `limit`",
               {"Transaction", "Page View"},
               {"average"},
               {"SELECT", "FROM", "WHERE", "FACET"}},
           Row{"SELECT filter(count(*), WHERE status IN (1, 2) AND (a = 1 OR NOT (b = 2))) FROM Log -- SINCE now\n",
               {"Log"},
               {"filter", "count"},
               {"SELECT", "FROM", "WHERE"}},
           Row{"SELECT sum(bytes) /* LIMIT 5 */ FROM Metric // UNTIL", {"Metric"}, {"sum"}, {"SELECT", "FROM"}},
           Row{R"(SELECT count(*) FROM Log WHERE message LIKE "it\"s TIMESERIES" LIMIT 1)",
               {"Log"},
               {"count"},
               {"SELECT", "FROM", "WHERE", "LIMIT"}},
           Row{"SELECT max(n) FROM (SELECT count(*) AS n FROM Log FACET host LIMIT 5)",
               {"Log"},
               {"max", "count"},
               {"SELECT", "FROM", "FACET"}},
           Row{"SELECT count(*) FROM Log JOIN (FROM lookup(hosts) SELECT zone) ON host",
               {"Log"},
               {"count", "lookup"},
               {"SELECT", "FROM"}},
       }) {
    CAPTURE(row.text);
    const Nrql said = read_nrql(row.text);
    CHECK(said.mistake.empty());
    CHECK(said.event_types == row.event_types);
    CHECK(said.functions == row.functions);
    CHECK(said.clauses == row.clauses);
  }
}

TEST_CASE("new relic: what is not closed is said") {
  CHECK(read_nrql("SELECT count(*) FROM Log WHERE a = 'it\\'").mistake == "a ' is not closed");
  CHECK(read_nrql("SELECT count(*) FROM `Log").mistake == "a ` is not closed");
  CHECK(read_nrql("SELECT count(*) /* all").mistake == "a comment is not closed");
  CHECK(read_nrql("SELECT count(*) /*/").mistake == "a comment is not closed");
  CHECK(read_nrql("SELECT count(*").mistake == "a parenthesis is not closed");
}

TEST_CASE("new relic: which functions add up") {
  struct Row {
    const char* text;
    const char* function;
  };
  for (const Row& row :
       {Row{"SELECT count(*) FROM A", ""}, Row{"SELECT sum(a) + count(b) FROM A", ""},
        Row{"SELECT filter(uniqueCount(a), WHERE b) FROM A", "uniquecount"}, Row{"SELECT uniqueCount(a) FROM A", "uniquecount"},
        Row{"SELECT count(*), Average(b) FROM A", "average"}, Row{"SELECT percentile(b, 95) FROM A", "percentile"},
        Row{"SELECT sum(n) FROM (SELECT max(b) AS n FROM A FACET c)", ""}}) {
    CAPTURE(row.text);
    CHECK(adds_up_not(read_nrql(row.text)) == row.function);
  }
}

TEST_CASE("new relic: a window is written in milliseconds, in pieces of 366 buckets") {
  const Query query = query_of("SELECT sum(`a b`) FROM X, Y -- all");
  const Grid grid{kStart, kMinute, 800};
  const std::vector<Grid> pieces = pieces_of(grid);
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0].count == 366);
  CHECK(pieces[1].start == pieces[0].end());
  CHECK(pieces[2].start == pieces[1].end());
  CHECK(pieces[2].count == 68);
  CHECK(pieces[2].end() == grid.end());
  CHECK(nrql_for(query, {kStart, kMinute, 2}, true) ==
        "SELECT sum(`a b`) FROM X, Y -- all\nSINCE 60000000 UNTIL 60120000 TIMESERIES 60 seconds");
  CHECK(nrql_for(query_of("SELECT count(*) FROM X FACET y"), {kStart, kMinute, 1}, false) ==
        "SELECT count(*) FROM X FACET y\nSINCE 60000000 UNTIL 60060000 LIMIT MAX");
  CHECK(presence_nrql(query, {kStart, kMinute, 1}) ==
        "SELECT count(*) AS 'events', count(`a b`) AS 'values' FROM `X`, `Y` SINCE 60000000 UNTIL 60060000");
  CHECK(presence_nrql(query_of("SELECT count(*) FROM (SELECT 1)"), grid).empty());
}

}  // namespace gate::sources::new_relic
