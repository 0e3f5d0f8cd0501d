// What the rest of the program is told of SonarQube, and the offline checks of its keys.
#include <fmt/format.h>

#include "core/settings.h"
#include "sources/http_settings.h"
#include "sources/sonarqube/client.h"

namespace gate::sources::sonarqube {
namespace {

using core::KeyType;
using core::Settings;

constexpr const char* kCloud = "https://sonarcloud.io";

constexpr std::string_view kExample =
    R"(measure = "new_coverage"
better  = "higher"
fail    = { below = "80%" }
)";

constexpr std::string_view kSourceExample =
    R"(url     = { env = "SONAR_HOST_URL", default = "https://sonarcloud.io" }
token   = { env = "SONAR_TOKEN" }   # of a user who may browse the project
project = "my-project"
)";

void add(core::Diagnostics& diagnostics, std::string code, std::string message, std::string hint, const core::Location& at) {
  diagnostics.push_back({core::Severity::error, {std::move(code), std::move(message), std::move(hint), {}, at}});
}

/// https://docs.sonarsource.com/sonarqube-server/latest/user-guide/code-metrics/metrics-definition/
bool is_share(std::string_view metric) {
  if (metric.starts_with("new_")) metric.remove_prefix(4);
  return metric == "coverage" || metric == "line_coverage" || metric == "branch_coverage" || metric == "test_success_density" ||
         metric.ends_with("_lines_density") || metric.ends_with("_debt_ratio") || metric.ends_with("_hotspots_reviewed");
}

core::QueryFacts facts(const Settings& query) {
  core::QueryFacts out;
  const bool is_gate = query.has("quality_gate");
  out.natural_kind = is_gate ? "status" : "value";
  out.latest = !is_gate;
  out.names_baseline = query.has("baseline_branch");
  const std::string measure = query.text("measure").value_or("");
  if (measure.ends_with("_rating")) out.natural_unit = "rating";
  if (is_share(measure)) out.natural_unit = "%";
  return out;
}

core::Diagnostics check_query(const Settings& query, const Settings& source) {
  core::Diagnostics out;
  const bool gate = query.boolean("quality_gate").value_or(false);
  if (gate == query.has("measure")) {
    add(out, "RG1808",
        gate ? "`measure` and `quality_gate` exclude each other" : "nothing is asked: neither `measure` nor `quality_gate`",
        "measure = \"coverage\", or quality_gate = true",
        query.location(gate ? "measure" : "quality_gate", query.location_of_table));
  }
  if (gate && query.has("baseline_branch")) {
    add(out, "RG1808", "`baseline_branch` has no meaning for the quality gate: it is compared with nothing", "remove it",
        query.location("baseline_branch", query.location_of_table));
  }
  if (!query.has("project") && !source.has("project")) {
    add(out, "RG1809", "no project is named", "project = \"KEY\" in the source, or in the metric", query.location_of_table);
  }
  const auto says = [&](std::string_view key) { return says_itself(query, source, key); };
  for (const Settings* one : {&query, &source}) {
    const bool both = one == &query ? says("branch") && says("pull_request") : one->has("branch") && one->has("pull_request");
    if (both) {
      add(out, "RG1808", "`branch` and `pull_request` exclude each other", "name one of them",
          one->location("pull_request", query.location_of_table));
    }
  }
  return out;
}

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics out = check_http_settings(settings);
  if (const auto auth = settings.text("auth"); auth && *auth != "bearer" && *auth != "basic") {
    add(out, "RG1810", fmt::format("`auth` is \"bearer\" or \"basic\", not \"{}\"", *auth),
        "bearer is right for servers from 10.0 on, and for SonarQube Cloud",
        settings.location("auth", settings.location_of_table));
  }
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory, kCloud);
  const core::Secret token = take_credential(endpoint, settings, "token");
  // Servers before 10.0 know no bearer: the token is the user, and the password empty.
  if (settings.text("auth").value_or("bearer") == "basic") {
    endpoint.user = std::string(token.reveal());
  } else {
    endpoint.bearer = token;
  }
  return std::make_unique<SonarQubeSource>(std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "sonarqube";
  type.spec.usual_name = "sonar";
  type.spec.title = "SonarQube Server and SonarQube Cloud";
  type.spec.source_keys = with_http_keys({
      {"url", KeyType::text, "the server with its context path (https://sonarcloud.io)"},
      {"token", KeyType::secret, "a user token; the permission \"Browse\" is enough"},
      {"auth", KeyType::text, "bearer, or basic for servers before 10.0 (bearer)"},
      {"organization", KeyType::text, "of SonarQube Cloud: for the record, a project's key is enough"},
      {"project", KeyType::text, "the project's key"},
      {"branch", KeyType::text, "a branch; the main branch without it"},
      {"pull_request", KeyType::text, "the id of a pull request"},
      {"report_task", KeyType::text, "report-task.txt of the scanner, relative to the gate file: its analysis is waited for"},
      {"max_age", KeyType::duration, "how much older than the release an analysis may be (0s)"},
  });
  type.spec.query_keys = {
      {"measure", KeyType::text, "a metric's key: coverage, new_violations, sqale_rating, …"},
      {"quality_gate", KeyType::boolean, "true asks for the state of the quality gate"},
      {"project", KeyType::text, "instead of the source's"},
      {"branch", KeyType::text, "instead of the source's"},
      {"pull_request", KeyType::text, "instead of the source's"},
      {"baseline_branch", KeyType::text, "compare with the present of this branch instead of the past of this one"},
  };
  type.spec.text_part_key = "measure";
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_query;
  type.make = make;
  return type;
}

}  // namespace gate::sources::sonarqube
