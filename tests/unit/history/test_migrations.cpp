#include <memory>

#include "history/migrations.h"
#include "runs.h"

using namespace gate;
using namespace gate::history;

namespace {

std::unique_ptr<Database> open(const std::string& path, Access access = Access::write) {
  Location location;
  location.path = path;
  return connect(location, access, Limits{});
}

Trouble::Kind kind_of_trouble(const std::string& path, Access access = Access::write) {
  try {
    const auto database = open(path, access);
    migrate(*database, access);
  } catch (const Trouble& trouble) {
    return trouble.kind();
  }
  FAIL("no trouble");
  return Trouble::Kind::failed;
}

const std::vector<Migration> kOne = {{"CREATE TABLE first (a BIGINT)", "INSERT INTO first VALUES (7)"}};
const std::vector<Migration> kTwo = {kOne.front(), {"ALTER TABLE first ADD COLUMN b TEXT"}};

}  // namespace

TEST_CASE("an empty database gets all tables, once") {
  const Folder folder;
  const auto database = open(folder.file("h.db"));
  CHECK(version_of(*database) == 0);
  migrate(*database, Access::write);
  CHECK(version_of(*database) == static_cast<std::int64_t>(migrations().size()));
  CHECK(database->has_table("release_gate_runs"));
  CHECK(database->has_table("release_gate_marks"));
  migrate(*database, Access::write);
  CHECK(version_of(*database) == static_cast<std::int64_t>(migrations().size()));
  CHECK(std::get<std::string>(database->run("PRAGMA journal_mode").rows.front().front()) == "wal");
}

TEST_CASE("an older database is brought up step by step, and keeps what it holds") {
  const Folder folder;
  const auto database = open(folder.file("h.db"));
  migrate(*database, Access::write, kOne);
  CHECK(version_of(*database) == 1);
  migrate(*database, Access::write, kTwo);
  CHECK(version_of(*database) == 2);
  CHECK(database->run("SELECT a, b FROM first").rows.front() == Row{std::int64_t{7}, std::monostate{}});
}

TEST_CASE("a step that fails leaves nothing of itself, nor of the steps before it") {
  const Folder folder;
  const auto database = open(folder.file("h.db"));
  CHECK_THROWS_AS(migrate(*database, Access::write, {kOne.front(), {"CREATE TABLE second (a BIGINT)", "no such statement"}}),
                  Trouble);
  CHECK(version_of(*database) == 0);
  CHECK(!database->has_table("first"));
}

TEST_CASE("databases that are left alone") {
  const Folder folder;
  SECTION("of a newer program") {
    const auto database = open(folder.file("h.db"));
    migrate(*database, Access::write, kTwo);
    CHECK_THROWS_AS(migrate(*database, Access::write, kOne), Trouble);
    CHECK(version_of(*database) == 2);
    database->run("UPDATE release_gate_schema SET version = 99");
    CHECK(kind_of_trouble(folder.file("h.db")) == Trouble::Kind::newer);
    CHECK(kind_of_trouble(folder.file("h.db"), Access::read) == Trouble::Kind::newer);
  }
  SECTION("of something else") {
    open(folder.file("h.db"))->run("CREATE TABLE notes (a TEXT)");
    CHECK(kind_of_trouble(folder.file("h.db")) == Trouble::Kind::no_history);
  }
  SECTION("without a version") {
    const auto database = open(folder.file("h.db"));
    migrate(*database, Access::write, kOne);
    database->run("DELETE FROM release_gate_schema");
    CHECK(kind_of_trouble(folder.file("h.db")) == Trouble::Kind::no_history);
  }
  SECTION("that are none") {
    FILE* file = std::fopen(folder.file("h.db").c_str(), "w");
    REQUIRE(file != nullptr);
    for (int i = 0; i < 200; ++i) std::fputs("this is no database at all\n", file);
    std::fclose(file);
    CHECK(kind_of_trouble(folder.file("h.db")) == Trouble::Kind::no_history);
  }
  SECTION("that are not there, and are only to be read") {
    CHECK(kind_of_trouble(folder.file("h.db"), Access::read) == Trouble::Kind::failed);
    CHECK(!std::filesystem::exists(folder.file("h.db")));
  }
}
