#include <catch2/catch.hpp>

#include "history/location.h"

using namespace gate;
using history::parse_location;
using history::System;

TEST_CASE("where a history lies") {
  const auto file = parse_location("sqlite:runs/history.db");
  REQUIRE(file.ok());
  CHECK(file->system == System::sqlite);
  CHECK(file->path == "runs/history.db");
  CHECK(file->shown == "sqlite:runs/history.db");
  struct Case {
    const char* text;
    const char* shown;
  };
  for (const Case& c :
       {Case{"postgres://gate:s3cret@db.example:5433/history", "postgres://gate@db.example:5433/history"},
        Case{"postgresql://gate:s3%2Fcret@db.example/history?sslmode=verify-full", "postgres://gate@db.example/history"},
        Case{"postgres://db.example/history?user=gate&password=s3cret", "postgres://gate@db.example/history"},
        Case{"postgres:host=/run/postgresql user=gate password='s3 cret' dbname=history",
             "postgres://gate@/run/postgresql/history"},
        Case{"postgres:postgresql://gate@db.example/history", "postgres://gate@db.example/history"},
        Case{"postgres:", "postgres://"}}) {
    const auto found = parse_location(c.text);
    REQUIRE(found.ok());
    CHECK(found->system == System::postgres);
    CHECK(found->shown == c.shown);
    CHECK(found->shown.find("s3") == std::string::npos);
  }
}

TEST_CASE("what is no history's place, without quoting what may be a password") {
  for (const char* text : {"", "history.db", "mysql://gate:s3cret@db/x", "sqlite:", "sqlite::memory:",
                           "postgres://gate:s3cret@db:port/x?nonsense=1", "postgres:password s3cret", "postgresql://[::1/x"}) {
    const auto found = parse_location(text);
    REQUIRE(!found.ok());
    CHECK(found.error().code == "RG0601");
    CHECK(found.error().message.find("s3cret") == std::string::npos);
    CHECK(found.error().hint.find("s3cret") == std::string::npos);
    CHECK(!found.error().hint.empty());
  }
}
