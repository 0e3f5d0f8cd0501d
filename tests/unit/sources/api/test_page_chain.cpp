#include <catch2/catch.hpp>

#include "sources/api_caller.h"

using gate::sources::ApiCaller;
using gate::sources::ApiSystem;
using gate::sources::PageChain;

namespace {

const ApiSystem kSystem{"Example", "", "", ""};

}  // namespace

TEST_CASE("a chain of more pages than a question should have ends") {
  gate::http::Endpoint endpoint;
  endpoint.name = "desk";
  const ApiCaller caller(kSystem, endpoint, nullptr);
  PageChain chain(caller, 3);
  CHECK_NOTHROW(chain.follow("a"));
  CHECK_NOTHROW(chain.follow("b"));
  try {
    chain.follow("c");
    FAIL("a third page was followed");
  } catch (const gate::core::SourceError& error) {
    CHECK(error.error().code == "RG1905");
    CHECK(error.error().message == "desk: the answer has more than 3 pages");
  }
}
