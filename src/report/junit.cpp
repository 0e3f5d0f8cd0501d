#include "report/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <vector>

#include "core/text.h"
#include "report/standing.h"

namespace gate::report {
namespace {

/// One test case before it is written.
struct Case {
  std::string name;
  std::string sentence;
  std::string detail;
  Standing standing = Standing::holds;
};

struct Suite {
  std::string name;
  std::vector<Case> cases;
};

std::string suite_of(const core::MetricReport& metric) {
  return core::printable(metric.category.empty() ? metric.source : metric.category);
}

/// What a person needs besides the sentence: the queries, the graph, the place in the gate file.
std::string detail_of(const core::MetricReport& metric, const std::string& file, std::uint32_t line) {
  std::string out;
  for (const core::ResolvedQuery& query : metric.queries)
    out += fmt::format("{} {}: {}\n", query.side, query.part, core::printable(query.text));
  if (!metric.graph_url.empty()) out += "graph: " + core::printable(metric.graph_url) + "\n";
  if (line > 0) out += fmt::format("{}:{}\n", core::printable(file), line);
  return out;
}

std::vector<Case> cases_of(const core::MetricReport& metric) {
  std::vector<Case> out;
  for (const core::CriterionReport& one : metric.criteria) {
    std::string name = core::printable(fmt::format("{}: {} {} ({})", metric.id, one.rule, one.bound, core::name(one.level)));
    out.push_back(
        {std::move(name), criterion_sentence(metric, one), detail_of(metric, one.file, one.line), standing_of(metric, one)});
  }
  if (out.empty()) {
    const std::string sentence = metric.headline.empty() ? "Not judged: there is no bound." : metric.headline;
    out.push_back({core::printable(metric.id), core::printable(sentence), detail_of(metric, metric.file, metric.line),
                   standing_of(metric)});
  }
  return out;
}

std::vector<Suite> suites_of(const core::Report& report) {
  std::vector<Suite> out;
  for (const core::MetricReport& metric : report.metrics) {
    const std::string name = suite_of(metric);
    auto suite = std::find_if(out.begin(), out.end(), [&](const Suite& one) { return one.name == name; });
    if (suite == out.end()) suite = out.insert(out.end(), Suite{name, {}});
    std::vector<Case> cases = cases_of(metric);
    suite->cases.insert(suite->cases.end(), cases.begin(), cases.end());
  }
  if (report.errors.empty()) return out;
  Suite whole{"release-gate", {}};
  for (const core::Error& error : report.errors)
    whole.cases.push_back({error.code, core::printable(error.message), core::printable(error.hint), Standing::errs});
  out.push_back(std::move(whole));
  return out;
}

/// GitLab keeps one case of each name in a suite and drops the others.
void make_names_unique(Suite& suite) {
  std::set<std::string> seen;
  for (Case& one : suite.cases) {
    const std::string name = one.name;
    for (int number = 2; !seen.insert(one.name).second; ++number) one.name = fmt::format("{} #{}", name, number);
  }
}

std::size_t count(const std::vector<Suite>& suites, Standing standing) {
  std::size_t out = 0;
  for (const Suite& suite : suites) {
    out += static_cast<std::size_t>(
        std::count_if(suite.cases.begin(), suite.cases.end(), [&](const Case& one) { return one.standing == standing; }));
  }
  return out;
}

void add_counts(pugi::xml_node node, const std::vector<Suite>& suites) {
  std::size_t tests = 0;
  for (const Suite& suite : suites) tests += suite.cases.size();
  node.append_attribute("tests") = tests;
  node.append_attribute("failures") = count(suites, Standing::fails);
  node.append_attribute("errors") = count(suites, Standing::errs);
}

void add_result(pugi::xml_node node, const char* element, const char* type, const Case& one) {
  pugi::xml_node result = node.append_child(element);
  result.append_attribute("message") = one.sentence.c_str();
  if (*type != '\0') result.append_attribute("type") = type;
  // GitLab shows the text alone, Jenkins the message, too.
  result.text().set((one.sentence + "\n" + one.detail).c_str());
}

void add_case(pugi::xml_node suite, const Case& one, const std::string& classname) {
  pugi::xml_node node = suite.append_child("testcase");
  node.append_attribute("name") = one.name.c_str();
  node.append_attribute("classname") = classname.c_str();
  node.append_attribute("time") = "0";
  if (one.standing == Standing::fails) add_result(node, "failure", "fail", one);
  if (one.standing == Standing::errs) add_result(node, "error", "error", one);
  if (one.standing == Standing::open) add_result(node, "skipped", "", one);
  if (one.standing == Standing::warns) node.append_child("system-out").text().set(("warning: " + one.sentence).c_str());
}

}  // namespace

std::string to_junit(const core::Report& report) {
  std::vector<Suite> suites = suites_of(report);
  for (Suite& suite : suites) make_names_unique(suite);
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("testsuites");
  root.append_attribute("name") = core::printable(report.gate_name).c_str();
  add_counts(root, suites);
  const double seconds = std::chrono::duration<double>(report.duration).count();
  root.append_attribute("time") = fmt::format("{:.3f}", seconds).c_str();
  for (const Suite& suite : suites) {
    pugi::xml_node node = root.append_child("testsuite");
    node.append_attribute("name") = suite.name.c_str();
    add_counts(node, {suite});
    node.append_attribute("skipped") = count({suite}, Standing::open);
    node.append_attribute("time") = "0";
    for (const Case& one : suite.cases) add_case(node, one, suite.name);
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return core::without_commands(out.str());
}

}  // namespace gate::report
