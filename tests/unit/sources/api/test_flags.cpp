// What sources of feature flags have in common.
#include <catch2/catch.hpp>

#include "settings_of.h"
#include "sources/flags.h"

using namespace gate;
using namespace gate::sources;

namespace {

using Texts = std::vector<std::string>;

constexpr std::array<ApiMeasure, 3> kMeasures = {
    {{"rollout", "value", "%", ""}, {"enabled", "value", "", ""}, {"kill_switches", "count", "", ""}}};

Texts wrong(const std::vector<std::pair<std::string, std::string>>& query,
            const std::vector<std::pair<std::string, std::string>>& source) {
  return texts_of(check_flag_query("Flags", kMeasures, {"rollout"}, "rollout is", settings_of(query), settings_of(source)));
}

}  // namespace

TEST_CASE("what is asked of a flag stands in the metric, in the source, or is usual") {
  Question question;
  question.query = settings_of({{"flag", "new"}, {"environment", "staging"}, {"variation", "blue"}});
  const core::Settings source = settings_of({{"flag", "old"}, {"project", "shop"}, {"environment", "test"}});
  core::Answer answer;
  const FlagAsking asking = flag_asking(answer, question, source);
  CHECK(Texts{asking.measure, asking.project, asking.environment, asking.flag, asking.variation} ==
        Texts{"rollout", "shop", "staging", "new", "blue"});
  CHECK(flag_key({}, {}, "project") == "default");
  CHECK(flag_key({}, {}, "environment") == "production");
  CHECK(flag_key({}, {}, "flag").empty());
}

TEST_CASE("what a flag's measure is by nature") {
  const core::QueryFacts usual = flag_facts(kMeasures, settings_of({}));
  CHECK(usual.natural_kind == "value");
  CHECK(usual.natural_unit == "%");
  CHECK(usual.latest);
  CHECK(flag_facts(kMeasures, settings_of({{"measure", "enabled"}})).latest);
  const core::QueryFacts kills = flag_facts(kMeasures, settings_of({{"measure", "kill_switches"}}));
  CHECK(kills.natural_kind == "count");
  CHECK_FALSE(kills.latest);
}

TEST_CASE("keys of a question about a flag") {
  CHECK(wrong({{"flag", "new"}}, {}).empty());
  CHECK(wrong({{"variation", "blue"}}, {{"flag", "new"}}).empty());
  CHECK(wrong({}, {}) == Texts{"RG1910 no `flag` is named / flag = \"new-checkout\" @7"});
  CHECK(wrong({{"measure", "rollouts"}}, {{"flag", "new"}}) ==
        Texts{"RG1911 Flags has no measure `rollouts` / did you mean `rollout`? @8"});
  CHECK(wrong({{"measure", "enabled"}, {"variation", "blue"}}, {{"flag", "new"}}) ==
        Texts{"RG1910 `variation` has no meaning for this measure / rollout is @9"});
}
