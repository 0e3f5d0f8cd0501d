// Measures and keys of sources behind an API.
#include <catch2/catch.hpp>

#include "settings_of.h"
#include "sources/api_source.h"

using namespace gate;
using namespace gate::sources;

namespace {

constexpr std::array<ApiMeasure, 2> kMeasures = {
    {{"incidents", "count", "", "how many"}, {"time_to_resolve", "samples", "s", "how long"}}};

core::Settings asking(const std::string& measure) {
  return measure.empty() ? settings_of({}) : settings_of({{"measure", measure}});
}

std::string mistake(const std::string& measure) {
  core::Diagnostics found;
  check_measure(found, "PagerDuty", kMeasures, asking(measure));
  return found.empty() ? "" : texts_of(found).front();
}

}  // namespace

TEST_CASE("a measure is known, or its nearest is named") {
  CHECK(mistake("incidents").empty());
  CHECK(mistake("incident") == "RG1911 PagerDuty has no measure `incident` / did you mean `incidents`? @8");
  CHECK(mistake("velocity") == "RG1911 PagerDuty has no measure `velocity` / it may be `incidents` or `time_to_resolve` @8");
  CHECK(mistake("") == "RG1911 no `measure` says what PagerDuty is asked for / it may be `incidents` or `time_to_resolve` @7");
}

TEST_CASE("facts follow from the measure") {
  CHECK(measure_facts(kMeasures, asking("incidents")).natural_kind == "count");
  CHECK(measure_facts(kMeasures, asking("time_to_resolve")).natural_unit == "s");
  CHECK(measure_facts(kMeasures, asking("nothing")).natural_kind == "samples");
  CHECK(measure_facts(kMeasures, asking(""), "incidents").natural_kind == "count");
  CHECK(find_measure(kMeasures, "nothing") == nullptr);
  CHECK(measures_doc(kMeasures) == "what is measured: incidents, time_to_resolve");
}

TEST_CASE("a mistake in a key stands at the key, or at the table when there is none") {
  core::Diagnostics found;
  add_key_error(found, asking("incidents"), "measure", "it cannot be", "mend it");
  add_key_error(found, asking("incidents"), "service", "it is missing", "write it");
  REQUIRE(found.size() == 2);
  CHECK(found[0].error.code == "RG1910");
  CHECK(found[0].error.location.line == 8);
  CHECK(found[1].error.location.line == 7);
}
