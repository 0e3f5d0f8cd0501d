// Conformance: every recorded or specified answer decodes, or ends in the designed error.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "sources/jira/decode.h"
#include "sources/jira/names.h"

using namespace gate;
using namespace gate::sources::jira;

namespace {

std::filesystem::path payloads() {
  const char* named = std::getenv("RELEASE_GATE_PAYLOADS");
  const std::filesystem::path root =
      named != nullptr ? named : std::filesystem::path(GATE_SOURCE_DIR) / ".." / "shared" / "payloads";
  return root / "jira";
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

template <typename T, typename Show>
std::string outcome(const core::Result<T>& result, Show show) {
  return result.ok() ? show(result.value()) : result.error().code;
}

std::string issues(const std::string& body) {
  return outcome(decode_issues(body), [](const IssuePage& page) {
    std::string text = std::to_string(page.issues.size()) + " issues, token \"" + page.next_token + "\":";
    for (const Issue& issue : page.issues) text += " " + issue.id;
    return text;
  });
}

std::string sprints(const std::string& body) {
  return outcome(decode_sprints(body), [](const ListPage<Sprint>& page) {
    std::size_t closed = 0;
    for (const Sprint& sprint : page.values) closed += sprint.state == "closed" && sprint.completed ? 1 : 0;
    return std::to_string(page.values.size()) + " sprints, " + std::to_string(closed) + " closed" + (page.last ? "" : ", more");
  });
}

std::string boards(const std::string& body) {
  return outcome(decode_boards(body), [](const ListPage<std::int64_t>& page) {
    std::string text = "boards";
    for (const std::int64_t number : page.values) text += " " + std::to_string(number);
    return text + (page.last ? "" : ", more");
  });
}

std::string versions(const std::string& body) {
  return outcome(decode_versions(body), [](const ListPage<Version>& page) {
    std::string text = std::to_string(page.values.size()) + " versions";
    for (const Version& version : page.values) {
      if (version.released) text += ", " + version.name + " on " + (version.day ? core::format_time(*version.day) : "no day");
    }
    return text;
  });
}

std::string changelogs(const std::string& body) {
  return outcome(decode_changelogs(body), [](const ChangelogPage& page) {
    std::string text = "token " + page.next_token + ":";
    for (const auto& [id, changes] : page.changes) text += " " + id + " " + std::to_string(changes.size()) + " moves";
    return text;
  });
}

std::string fields(const std::string& body) {
  return outcome(decode_fields(body), [](const std::vector<Field>& all) {
    return date_field(find_field(all, "original story points").value()).clause + " of " + std::to_string(all.size());
  });
}

std::string statuses(const std::string& body) {
  return outcome(decode_statuses(body), [](const auto& all) { return std::to_string(all.size()) + " statuses"; });
}

std::string myself(const std::string& body) {
  return outcome(decode_myself(body), [](const Myself& user) { return user.name + "/" + user.time_zone; });
}

std::string server(const std::string& body) {
  return outcome(decode_server_info(body), [](const ServerInfo& info) { return info.deployment + " " + info.version; });
}

struct Expected {
  std::string (*decode)(const std::string& body);
  const char* outcome;
};

const std::map<std::string, Expected> kExpected = {
    {"jira-cli_boards.json", {boards, "boards 1 2"}},
    {"jira-cli_fields.json", {fields, "cf[10111] of 3"}},
    {"jira-cli_issue.json", {issues, "RG1710"}},
    {"jira-cli_myself.json", {myself, "Person A/"}},
    {"jira-cli_releases.json", {versions, "3 versions, First on no day"}},
    {"jira-cli_search.json", {issues, "3 issues, token \"\": TEST-1 TEST-2 TEST-3"}},
    {"jira-cli_serverinfo.json", {server, "Cloud 1001.0.0-SNAPSHOT"}},
    {"jira-cli_sprint-get.json", {sprints, "RG1710"}},
    {"jira-cli_sprints-0.json", {sprints, "3 sprints, 3 closed, more"}},
    {"jira-cli_sprints.json", {sprints, "5 sprints, 4 closed"}},
    {"jira-cli_transitions.json", {statuses, "RG1710"}},
    {"spec2025_approximate_count.json", {issues, "RG1710"}},
    {"spec2025_changelog_bulkfetch.json", {changelogs, "token UxAQBFRF: 10100 0 moves"}},
    {"spec2025_search_jql.json", {issues, "1 issues, token \"\": 10002"}},
    {"spec_board_sprints.json", {sprints, "2 sprints, 1 closed, more"}},
    {"spec_changelog.json", {changelogs, "RG1710"}},
    {"spec_version_related.json", {versions, "RG1710"}},
    {"spec_version_unresolved.json", {versions, "RG1710"}},
    {"spec_versions.json", {versions, "2 versions, New Version 1 on 2010-07-06T00:00:00Z"}},
};

}  // namespace

// Trap: the specification's examples are documentation, not recordings, and some differ from what is sent
TEST_CASE("every recording decodes or ends in the designed error") {
  const std::filesystem::path folder = payloads();
  if (!std::filesystem::is_directory(folder)) {
    std::cout << "skipped: no recordings at " << folder << " (RELEASE_GATE_PAYLOADS names their folder)\n";
    return;
  }
  std::set<std::string> seen;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    const auto expected = kExpected.find(name);
    REQUIRE(expected != kExpected.end());
    CHECK(expected->second.decode(read(entry.path())) == expected->second.outcome);
    seen.insert(name);
  }
  CHECK(seen.size() == kExpected.size());
  std::cout << "jira: " << seen.size() << " recordings as expected\n";
}
