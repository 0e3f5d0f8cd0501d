#include "report/terminal.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "core/text.h"
#include "reports.h"

using namespace gate::report;
using namespace gate::report::test;
namespace core = gate::core;
using core::Verdict;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

core::Report mixed() {
  return report_of({failed(), broken(), with_verdict(Verdict::inconclusive, "cpu"), pending(),
                    with_verdict(Verdict::warn, "errors"), with_verdict(Verdict::pass, "memory"),
                    with_verdict(Verdict::pass, "a title so long that it has no place in any table of this world")},
                   Verdict::fail);
}

}  // namespace

TEST_CASE("no line is wider than the terminal") {
  core::Report report = mixed();
  report.metrics[0].title = "日本語の遅延 p99";
  report.metrics[0].graph_url = "https://prom/graph?q=" + std::string(300, 'x');
  for (const std::size_t columns : {40U, 60U, 79U, 80U, 100U, 140U, 300U}) {
    for (const Charset charset : {Charset::unicode, Charset::ascii}) {
      const std::string text = to_terminal(report, {columns, Colour::off, Detail::short_, charset});
      for (const std::string& line : lines_of(text)) {
        CAPTURE(columns, line);
        CHECK(display_width(line) <= columns);
      }
    }
  }
}

TEST_CASE("ASCII means ASCII") {
  const std::string text = to_terminal(mixed(), {100, Colour::off, Detail::full, Charset::ascii});
  for (const char c : text) CHECK(static_cast<unsigned char>(c) < 0x80U);
}

TEST_CASE("without SGR the bytes are the same") {
  for (const std::size_t columns : {70U, 100U}) {
    const std::string plain = to_terminal(mixed(), {columns, Colour::off, Detail::full, Charset::unicode});
    std::string painted = to_terminal(mixed(), {columns, Colour::on, Detail::full, Charset::unicode});
    CHECK(painted != plain);
    for (std::size_t at = painted.find("\x1b["); at != std::string::npos; at = painted.find("\x1b["))
      painted.erase(at, painted.find('m', at) - at + 1);
    CHECK(painted == plain);
    CHECK(plain.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("control characters from outside never reach the terminal") {
  core::Report report = mixed();
  report.gate_name = "a\x1b[2J";
  report.metrics[0].title = "t\x1b]0;x\a";
  report.metrics[1].brief = "b\r\n::error::x";
  report.headline = "h\x9b";
  report.notes = {"n\x1b"};
  const std::string text = to_terminal(report, {100, Colour::off, Detail::full, Charset::unicode});
  for (const char c : text) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20U));
}

TEST_CASE("columns stand under each other whatever the title is made of") {
  core::Report report = report_of({failed("a"), failed("b")}, Verdict::fail);
  report.metrics[0].title = "日本語の遅延";
  report.metrics[1].title = "plain";
  const auto lines = lines_of(to_terminal(report, {100, Colour::off, Detail::short_, Charset::unicode}));
  const auto column = [](const std::string& line) { return display_width(line.substr(0, line.find("312 ms"))); };
  CHECK(column(lines.at(4)) == column(lines.at(6)));
}

TEST_CASE("a pass is two lines") {
  core::Report report = report_of({with_verdict(Verdict::pass, "latency")}, Verdict::pass);
  report.exit_code = 0;
  report.headline = "the one metric is shown to be within its limits";
  report.certainty.clear();
  report.next.clear();
  report.closest = "p99 latency +3.1 % [+0.9, +5.4], limit +10 %";
  CHECK(to_terminal(report, {}) ==
        "✓ PASS  checkout-api 1.42.0: the one metric is shown to be within its limits\n"
        "  closest to its limit: p99 latency +3.1 % [+0.9, +5.4], limit +10 % · exit 0 · 0.31 s\n");
}

TEST_CASE("a failure says what to do, with the graph") {
  CHECK(to_terminal(report_of({failed()}, Verdict::fail), {}) ==
        "✗ FAIL  checkout-api 1.42.0: p99 latency +31 % (limit +10 %), at least +24 % at 95 %\n"
        "  before 11:34–12:04, after 12:09–12:34 UTC · 1 fail\n"
        "\n"
        "  metric       before   after  change  90 % interval  limit  trend\n"
        "✗ p99 latency  312 ms  409 ms   +31 %  [+24, +39]     +10 %  ▁▁▁▁▁▁▁▁┃████████  worse\n"
        "    → hold or roll back; graph: https://prom/graph?q=1\n"
        "exit 1 · 0.31 s\n");
}

TEST_CASE("below 80 columns a metric is two lines") {
  TerminalOptions options;
  options.columns = 70;
  CHECK(to_terminal(report_of({failed(), broken(), with_verdict(Verdict::pass, "memory")}, Verdict::fail), options) ==
        "✗ FAIL  checkout-api 1.42.0: p99 latency +31 % (limit +10 %),\n"
        "        at least +24 % at 95 %\n"
        "  before 11:34–12:04, after 12:09–12:34 UTC · 1 fail 1 error\n"
        "\n"
        "✗ p99 latency    312 → 409 ms  +31 % worse  limit +10 %\n"
        "    [+24, +39]  → hold or roll back; graph: https://prom/graph?q=1\n"
        "! p99 incidents  pagerduty: 401 Unauthorized\n"
        "    GET https://api\n"
        "    → renew PAGERDUTY_TOKEN; run again · release-gate explain RG1101\n"
        "✓ 1 pass · exit 1 · 0.31 s\n");
}

TEST_CASE("where the output is no terminal, no URL is cut") {
  const std::string graph = "https://prom/graph?q=" + std::string(200, 'x');
  const std::string asked = "https://api/" + std::string(150, 'y');
  core::Report report = report_of({failed(), broken()}, Verdict::fail);
  report.metrics[0].graph_url = graph;
  report.metrics[1].error->context = {"GET " + asked};
  report.metrics[1].brief = "no answer from " + asked;
  report.notes = {"read " + asked};
  TerminalOptions options;
  for (const std::size_t columns : {40U, 79U, 100U}) {
    CAPTURE(columns);
    options.columns = columns;
    options.urls = Urls::cut;
    CHECK(to_terminal(report, options).find(graph) == std::string::npos);
    options.urls = Urls::whole;
    const auto lines = lines_of(to_terminal(report, options));
    const auto count = [&](const std::string& end) {
      return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) { return line.ends_with(end); });
    };
    CHECK(count("      graph: " + graph) == 1);
    CHECK(count("no answer from " + asked) == 1);
    CHECK(count("    GET " + asked) == 1);
    CHECK(count(asked) == 3);
    for (const std::string& line : lines) CHECK((display_width(line) <= columns || line.find("://") != std::string::npos));
  }
}

TEST_CASE("the same trouble of many metrics is told once") {
  const std::string text = to_terminal(report_of({broken("a"), broken("b"), broken("c")}, Verdict::error), {});
  std::size_t count = 0;
  for (std::size_t at = text.find("GET https://api"); at != std::string::npos; at = text.find("GET https://api", at + 1))
    ++count;
  CHECK(count == 1);
}

TEST_CASE("verbose shows links whole and how it was measured") {
  core::Report report = mixed();
  report.metrics[0].graph_url = "https://prom/graph?q=" + std::string(200, 'x');
  const std::string text = to_terminal(report, {100, Colour::off, Detail::full, Charset::unicode});
  CHECK(text.find(report.metrics[0].graph_url) != std::string::npos);
  CHECK(text.find("before [2026-03-17T11:34:00Z, 2026-03-17T12:04:00Z), 30 min: 120 samples") != std::string::npos);
  CHECK(text.find("100 samples, 2 left out") != std::string::npos);
  CHECK(text.find("method mean-long-run-variance, worth 61 and 58 independent samples") != std::string::npos);
}
