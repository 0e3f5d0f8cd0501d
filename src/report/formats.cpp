#include "report/formats.h"

#include <algorithm>
#include <array>

#include "report/codequality.h"
#include "report/csv.h"
#include "report/html.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/markdown.h"
#include "report/openmetrics.h"
#include "report/sarif.h"
#include "report/scorecard.h"

namespace gate::report {
namespace {

constexpr std::array kFormats = {
    Format{"json", "everything, for tools", to_json},
    Format{"html", "a page with charts, in one file", to_html},
    Format{"markdown", "the comment on a pull request", to_markdown},
    Format{"junit", "test pages of GitLab, Jenkins and Azure", to_junit},
    Format{"sarif", "code scanning, on the gate file's lines", to_sarif},
    Format{"openmetrics", "Pushgateway, GitLab's metrics report", to_openmetrics},
    Format{"gitlab-codequality", "GitLab's code quality report", to_codequality},
    Format{"csv", "spreadsheets, one row a criterion", to_csv},
    Format{"scorecard", "the ten questions, a line each", to_scorecard},
};

}  // namespace

std::span<const Format> formats() {
  return kFormats;
}

const Format* find_format(std::string_view name) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& one) { return one.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace gate::report
