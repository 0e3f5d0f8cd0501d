// Conformance: every recorded answer decodes, or ends in the designed error.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "sources/sonarqube/decode.h"

using namespace gate;
using namespace gate::sources::sonarqube;

namespace {

std::filesystem::path payloads() {
  const char* named = std::getenv("RELEASE_GATE_PAYLOADS");
  const std::filesystem::path root =
      named != nullptr ? named : std::filesystem::path(GATE_SOURCE_DIR) / ".." / "shared" / "payloads";
  return root / "sonarqube";
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string measures(const std::string& body) {
  const auto all = decode_measures(body);
  if (!all) return all.error().code;
  std::string out;
  for (const Measure& one : *all) out += (out.empty() ? "" : ", ") + one.metric + " " + one.value;
  return out;
}

std::string quality_gate(const std::string& body) {
  const auto found = decode_quality_gate(body);
  if (!found) return found.error().code;
  return found->state.word + ", " + std::to_string(found->state.conditions.size()) + " conditions: " + found->state.reason;
}

std::string task(const std::string& body) {
  const auto task = decode_task(body);
  return task ? task->status + " " + task->analysis : task.error().code;
}

}  // namespace

TEST_CASE("every recording of SonarQube decodes") {
  if (!std::filesystem::exists(payloads())) {
    std::cout << "skipped: no recordings at " << payloads().lexically_normal() << "\n";
    return;
  }
  const std::map<std::string, std::pair<std::string (*)(const std::string&), std::string>> expected = {
      {"ce_task-example.json", {task, "SUCCESS AYhSC3WDE6ILQDIMAPIp"}},
      {"measures_component-example.json", {measures, "complexity 12, new_violations 25, ncloc 114"}},
      {"project_status-example.json",
       {quality_gate,
        "ERROR, 7 conditions: new_coverage is 82.5, at least 85; new_blocker_violations is 14, at most 0; "
        "new_critical_violations is 1, at most 0; open_issues is 17"}},
  };
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(payloads())) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    REQUIRE(expected.contains(name));
    const auto& [decode, outcome] = expected.at(name);
    CHECK(decode(read(entry.path())) == outcome);
    found.insert(name);
  }
  CHECK(found.size() == expected.size());
  std::cout << found.size() << " recordings of SonarQube\n";
}
