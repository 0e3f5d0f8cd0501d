// The link to the next page.
#include <catch2/catch.hpp>

#include "sources/link_header.h"

using gate::sources::link_target;

TEST_CASE("the target of a relation") {
  struct Row {
    const char* header;
    const char* target;
  };
  const Row row = GENERATE(values<Row>({
      {R"(<https://api.example.com/x?page=2>; rel="next", <https://api.example.com/x?page=9>; rel="last")",
       "https://api.example.com/x?page=2"},
      {R"(<https://api.example.com/x?page=1>; rel="prev", </x?page=3>; rel="next")", "/x?page=3"},
      {R"(<?page=2>;rel=next)", "?page=2"},
      {R"(<a,b;c>; title="x, <no>; rel=\"next\""; rel="start Next")", "a,b;c"},
      {R"(<a>; REL="next")", "a"},
      {R"(<a>; rel="last")", ""},
      {R"(<a>; rel="last"; rel="next")", ""},
      {R"(<a>; title="next")", ""},
      {R"(<a>; rel="nextpage")", ""},
      {R"(<a; rel="next")", ""},
      {"", ""},
      {R"(<>; rel="next")", ""},
  }));
  CAPTURE(row.header);
  CHECK(link_target(row.header, "next") == row.target);
}
