#include "report/progress.h"

#include <catch2/catch.hpp>
#include <sstream>
#include <thread>

using namespace gate::report;
using std::chrono::milliseconds;

TEST_CASE("the line says how far it is and what it waits for") {
  CHECK(progress_text(34, 200, milliseconds(2149), "datadog p95") == "asked 34/200 · 2.1 s · slowest: datadog p95");
  CHECK(progress_text(0, 1, milliseconds(0), "") == "asked 0/1 · 0.0 s");
  CHECK(progress_text(1, 2, milliseconds(10), "a\x1b[2J") == "asked 1/2 · 0.0 s · slowest: a\\x1b[2J");
}

TEST_CASE("nothing is written when it is not wanted, is over soon, or is a log that is young") {
  for (const bool terminal : {true, false}) {
    for (const bool enabled : {true, false}) {
      std::ostringstream out;
      Progress progress(out, terminal, enabled);
      progress.update(1, 2, "prom");
      progress.finish();
      CHECK(out.str().empty());
    }
  }
}

TEST_CASE("a terminal's line is drawn over and taken away") {
  std::ostringstream out;
  Progress progress(out, true, true);
  std::this_thread::sleep_for(milliseconds(320));
  progress.update(1, 2, "prom");
  CHECK(out.str().starts_with("\r\x1b[Kasked 1/2 · "));
  CHECK(out.str().find('\n') == std::string::npos);
  progress.finish();
  CHECK(out.str().ends_with("\r\x1b[K"));
  const std::string before = out.str();
  progress.finish();
  CHECK(out.str() == before);
}
