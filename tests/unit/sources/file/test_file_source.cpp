#include <catch2/catch.hpp>

#include "folder.h"
#include "sources/file/client.h"

namespace gate::sources::file {
namespace {

using Texts = std::vector<std::string>;
using Members = std::vector<std::pair<std::string, core::Node>>;

core::Question question(Members query, core::Shape shape = core::Shape::slices) {
  core::Question out;
  out.metric = "m";
  out.part = "events";
  out.query = settings(std::move(query));
  out.shape = shape;
  out.window = core::Window{at("2026-03-17T12:00:00Z"), at("2026-03-17T12:10:00Z")};
  out.step = std::chrono::minutes(10);
  return out;
}

http::Task<void> ask(Source& source, const core::Question& asked, std::string& out) {
  try {
    http::Task<core::Answer> asking = source.ask(asked);
    const core::Answer answer = co_await asking;
    for (const core::Series& series : answer.series) {
      for (const double value : series.values) out += std::to_string(static_cast<int>(value)) + " ";
    }
    if (answer.dropped_rows > 0) out += "dropped " + std::to_string(answer.dropped_rows) + " ";
    for (const std::string& note : answer.notes) out += "(" + note + ")";
  } catch (const core::SourceError& failure) {
    out = failure.error().code + " " + failure.error().message + " / " + failure.error().hint;
  }
}

/// What the questions give, with the folder's name taken out.
Texts answers(const Folder& folder, const core::Settings& source_settings, const std::vector<core::Question>& questions,
              const core::Settings* other = nullptr, http::Tape* tape = nullptr) {
  http::Options options;
  options.tape = tape;
  http::Client client(std::move(options));
  SourceContext context{&client, tape, folder.path(), [other](std::string_view) { return other; }};
  core::Diagnostics diagnostics;
  FileSource source("logs", read_options(source_settings, diagnostics), context);
  REQUIRE(texts(diagnostics).empty());
  std::vector<const core::Question*> pointers;
  for (const core::Question& one : questions) pointers.push_back(&one);
  source.prepare(pointers);
  Texts out(questions.size());
  std::vector<http::Task<void>> tasks;
  for (std::size_t i = 0; i < questions.size(); ++i) tasks.push_back(ask(source, questions[i], out[i]));
  client.run(std::move(tasks));
  for (std::string& text : out) {
    for (std::size_t found; (found = text.find(folder.path() + "/")) != std::string::npos;)
      text.erase(found, folder.path().size() + 1);
    for (std::size_t found; (found = text.find(folder.path())) != std::string::npos;)
      text.replace(found, folder.path().size(), "FOLDER");
  }
  return out;
}

core::Node path(const std::string& text) {
  return text_node(text);
}

constexpr std::string_view kRows =
    "time,status,n\n"
    "2026-03-17T11:59:59Z,500,1\n"
    "2026-03-17T12:00:00Z,500,2\n"
    "2026-03-17T12:05:00Z,200,4\n"
    "2026-03-17T12:10:00Z,500,8\n";

TEST_CASE("several questions, several files, each read once") {
  const Folder folder;
  (void)folder.write("logs/a.csv", kRows);
  (void)folder.write("logs/b.csv", "n,time,status\n16,2026-03-17T12:01:00Z,500\n");
  (void)folder.write("logs/c.txt", "not read");
  const std::vector<core::Question> questions = {
      question({{"path", path("logs/*.csv")}}),
      question({{"path", path("logs/*.csv")}, {"sum", text_node("n")}}),
      question({{"path", path("logs/a.csv")}, {"where", table_node({{"status", text_node("500")}})}}),
  };
  CHECK(answers(folder, {}, questions) == Texts{"3 ", "22 ", "1 "});
}

TEST_CASE("no file, an unknown format, a folder in the way") {
  const Folder folder;
  (void)folder.write("a.log", "x");
  CHECK(answers(folder, {}, {question({{"path", path("logs/*.csv")}})}) ==
        Texts{"RG1403 no file matches \"logs/*.csv\" in FOLDER / `path` is relative to the gate file"});
  CHECK(answers(folder, {}, {question({{"path", path("a.log")}})}) ==
        Texts{"RG1402 a.log: its extension does not say what it is / say `format`: `csv`, `jsonl`, `json`, `openmetrics`, "
              "`prometheus-text` or `prometheus-api`"});
}

TEST_CASE("a folder whose name looks like a pattern, a file whose name does") {
  const Folder folder;
  (void)folder.write("a[1]/x.csv", kRows);
  (void)folder.write("b[2].csv", kRows);
  CHECK(answers(folder, {}, {question({{"path", path("b[2].csv")}})}) == Texts{"2 "});
  const auto files = match_files(folder.path() + "/a[1]", "*.csv", "");
  REQUIRE(files.ok());
  CHECK(*files == Texts{folder.path() + "/a[1]/x.csv"});
}

TEST_CASE("columns that are not there: the nearest name, another delimiter") {
  const Folder folder;
  (void)folder.write("a.csv", kRows);
  (void)folder.write("b.csv", "time;n\n2026-03-17T12:05:00Z;4\n");
  (void)folder.write("c.csv", "ts,n\n2026-03-17T12:05:00Z,4\n");
  CHECK(answers(folder, {},
                {question({{"path", path("a.csv")}, {"sum", text_node("errors")}}),
                 question({{"path", path("a.csv")}, {"where", table_node({{"statsu", text_node("500")}})}}),
                 question({{"path", path("a.csv")}})}) ==
        Texts{"RG1408 a.csv has no column `errors` / it has `time`, `status` and `n`",
              "RG1408 a.csv has no column `statsu` / did you mean `status`?", "2 "});
  CHECK(answers(folder, {}, {question({{"path", path("b.csv")}})}) ==
        Texts{"RG1408 b.csv has no column `time` / its fields are not parted by commas: delimiter = \";\""});
  CHECK(answers(folder, {}, {question({{"path", path("c.csv")}})}) ==
        Texts{"RG1408 c.csv has no column `time` / it has `ts` and `n`"});
}

TEST_CASE("bad rows: an error with the line, or left out and counted") {
  const Folder folder;
  const std::string hint = " / mend the file, or leave such rows out and count them: on_bad_row = \"drop\"";
  (void)folder.write("a.csv",
                     "time,n\n2026-03-17T12:01:00Z,1\n2026-03-17T12:02:00Z\n2026-03-17T12:03:00Z,\"1,234\"\n,5\nyesterday,6\n");
  const std::vector<core::Question> questions = {question({{"path", path("a.csv")}, {"sum", text_node("n")}}),
                                                 question({{"path", path("a.csv")}})};
  CHECK(answers(folder, {}, questions) == Texts{"RG1405 a.csv:3: it has 1 field, the header has 2" + hint,
                                                "RG1405 a.csv:3: it has 1 field, the header has 2" + hint});
  CHECK(answers(folder, settings({{"on_bad_row", text_node("drop")}}), questions) ==
        Texts{"1 dropped 4 (4 bad rows were left out)", "2 dropped 3 (3 bad rows were left out)"});
  (void)folder.write("a.csv", "time,n\n2026-03-17T12:01:00Z,1\n2026-03-17T12:03:00Z,n/a\n");
  CHECK(answers(folder, {}, questions) == Texts{"RG1405 a.csv:3: `n` is \"n/a\", which is no number" + hint, "2 "});
  (void)folder.write("a.csv", "time,n\n2026-03-17T12:01:00Z,1\n2026-03-17 12:03:00,2\n");
  CHECK(
      answers(folder, {}, {questions[1]}) ==
      Texts{"RG1404 a.csv:3: \"2026-03-17 12:03:00\" is not a time of the declared format / it names no offset: say which zone "
            "is meant, for instance time = { …, zone = \"UTC\" }"});
  (void)folder.write("a.json", R"([{"time":"2026-03-17T12:01:00Z"},{"n":1}])");
  CHECK(answers(folder, {}, {question({{"path", path("a.json")}})}) ==
        Texts{"RG1405 a.json, row 2: it has no `time`, which is its time" + hint});
}

TEST_CASE("no row in the window says where the rows are") {
  const Folder folder;
  (void)folder.write("a.csv", "time,n\n2026-03-17T10:00:00Z,1\n2026-03-17T11:00:00Z,2\n");
  (void)folder.write("b.csv", "time,n\n");
  CHECK(answers(folder, {}, {question({{"path", path("a.csv")}}), question({{"path", path("b.csv")}})}) ==
        Texts{"(no row lies in the window: they are from 2026-03-17T10:00:00Z to 2026-03-17T11:00:00Z)",
              "(the files have no row)"});
}

TEST_CASE("ids of another source") {
  const Folder folder;
  (void)folder.write("use.csv", "time,user\n2026-03-17T12:01:00Z,u1\n2026-03-17T12:02:00Z,u2\n2026-03-17T12:03:00Z,u9\n");
  (void)folder.write("eligible.tsv", "id\tplan\nu1\tpro\nu2\tfree\nu3\tpro\n");
  const core::Settings eligible = settings({{"path", path("eligible.tsv")}});
  const auto among = [&](Members more) {
    Members in = {{"source", text_node("eligible")}, {"column", text_node("id")}, {"key", text_node("user")}};
    for (auto& one : more) in.push_back(std::move(one));
    return question({{"path", path("use.csv")}, {"distinct", text_node("user")}, {"in", table_node(std::move(in))}});
  };
  CHECK(answers(folder, {}, {among({}), among({{"where", table_node({{"plan", text_node("pro")}})}})}, &eligible) ==
        Texts{"2 ", "1 "});
  const core::Settings gone = settings({{"path", path("nobody.csv")}});
  CHECK(answers(folder, {}, {among({}), question({{"path", path("use.csv")}})}, &gone) ==
        Texts{"RG1403 no file matches \"nobody.csv\" in FOLDER / `path` is relative to the gate file", "3 "});
}

TEST_CASE("rows without times lie in every window") {
  const Folder folder;
  (void)folder.write("eligible.csv", "id\nu1\nu2\nu1\n");
  core::Node none;
  none.value = false;
  auto sliced = question({{"path", path("eligible.csv")}});
  sliced.parts = 20;
  CHECK(answers(folder, settings({{"time", none}}),
                {question({{"path", path("eligible.csv")}, {"distinct", text_node("id")}}), sliced}) ==
        Texts{"2 ",
              "RG1413 the rows have no times, and `events` is wanted in 20 parts of the window / such rows can be counted with "
              "`distinct`, or become one `value`"});
}

TEST_CASE("formats with labels have their times in Unix seconds unless declared") {
  const Folder folder;
  (void)folder.write(
      "a.json",
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"code":"500"},"values":[[1773748860,"3"],[1773749400,"9"]]}]}})");
  CHECK(answers(folder, settings({{"format", text_node("prometheus-api")}}),
                {question({{"path", path("a.json")}, {"sum", text_node("value")}})}) == Texts{"3 "});
}

TEST_CASE("what `plan` shows") {
  const Folder folder;
  (void)folder.write("a.csv", kRows);
  core::Diagnostics diagnostics;
  const FileSource source("logs", read_options({}, diagnostics), {nullptr, nullptr, folder.path(), nullptr});
  auto asked = question({{"path", path("*.csv")}, {"where", table_node({{"status", text_node("500")}})}});
  asked.each = "route";
  const auto requests = source.preview(asked);
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].method == "READ");
  CHECK(requests[0].target == "*.csv (1 file)");
  CHECK(requests[0].text == "count of rows where status is 500, each route");
}

TEST_CASE("a replay needs no file") {
  const Folder folder;
  const Folder evidence;
  (void)folder.write("a.csv", kRows);
  const std::vector<core::Question> questions = {question({{"path", path("a.csv")}}),
                                                 question({{"path", path("a.csv")}, {"sum", text_node("errors")}})};
  const Texts expected = {"2 ", "RG1408 a.csv has no column `errors` / it has `time`, `status` and `n`"};
  auto recording = http::Tape::open(evidence.path(), http::TapeMode::record);
  REQUIRE(recording.ok());
  CHECK(answers(folder, {}, questions, nullptr, &recording.value()) == expected);
  std::filesystem::remove(folder.path() + "/a.csv");
  auto replay = http::Tape::open(evidence.path(), http::TapeMode::replay);
  REQUIRE(replay.ok());
  CHECK(answers(folder, {}, questions, nullptr, &replay.value()) == expected);
  CHECK(answers(folder, {}, {question({{"path", path("b.csv")}})}, nullptr, &replay.value()) ==
        Texts{"RG1082 this question was not recorded / the gate file, the release time or the program changed since the "
              "recording: record again"});
}

}  // namespace
}  // namespace gate::sources::file
