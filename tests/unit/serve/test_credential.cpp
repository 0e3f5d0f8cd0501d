#include <catch2/catch.hpp>

#include "http/base64.h"
#include "serve/credential.h"

using gate::core::Secret;
using gate::serve::is_authorized;

TEST_CASE("bearer and basic") {
  const Secret token("0123456789abcdef", "test");
  const auto basic = [](const std::string& pair) { return "Basic " + gate::http::base64_encode(pair); };
  for (const std::string& good : {std::string("Bearer 0123456789abcdef"), std::string("bEARER  0123456789abcdef"),
                                  basic("anybody:0123456789abcdef"), basic(":0123456789abcdef")})
    CHECK(is_authorized(good, token));
  for (const std::string& bad :
       {std::string(), std::string("Bearer"), std::string("Bearer "), std::string("Bearer 0123456789abcde"),
        std::string("Bearer 0123456789abcdefg"), std::string("Bearer 0123456789ABCDEF"), std::string("0123456789abcdef"),
        std::string("Digest 0123456789abcdef"), basic("0123456789abcdef:"), basic("0123456789abcdef"),
        std::string("Basic ???")}) {
    CAPTURE(bad);
    CHECK_FALSE(is_authorized(bad, token));
  }
}

TEST_CASE("without a token everybody may ask") {
  CHECK(is_authorized("", Secret()));
  CHECK(is_authorized("Bearer x", Secret()));
}
