// Checks that keys of several sources have in common, and what becomes of credentials.
#include <catch2/catch.hpp>

#include "settings_of.h"
#include "sources/api_source.h"
#include "sources/http_settings.h"

using namespace gate;
using namespace gate::sources;

namespace {

using Texts = std::vector<std::string>;

core::Settings secret(const std::string& key, const std::string& value) {
  core::Settings out;
  core::Setting setting;
  setting.key = key;
  setting.secret = core::Secret(value, "env THE_" + key);
  setting.reference = "env THE_" + key;
  out.add(std::move(setting));
  return out;
}

}  // namespace

TEST_CASE("digits") {
  CHECK(is_digits("7509"));
  for (const char* text : {"", "-1", "1.5", " 1", "7a", "٣"}) CHECK_FALSE(is_digits(text));
}

TEST_CASE("a key that its measure does not take, a word that is none of two, a number, a zone") {
  const core::Settings query =
      settings_of({{"clock", "wall"}, {"view", "x1"}, {"timezone", "Europe/Atlantis"}, {"from", "list"}, {"id", "25"}});
  core::Diagnostics found;
  refuse_key(found, query, "view", "tickets");
  refuse_key(found, query, "brand", "tickets");
  check_word(found, query, "clock", "calendar", "business", ", which counts the hours of the schedule");
  check_word(found, query, "from", "list", "analytics");
  check_word(found, query, "absent", "one", "other");
  check_number(found, query, "view", "25");
  check_number(found, query, "id", "25");
  check_number(found, query, "absent", "25");
  CHECK(
      texts_of(found) ==
      Texts{"RG1910 `view` has no meaning for measure = \"tickets\" / remove it @9",
            "RG1910 `clock` cannot be \"wall\" / write \"calendar\" or \"business\", which counts the hours of the schedule @8",
            "RG1910 `view` is the number of one / view = \"25\" @9"});
  core::Diagnostics zones;
  check_zone(zones, query, "timezone");
  check_zone(zones, query, "absent");
  check_zone(zones, settings_of({{"timezone", "Europe/Berlin"}}), "timezone");
  REQUIRE(zones.size() == 1);
  CHECK(zones.front().error.location.line == 10);
}

TEST_CASE("a login is a token, or a user and a password") {
  const auto wrong = [](const std::vector<std::pair<std::string, std::string>>& keys) {
    core::Diagnostics found;
    check_login(found, settings_of(keys));
    return texts_of(found);
  };
  CHECK(wrong({}).empty());
  CHECK(wrong({{"token", ""}}).empty());
  CHECK(wrong({{"user", "jane"}, {"password", ""}}).empty());
  CHECK(wrong({{"user", "jane"}}) == Texts{"RG1910 `user` without `password` / give both, or a `token` @8"});
  CHECK(wrong({{"password", ""}}) == Texts{"RG1910 `password` without `user` / give both, or a `token` @8"});
  CHECK(wrong({{"token", ""}, {"user", "jane"}, {"password", ""}}) ==
        Texts{"RG1910 `token` and `user` exclude each other / a request has one Authorization @9"});
}

TEST_CASE("credentials name where they came from, set or not") {
  http::Endpoint endpoint;
  use_header(endpoint, secret("token", "t0p"), "token", "Authorization", "Token ");
  REQUIRE(endpoint.headers.size() == 1);
  CHECK(endpoint.headers.front().first == "Authorization");
  CHECK(endpoint.headers.front().second.reveal() == "Token t0p");
  CHECK(endpoint.headers.front().second.name() == "env THE_token");
  CHECK(endpoint.credential_reference == "env THE_token");

  http::Endpoint unset;
  use_header(unset, secret("token", ""), "token", "Authorization");
  use_header(unset, core::Settings(), "job_token", "JOB-TOKEN");
  CHECK(unset.headers.empty());
  CHECK(unset.credential_reference == "env THE_token");

  http::Endpoint basic;
  use_password(basic, secret("password", "pa55"));
  CHECK(basic.user.empty());
  CHECK(basic.password.reveal() == "pa55");
  CHECK(basic.credential_reference == "env THE_password");
}

TEST_CASE("an address that is usual stands in for one that is not named") {
  CHECK(make_endpoint("api", settings_of({}), "", "https://api.example.com").url == "https://api.example.com");
  CHECK(make_endpoint("api", settings_of({{"url", "https://own.example.com"}}), "", "https://api.example.com").url ==
        "https://own.example.com");
}
