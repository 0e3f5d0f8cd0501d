// What all sources of reports share: where files may be, how large and how old, both sides, the tape.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "report_asking.h"

namespace gate::sources::reports {
namespace {

using file::at;
using file::text_node;

constexpr std::string_view kGood = R"(<testsuite timestamp="2026-03-17T12:00:00Z"><testcase name="a"/></testsuite>)";
constexpr std::string_view kBad =
    R"(<testsuite timestamp="2026-03-16T12:00:00Z"><testcase name="a"><failure/></testcase></testsuite>)";

TEST_CASE("files are found by a pattern, and none is an error, never zero") {
  Asked asked("junit", {{"path", text_node("out/*.xml")}});
  CHECK(asked.measure("failed") == "RG1403 ci: no file matches \"out/*.xml\" in FOLDER / `path` is relative to the gate file");
  asked.file("out/a.xml", kGood).file("out/b.xml", kBad);
  CHECK(asked.measure("failed") == "1 (failed: a)");
  CHECK(asked.at == at("2026-03-17T12:00:00Z"));
}

TEST_CASE("files lie inside of the root, links followed") {
  Asked outside("junit", {});
  outside.file("a.xml", kGood);
  Asked asked("junit", {{"path", text_node("*.xml")}});
  std::filesystem::create_symlink(outside.folder().path() + "/a.xml", asked.folder().path() + "/link.xml");
  CHECK(asked.measure("failed").starts_with("RG1501 ci: link.xml lies outside of FOLDER / files are read inside of `root`"));
  Asked up("junit",
           {{"path", text_node("../" + std::filesystem::path(outside.folder().path()).filename().string() + "/a.xml")}});
  CHECK(up.measure("failed").starts_with("RG1501 "));
  Asked root("junit", {{"path", text_node("a.xml")}, {"root", text_node("out")}});
  root.file("out/a.xml", kGood);
  CHECK(root.measure("failed") == "0");
  Asked nowhere("junit", {{"path", text_node("a.xml")}, {"root", text_node("nowhere")}});
  CHECK(nowhere.measure("failed").starts_with("RG1403 "));
}

TEST_CASE("what is no file, or too large, or not there to be read, is an error") {
  Asked folder("junit", {{"path", text_node("a.xml")}});
  std::filesystem::create_directory(folder.folder().path() + "/a.xml");
  CHECK(folder.measure("failed") == "RG1401 ci: cannot read a.xml: it is no regular file / check the path and its permissions");
  Asked large("junit", {{"max_bytes", text_node("64B")}});
  large.file("a.xml", std::string(100, ' ') + std::string(kGood));
  CHECK(large.measure("failed") ==
        "RG1502 ci: a.xml is larger than allowed: 176 B of 64 B / if it is the right file, raise `max_bytes` of the source");
  Asked dangling("junit", {{"path", text_node("*.xml")}});
  std::filesystem::create_symlink("gone", dangling.folder().path() + "/a.xml");
  CHECK(dangling.measure("failed").starts_with("RG1401 ci: cannot read a.xml: No such file"));
}

TEST_CASE("a report of before the release is stale when the source says how old it may be") {
  const auto answer = [](Members source, const char* released) {
    Asked asked("junit", std::move(source));
    asked.file("a.xml", kGood);
    core::Question question = asked.question("failed");
    question.released_at = at(released);
    return asked.ask(std::move(question));
  };
  CHECK(answer({{"max_age", text_node("1h")}}, "2026-03-17T12:59:00Z") == "0");
  CHECK(answer({{"max_age", text_node("1h")}}, "2026-03-17T13:01:00Z") ==
        "none: stale test report of 2026-03-17T12:00:00Z, more than 1 h older than the release");
  CHECK(answer({}, "2026-03-18T13:01:00Z") == "0");
}

TEST_CASE("the baseline is another file, and without one there is no data") {
  Asked asked("junit", {{"baseline_path", text_node("main.xml")}});
  asked.file("a.xml", kGood).file("main.xml", kBad);
  core::Question question = asked.question("failed");
  question.before = at("2026-03-17T12:00:00Z");
  CHECK(asked.ask(question) == "1 (failed: a)");
  Asked alone("junit", {});
  alone.file("a.xml", kGood);
  core::Question past = alone.question("failed");
  past.before = at("2026-03-17T12:00:00Z");
  CHECK(alone.ask(past) == "none: a file has no past, and no `baseline_path` names the file of the version before");
  core::Question compared = asked.question("new_failed");
  compared.before = at("2026-03-17T12:00:00Z");
  CHECK(asked.ask(compared) == "none: the measure is a comparison already");
}

TEST_CASE("what can be wrong with the keys is known before anything is read") {
  using Texts = std::vector<std::string>;
  CHECK(mistakes("junit", {{"path", text_node("a")}, {"measure", text_node("failed")}}).empty());
  CHECK(mistakes("junit", {{"measure", text_node("failed")}}) == Texts{"RG1403 no `path` says which files are read"});
  CHECK(mistakes("junit", {{"path", text_node("a")}}) == Texts{"RG1505 no `measure` says what is asked of the test report"});
  CHECK(mistakes("junit", {{"path", text_node("a")}, {"measure", text_node("faild")}}) ==
        Texts{"RG1505 a test report has no measure `faild`"});
  CHECK(mistakes("junit", {{"path", text_node("a")}, {"measure", text_node("new_failed")}}) ==
        Texts{"RG1507 `new_failed` compares with the version before, and no `baseline_path` names its files"});
}

TEST_CASE("`each` must be something that the report knows") {
  Asked asked("junit", {});
  asked.file("a.xml", kGood);
  core::Question question = asked.question("failed");
  question.each = "suite";
  CHECK(asked.ask(std::move(question)) ==
        "RG1506 ci: there is nothing called `suite` to take apart / a test report gives one number: remove `each`");
}

TEST_CASE("an answer is kept on tape, and given back without the files") {
  Asked asked("junit", {});
  asked.file("a.xml", kBad);
  const std::string tape_folder = asked.folder().path() + "/tape";
  core::Question missing = asked.question("failed", {{"path", text_node("gone.xml")}});
  core::Question past = asked.question("failed");
  past.before = at("2026-03-17T12:00:00Z");
  std::vector<std::string> first;
  {
    auto tape = http::Tape::open(tape_folder, http::TapeMode::record);
    REQUIRE(tape.ok());
    for (const core::Question& one : {asked.question("failed"), missing, past}) first.push_back(asked.ask(one, &tape.value()));
  }
  CHECK(first[0] == "1 (failed: a)");
  std::filesystem::remove(asked.folder().path() + "/a.xml");
  auto tape = http::Tape::open(tape_folder, http::TapeMode::replay);
  REQUIRE(tape.ok());
  std::vector<std::string> again;
  for (const core::Question& one : {asked.question("failed"), missing, past}) again.push_back(asked.ask(one, &tape.value()));
  CHECK(again == first);
}

}  // namespace
}  // namespace gate::sources::reports
