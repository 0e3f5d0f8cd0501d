#include <catch2/catch.hpp>

#include "serve/outcome.h"

using namespace gate::serve;

namespace {

std::string report(const std::string& verdict, const std::string& metrics = "") {
  return R"({"schema":"release-gate/report/v1","gate":{"name":"shop"},"verdict":")" + verdict +
         R"(","headline":"all\u001b[31m is well","metrics":[)" + metrics + "]}";
}

Finished finished(int exit_code, std::string out, std::string err = "") {
  Finished done;
  done.exit_code = exit_code;
  done.out = std::move(out);
  done.err = std::move(err);
  return done;
}

std::string metric(const std::string& id, const std::string& verdict, const std::string& evidence, const std::string& due,
                   bool required = true) {
  return R"({"id":")" + id + R"(","verdict":")" + verdict + R"(","evidence":")" + evidence + R"(","required":)" +
         (required ? "true" : "false") + R"(,"due":)" + due + R"(,"series":{"candidate":[[1,2]]},"requests":[{"id":"x"}]})";
}

}  // namespace

TEST_CASE("verdict and exit code agree, or there is none") {
  const char* const names[] = {"pass", "warn", "fail", "inconclusive", "error"};
  const int codes[] = {0, 0, 1, 3, 4};
  for (std::size_t i = 0; i < 5; ++i) {
    for (const int code : {0, 1, 3, 4, 5, 143}) {
      CAPTURE(names[i], code);
      const Outcome outcome = outcome_of(finished(code, report(names[i])));
      CHECK(name(outcome.verdict) == (code == codes[i] ? names[i] : "unfinished"));
    }
  }
}

TEST_CASE("what is said is one printable line") {
  const Outcome outcome = outcome_of(finished(0, report("pass")));
  CHECK(outcome.gate == "shop");
  CHECK(outcome.headline == "all\\x1b[31m is well");
}

TEST_CASE("no report is no verdict") {
  for (const char* out :
       {"", "{", "[]", "null", "{}", R"({"verdict":"pass"})", R"({"schema":"release-gate/report/v2","verdict":"pass"})",
        R"({"schema":"release-gate/report/v1","verdict":["pass"]})"}) {
    CAPTURE(out);
    CHECK(outcome_of(finished(0, out)).verdict == Verdict::unfinished);
  }
  const Outcome wrong = outcome_of(finished(2, "", "gate.toml:2:1: error[RG0104]: unknown key `naem`\n2 | naem\n"));
  CHECK(wrong.verdict == Verdict::unusable);
  CHECK(wrong.headline == "error[RG0104]: unknown key `naem`");
  CHECK(outcome_of(finished(2, report("pass"))).verdict == Verdict::unusable);
}

TEST_CASE("a run that was ended is no verdict, whatever it wrote") {
  Finished late = finished(0, report("pass"));
  late.timed_out = true;
  CHECK(outcome_of(late).verdict == Verdict::unfinished);
  Finished large = finished(0, report("pass"));
  large.too_large = true;
  CHECK(outcome_of(large).verdict == Verdict::unfinished);
  CHECK(outcome_of(finished(-1, report("pass"))).verdict == Verdict::unfinished);
  CHECK(outcome_of(finished(-1, report("pass"))).exit_code == 5);
}

TEST_CASE("pending is inconclusive for no other reason than time") {
  const std::string early = metric("a", "inconclusive", "pending", R"("2026-03-17T12:34:00Z")");
  const std::string later = metric("b", "inconclusive", "pending", R"("2026-03-17T13:04:00Z")");
  const std::string thin = metric("c", "inconclusive", "thin", "null");
  const std::string optional = metric("d", "inconclusive", "thin", "null", false);
  const auto read = [](const std::string& metrics) { return outcome_of(finished(3, report("inconclusive", metrics))); };
  CHECK(read(early + "," + later + "," + optional).verdict == Verdict::pending);
  CHECK(read(early + "," + later).due == "2026-03-17T13:04:00Z");
  CHECK(read(early + "," + later).blocking == std::vector<std::string>{"a", "b"});
  CHECK(read(early + "," + thin).verdict == Verdict::inconclusive);
  CHECK(read(early + "," + thin).due.empty());
  CHECK(read("").verdict == Verdict::inconclusive);
  CHECK(read(R"(1,"x",{"verdict":"inconclusive","required":"yes"})").verdict == Verdict::inconclusive);
}
