// Decode: the answers of SonarQube's Web API as values, whatever the bytes are. Asks nothing and judges nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/samples.h"
#include "core/time.h"

namespace gate::sources::sonarqube {

/// One measure of api/measures/component; `value` is the new-code value for new-code metrics.
struct Measure {
  std::string metric;
  std::string value;
};

/// Measures of a component. A metric that has nothing to measure is absent. RG1801: not JSON, or of another form.
/// https://docs.sonarsource.com/sonarqube-server/extension-guide/web-api (api/measures/component)
core::Result<std::vector<Measure>> decode_measures(const std::string& body);

/// One page of api/measures/search_history: the values of one metric with their analyses' times, and how many there are in all.
struct History {
  std::vector<core::Time> times;
  std::vector<std::string> values;  ///< "" for an analysis without a value
  std::size_t total = 0;
};
core::Result<History> decode_history(const std::string& body, const std::string& metric);

/// api/qualitygates/project_status: the gate's state with its conditions as text. NONE is State::Level::none.
struct QualityGate {
  core::State state;
  bool ignored_conditions = false;
};
core::Result<QualityGate> decode_quality_gate(const std::string& body);

/// api/ce/task.
struct Task {
  std::string status;  ///< PENDING, IN_PROGRESS, SUCCESS, FAILED, CANCELED
  std::string analysis;
  std::string error_message;
};
core::Result<Task> decode_task(const std::string& body);

/// The time of the last analysis in api/components/show; nullopt when there was none.
core::Result<std::optional<core::Time>> decode_analysis_date(const std::string& body);

/// Whether api/authentication/validate says that the credential is valid.
core::Result<bool> decode_valid(const std::string& body);
/// "version" of api/system/status; "" when there is none.
std::string decode_version(const std::string& body);

/// The metric keys that a 404 names: "The following metric keys are not found: a, b".
std::vector<std::string> unknown_metrics(const std::string& body);

/// The messages of {"errors":[{"msg":…}]}; empty when the body has another form.
std::vector<std::string> decode_errors(const std::string& body);

/// "12", "82.5", "true": as a number. Ratings are 1.0 (A) to 5.0 (E). RG1802 for anything else (a LEVEL, a distribution).
core::Result<double> number_of(const Measure& measure);

/// "2023-05-25T10:34:25+0200": the form SonarQube writes, without the colon in the offset.
core::Result<core::Time> parse_sonar_time(const std::string& text);

}  // namespace gate::sources::sonarqube
