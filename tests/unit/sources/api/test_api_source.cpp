// Measures and keys of sources behind an API.
#include <catch2/catch.hpp>

#include "settings_of.h"
#include "sources/api_source.h"
#include "sources/credential.h"

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

TEST_CASE("what is a credential, and what is none") {
  http::Endpoint endpoint;
  CHECK_FALSE(has_credential(endpoint));
  endpoint.user = "jane";
  endpoint.headers.emplace_back("X-Scope-OrgID", core::Secret("team-7", ""));
  endpoint.headers.emplace_back("Authorization", core::Secret("", "env TOKEN"));
  CHECK_FALSE(has_credential(endpoint));
  endpoint.unset_credential = "env PASSWORD";
  Health none;
  note_credential(none, endpoint);
  CHECK_FALSE(none.authenticated);
  CHECK(none.notes == std::vector<std::string>{"env PASSWORD is not set: no credential was sent, and none was checked"});
  for (int way = 0; way < 3; ++way) {
    CAPTURE(way);
    http::Endpoint one = endpoint;
    const core::Secret secret("s3cret", "env TOKEN");
    if (way == 0) one.password = secret;
    if (way == 1) one.bearer = secret;
    if (way == 2) one.headers.emplace_back("API-Key", secret);
    Health found;
    note_credential(found, one);
    CHECK(found.authenticated == true);
    CHECK(found.notes.empty());
  }
}
