// What the rest of the program is told of surveys, and the offline checks of their keys.
#include <fmt/format.h>

#include "core/text.h"
#include "sources/report_source.h"
#include "sources/survey/client.h"

namespace gate::sources::survey {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample =
    R"(path       = "survey.csv"                  # relative to this file; CSV, JSON Lines, JSON
time       = { column = "submitted_at", format = "rfc3339" }
respondent = "user_id"
score      = "score"
)";

constexpr std::string_view kExample =
    R"(measure = "nps"
better  = "higher"
fail    = { below = 20 }
)";

core::QueryFacts facts(const Settings& query) {
  core::QueryFacts out;
  out.natural_kind = "samples";
  if (query.text("measure").value_or("") == "csat") out.natural_unit = "%";
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  return std::make_unique<SurveySource>(id, settings, context);
}

}  // namespace

SurveyQuery read_query(const core::Settings& query, core::Diagnostics& diagnostics) {
  SurveyQuery out;
  const core::Location& table = query.location_of_table;
  out.path = query.text("path").value_or("");
  if (out.path.empty()) {
    report_key(diagnostics, "RG1403", "no `path` says which files are read", "add it to the source, or to the metric", table);
  }
  out.measure_name = query.text("measure").value_or("");
  const auto measure = measure_of(out.measure_name);
  if (!measure) {
    report_key(diagnostics, "RG1505",
               out.measure_name.empty() ? std::string("no `measure` says what is asked of the survey")
                                        : fmt::format("a survey has no measure `{}`", core::printable(out.measure_name)),
               "it may be `nps`, `csat`, `ces` or `rating`", query.location("measure", table));
  }
  out.measure = measure.value_or(Measure::nps);
  const std::int64_t scale = query.integer("scale").value_or(usual_scale(out.measure));
  const bool is_odd = out.measure == Measure::nps ? scale != usual_scale(Measure::nps) : scale < 2 || scale > 100;
  if (is_odd) {
    report_key(diagnostics, "RG1506",
               out.measure == Measure::nps ? std::string("NPS is asked from 0 to 10") : std::string("a scale ends at 2 to 100"),
               "scale = 5", query.location("scale", table));
  }
  out.scale = is_odd ? usual_scale(out.measure) : static_cast<int>(scale);
  out.score = query.text("score").value_or("score");
  out.respondent = query.text("respondent").value_or("");
  if (const core::Node* where = query.node("where")) out.where = file::read_where(*where, diagnostics);
  return out;
}

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "survey";
  type.spec.title = "Survey exports: NPS, CSAT, CES (CSV, JSON Lines, JSON)";
  type.spec.source_keys = file::source_keys();
  const std::vector<core::KeySpec> own = {
      {"score", KeyType::text, "the column of the answers (score)"},
      {"respondent", KeyType::text, "the column that tells people apart: the last answer of each counts"},
      {"root", KeyType::text, "the folder that files may lie in, relative to the gate file (its own)"},
      {"max_bytes", KeyType::bytes, "larger files are refused (256 MiB)"},
  };
  type.spec.source_keys.insert(type.spec.source_keys.end(), own.begin(), own.end());
  type.spec.query_keys = {
      {"measure", KeyType::text, "what is measured: nps, csat, ces, rating"},
      {"path", KeyType::text, "other files than the source's", core::KeySpec::Need::optional, core::KeySpec::Writer::trusted},
      {"score", KeyType::text, "another column than the source's"},
      {"respondent", KeyType::text, "another column than the source's"},
      {"scale", KeyType::integer, "the best answer (nps 10, csat 5, ces 7, rating 5)"},
      {"where", KeyType::table, "which rows, as for files: question = \"…\""},
  };
  type.spec.text_part_key = "measure";
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_by_reading<file::read_options>;
  type.check_query = check_by_reading<read_query>;
  type.make = make;
  return type;
}

}  // namespace gate::sources::survey
