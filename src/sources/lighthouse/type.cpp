// What the rest of the program is told of Lighthouse.
#include <fmt/format.h>

#include "core/text.h"
#include "sources/lighthouse/decode.h"

namespace gate::sources::lighthouse {
namespace {

using core::KeyType;

core::Diagnostics check(const core::Settings& query) {
  core::Diagnostics out;
  const std::string measure = query.text("measure").value_or("");
  const bool is_audit = measure == "audit" || measure == "savings";
  const core::Location& table = query.location_of_table;
  if (is_audit != query.has("audit")) {
    report_key(out, "RG1506",
               !is_audit              ? "`audit` is only read with measure = \"audit\" or \"savings\""
               : measure == "savings" ? "`measure = \"savings\"` does not say of which audit"
                                      : "`measure = \"audit\"` does not say which",
               "measure = \"savings\", audit = \"unused-javascript\"", query.location("audit", table));
  }
  const std::string run = query.text("run").value_or("median");
  if (run != "median" && run != "median-run") {
    report_key(out, "RG1506", fmt::format("`run` cannot be \"{}\"", core::printable(run)),
               "\"median\" of each number, or \"median-run\": all numbers of the run in the middle",
               query.location("run", table));
  }
  if (query.integer("min_runs").value_or(1) < 1) {
    report_key(out, "RG1506", "`min_runs` is at least 1", "min_runs = 3", query.location("min_runs", table));
  }
  return out;
}

ReportType report_type() {
  ReportType out;
  out.type = "lighthouse";
  out.title = "Lighthouse reports, and manifests of Lighthouse CI";
  out.noun = "Lighthouse report";
  out.measures = {
      {"performance", "1", "score, 0 to 100"},
      {"accessibility", "1", "score, 0 to 100"},
      {"best_practices", "1", "score, 0 to 100"},
      {"seo", "1", "score, 0 to 100"},
      {"lcp", "ms", "largest contentful paint"},
      {"cls", "1", "cumulative layout shift"},
      {"tbt", "ms", "total blocking time"},
      {"inp", "ms", "interaction to next paint, of timespans"},
      {"fcp", "ms", "first contentful paint"},
      {"speed_index", "ms", "speed index"},
      {"tti", "ms", "time to interactive"},
      {"ttfb", "ms", "the server's response time"},
      {"page_weight", "B", "bytes that the page transferred"},
      {"audit", "", "the number of any audit, in the unit that Lighthouse says: mostly milliseconds"},
      {"savings", "B", "bytes that an audit would save, such as those of unused-javascript"},
  };
  out.query_keys = {
      {"audit", KeyType::text, "for measure = \"audit\" and \"savings\": its id, such as unused-javascript"},
      {"url", KeyType::text, "the page, where reports are of several"},
      {"form_factor", KeyType::text, "mobile or desktop, where reports are of both"},
      {"run", KeyType::text, "median: of each number over the runs, or median-run: of the run in the middle (median)"},
      {"min_runs", KeyType::integer, "fewer usable runs are no data (1)"},
  };
  out.each = {"url"};
  out.source_example =
      R"(path          = ".lighthouseci/lhr-*.json"   # or the manifest.json of lhci upload --target=filesystem
baseline_path = "main/lhr-*.json"            # of the version before, where it is at hand
)";
  out.example = R"(measure = "lcp"
better  = "lower"
fail    = { above = "2.5s" }
)";
  out.read = [](std::vector<WorkspaceFile>& files, const Workspace& workspace, const core::Settings& /*source*/) {
    return read(files, workspace);
  };
  out.measure = measure;
  out.check = check;
  return out;
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  return report_source_type<report_type>();
}

}  // namespace gate::sources::lighthouse
