#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "http/tape.h"

using gate::http::Tape;
using gate::http::TapeMode;
namespace fs = std::filesystem;

namespace {

/// A folder that is gone after the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "release-gate-tape-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string name() const { return path_.string(); }
  [[nodiscard]] std::vector<fs::path> exchanges() const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(path_ / "exchanges")) all.push_back(entry.path());
    return all;
  }

 private:
  fs::path path_;
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

void record(const Folder& folder, const std::string& question, const std::string& answer) {
  auto tape = Tape::open(folder.name(), TapeMode::record);
  REQUIRE(tape.ok());
  REQUIRE(tape.value().put(question, answer).ok());
}

}  // namespace

TEST_CASE("what was recorded is given back") {
  struct Case {
    const char* name;
    std::string question;
    std::string answer;
    std::string given;
  };
  const Case cases[] = {
      {"objects", R"({"a":1})", R"({"b":[1,2.5,"x"]})", R"({"b":[1,2.5,"x"]})"},
      {"an object spelt in another way", R"({ "a" : 1 })", R"({ "b" : 2 })", R"({"b":2})"},
      {"text", "up", "1 2 3\n", "1 2 3\n"},
      {"empty text", "", "", ""},
      {"bytes that are no text", "\xff\xfe", std::string("\0\x80\xff", 3), std::string("\0\x80\xff", 3)},
      {"text that is JSON but no object", "[1]", "\"x\"", "\"x\""},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    const Folder folder;
    record(folder, c.question, c.answer);
    const auto tape = Tape::open(folder.name(), TapeMode::replay);
    REQUIRE(tape.ok());
    const auto answer = tape.value().get(c.question);
    REQUIRE(answer.ok());
    CHECK(answer.value() == c.given);
  }
}

TEST_CASE("the later of two answers to one question counts") {
  const Folder folder;
  auto tape = Tape::open(folder.name(), TapeMode::record);
  REQUIRE(tape.ok());
  REQUIRE(tape.value().put(R"({"a":1})", "first").ok());
  REQUIRE(tape.value().put(R"({ "a": 1 })", "second").ok());
  CHECK(folder.exchanges().size() == 1);
  CHECK(Tape::open(folder.name(), TapeMode::replay)->get(R"({"a":1})").value() == "second");
}

TEST_CASE("an unknown question says so") {
  const Folder folder;
  record(folder, "known", "x");
  const auto tape = Tape::open(folder.name(), TapeMode::replay);
  REQUIRE(tape.ok());
  const auto answer = tape.value().get("unknown");
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().code == "RG1082");
  CHECK(answer.error().hint.find("record again") != std::string::npos);
}

TEST_CASE("a change of an exchange is found") {
  const Folder clean;
  record(clean, R"({"q":"up"})", R"({"value":"0.25"})");
  const fs::path path = clean.exchanges().front();
  const std::string text = read(path);
  for (std::size_t at = 0; at < text.size(); ++at) {
    // White space between the parts is nobody's statement: the bundle's own checksums cover it.
    if (text[at] == ' ' || text[at] == '\n') continue;
    std::string changed = text;
    changed[at] = changed[at] == '7' ? '8' : '7';
    write(path, changed);
    const auto tape = Tape::open(clean.name(), TapeMode::replay);
    INFO(changed);
    REQUIRE_FALSE(tape.ok());
    REQUIRE(tape.error().code == "RG1081");
  }
  write(path, text);
  CHECK(Tape::open(clean.name(), TapeMode::replay).ok());
  fs::rename(path, path.parent_path() / "0123456789abcdef0123456789abcdef.json");
  CHECK(Tape::open(clean.name(), TapeMode::replay).error().code == "RG1081");
}

TEST_CASE("folders that cannot be used") {
  const Folder folder;
  record(folder, "q", "a");
  CHECK(Tape::open(folder.name(), TapeMode::record).error().code == "RG1080");
  CHECK(Tape::open(folder.name() + "/nowhere", TapeMode::replay).error().code == "RG1080");
  CHECK(Tape::open("/proc/nowhere", TapeMode::record).error().code == "RG1080");
  auto tape = Tape::open(folder.name() + "/new/deep", TapeMode::record);
  REQUIRE(tape.ok());
  fs::remove_all(folder.name() + "/new");
  CHECK(tape.value().put("q", "a").error().code == "RG1080");
}

TEST_CASE("the same question in another chapter is another one") {
  const Folder folder;
  Tape tape = Tape::open(folder.name(), TapeMode::record).value();
  for (const char* chapter : {"", "look 1", "look 2"}) {
    tape.turn_to(chapter);
    REQUIRE(tape.put(R"({"a":1})", std::string("answer of ") + chapter).ok());
  }
  Tape replayed = Tape::open(folder.name(), TapeMode::replay).value();
  for (const char* chapter : {"look 2", "", "look 1"}) {
    replayed.turn_to(chapter);
    CHECK(replayed.get(R"({"a": 1})").value() == std::string("answer of ") + chapter);
  }
  replayed.turn_to("look 3");
  CHECK(replayed.get(R"({"a":1})").error().code == "RG1082");
}
