#include <catch2/catch.hpp>

#include "sources/sonarqube/requests.h"

using namespace gate;
using namespace gate::sources::sonarqube;

namespace {

using Keys = std::vector<std::pair<const char*, const char*>>;

/// Keys of a table at `line`.
core::Settings settings(const Keys& keys, std::uint32_t line) {
  core::Settings out;
  for (const auto& [key, value] : keys) {
    core::Setting setting;
    setting.key = key;
    setting.key_location = {"gate.toml", line, static_cast<std::uint32_t>(out.all().size() + 1), 1};
    setting.node.value = std::string(value);
    out.add(std::move(setting));
  }
  return out;
}

}  // namespace

TEST_CASE("a metric's own keys win over the source's, whose keys it inherits") {
  struct Row {
    Keys source;
    Keys own;
    const char* component;
  };
  for (const Row& row : {Row{{{"project", "p"}}, {}, "p"}, Row{{{"project", "p"}}, {{"project", "q"}}, "q"},
                         Row{{{"project", "p"}, {"branch", "b"}}, {}, "p, branch b"},
                         Row{{{"project", "p"}, {"branch", "b"}}, {{"pull_request", "1"}}, "p, pull request 1"},
                         Row{{{"project", "p"}, {"pull_request", "1"}}, {{"branch", "b"}}, "p, branch b"}}) {
    INFO(row.component);
    const core::Settings source = settings(row.source, 2);
    core::Question question;
    question.query = settings(row.own, 9);
    for (const core::Setting& one : source.all()) {
      if (!question.query.has(one.key)) question.query.add(one);
    }
    CHECK(describe(component_of(question, source)) == row.component);
  }
}

TEST_CASE("another branch takes the place of this one on the baseline side alone") {
  const core::Settings source = settings({{"project", "p"}, {"pull_request", "1"}}, 2);
  core::Question question;
  question.query = settings({{"baseline_branch", "main"}}, 9);
  CHECK(describe(component_of(question, source)) == "p, pull request 1");
  question.before = core::Time{};
  CHECK(describe(component_of(question, source)) == "p, branch main");
}

TEST_CASE("parameters name the component, and times have no colon in their offset") {
  CHECK(naming({"p", "", "7"}, "component") == Parameters{{"component", "p"}, {"pullRequest", "7"}});
  CHECK(naming({"p", "b", ""}, "projectKey") == Parameters{{"projectKey", "p"}, {"branch", "b"}});
  CHECK(format_sonar_time(core::Time(std::chrono::milliseconds(1773749040999))) == "2026-03-17T12:04:00+0000");
}
