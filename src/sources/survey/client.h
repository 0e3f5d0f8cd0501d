// SurveySource: answers of surveys from exported files, one a person, as samples whose mean is the figure.
#pragma once

#include <string>
#include <vector>

#include "sources/file/filter.h"
#include "sources/file/options.h"
#include "sources/file/query.h"
#include "sources/file/walk.h"
#include "sources/source.h"
#include "sources/survey/answers.h"
#include "sources/workspace_file.h"

namespace gate::sources::survey {

/// What a question asks.
struct SurveyQuery {
  std::string path;
  std::string measure_name;
  Measure measure = Measure::nps;
  int scale = 10;
  std::string score;       ///< the column of answers
  std::string respondent;  ///< the column that tells people apart; "" when there is none
  std::vector<file::Condition> where;
};

/// Reads a question's keys; every mistake goes to `diagnostics`: RG1403, RG1410, RG1505, RG1506.
SurveyQuery read_query(const core::Settings& query, core::Diagnostics& diagnostics);

class SurveySource : public Source {
 public:
  SurveySource(std::string id, const core::Settings& settings, const SourceContext& context);

  /// Throws core::SourceError: RG1401 to RG1408, RG1413, RG1414, RG1501, RG1502.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  /// Whether the source's files are there, inside of the root and small enough.
  http::Task<void> health(Health& found) override;

 private:
  [[nodiscard]] Workspace workspace() const;
  core::Answer compute(const Question& question, const SurveyQuery& query, std::vector<file::FileRead>& files) const;

  std::string id_;
  core::Settings settings_;
  file::FileOptions options_;
  SourceContext context_;
};

}  // namespace gate::sources::survey
