// Measures and keys of sources behind an API.
#include <catch2/catch.hpp>

#include "sources/api_source.h"

using namespace gate;
using namespace gate::sources;

namespace {

constexpr std::array<ApiMeasure, 2> kMeasures = {
    {{"incidents", "count", "", "how many"}, {"time_to_resolve", "samples", "s", "how long"}}};

core::Settings asking(const std::string& measure) {
  core::Settings query;
  query.location_of_table = {"gate.toml", 7, 1, 1};
  if (measure.empty()) return query;
  core::Setting setting;
  setting.key = "measure";
  setting.node.value = measure;
  setting.node.location = {"gate.toml", 9, 11, 3};
  setting.key_location = {"gate.toml", 9, 1, 7};
  query.add(std::move(setting));
  return query;
}

std::string mistake(const std::string& measure) {
  core::Diagnostics found;
  check_measure(found, "PagerDuty", kMeasures, asking(measure));
  if (found.empty()) return "";
  return found.front().error.code + " " + found.front().error.message + " / " + found.front().error.hint + " @" +
         std::to_string(found.front().error.location.line);
}

}  // namespace

TEST_CASE("a measure is known, or its nearest is named") {
  CHECK(mistake("incidents").empty());
  CHECK(mistake("incident") == "RG1911 PagerDuty has no measure `incident` / did you mean `incidents`? @9");
  CHECK(mistake("velocity") == "RG1911 PagerDuty has no measure `velocity` / it may be `incidents` or `time_to_resolve` @9");
  CHECK(mistake("") == "RG1911 no `measure` says what PagerDuty is asked for / it may be `incidents` or `time_to_resolve` @7");
}

TEST_CASE("facts follow from the measure") {
  CHECK(measure_facts(kMeasures, asking("incidents")).natural_kind == "count");
  CHECK(measure_facts(kMeasures, asking("time_to_resolve")).natural_unit == "s");
  CHECK(measure_facts(kMeasures, asking("nothing")).natural_kind == "samples");
  CHECK(find_measure(kMeasures, "nothing") == nullptr);
  CHECK(measures_doc(kMeasures) == "what is measured: incidents, time_to_resolve");
}

TEST_CASE("a mistake in a key stands at the key, or at the table when there is none") {
  core::Diagnostics found;
  add_key_error(found, asking("incidents"), "measure", "it cannot be", "mend it");
  add_key_error(found, asking("incidents"), "service", "it is missing", "write it");
  REQUIRE(found.size() == 2);
  CHECK(found[0].error.code == "RG1910");
  CHECK(found[0].error.location.line == 9);
  CHECK(found[1].error.location.line == 7);
}
