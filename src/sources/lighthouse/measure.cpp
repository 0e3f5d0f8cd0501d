#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/text.h"
#include "sources/lighthouse/decode.h"

namespace gate::sources::lighthouse {
namespace {

using Runs = std::vector<const Run*>;

constexpr std::size_t kFewRuns = 3;

struct Named {
  std::string_view measure;
  std::string_view id;
};

constexpr std::array<Named, 9> kAudits = {{{"fcp", "first-contentful-paint"},
                                           {"lcp", "largest-contentful-paint"},
                                           {"tbt", "total-blocking-time"},
                                           {"cls", "cumulative-layout-shift"},
                                           {"inp", "interaction-to-next-paint"},
                                           {"speed_index", "speed-index"},
                                           {"tti", "interactive"},
                                           {"ttfb", "server-response-time"},
                                           {"page_weight", "total-byte-weight"}}};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
}

/// The measures that the key `audit` says more about.
bool is_of_audit(const ReportQuestion& question) {
  return question.measure == "audit" || question.measure == "savings";
}

double audit(const Run& run, std::string_view id) {
  const auto found = run.audits.find(id);
  if (found != run.audits.end() && found->second.number) return *found->second.number;
  throw_wrong_content(core::printable(run.url), fmt::format("a run has no audit `{}`, which the median run is chosen by", id),
                      "let Lighthouse run the performance category, or write run = \"median\"");
}

/// What `question` asks of one run; nullopt when the run does not have it.
std::optional<double> value_of(const Run& run, const ReportQuestion& question) {
  std::string id(audit_of(question.measure));
  if (is_of_audit(question)) id = question.query.text("audit").value_or("");
  if (!id.empty()) {
    const auto found = run.audits.find(id);
    if (found == run.audits.end()) return std::nullopt;
    return question.measure == "savings" ? found->second.savings : found->second.number;
  }
  const auto found = run.scores.find(core::replace_all(question.measure, "_", "-"));
  return found == run.scores.end() ? std::nullopt : std::optional<double>(100.0 * found->second);
}

std::string names_of(const std::set<std::string>& names) {
  std::vector<std::string> all;
  all.reserve(names.size());
  for (const std::string& name : names) all.push_back(core::printable(name));
  return core::list_names(all, "and");
}

/// The runs that the question is about, by page.
std::map<std::string, Runs> pages_of(const ReportQuestion& question, const LighthouseReport& report) {
  const std::string page = question.query.text("url").value_or("");
  const std::string form = question.query.text("form_factor").value_or("");
  std::map<std::string, Runs> pages;
  std::set<std::string> forms;
  for (const Run& run : report.runs) {
    if ((!page.empty() && run.url != page) || (!form.empty() && run.form_factor != form)) continue;
    pages[run.url].push_back(&run);
    forms.insert(run.form_factor);
  }
  std::set<std::string> urls;
  for (const auto& [url, runs] : pages) urls.insert(url);
  if (urls.size() > 1 && question.each.empty()) {
    throw_wrong_content(fmt::format("{} pages", urls.size()), fmt::format("the reports are of {}", names_of(urls)),
                        "say which is meant: url = \"…\", or judge all: each = \"url\"");
  }
  if (forms.size() > 1) {
    throw_wrong_content("form factors", fmt::format("the reports are of {}, which cannot be put together", names_of(forms)),
                        "say which is meant: form_factor = \"mobile\"");
  }
  return pages;
}

/// For measure = "audit", whose unit the gate file cannot know: ", in milliseconds".
std::string unit_of(const ReportQuestion& question, const Runs& runs) {
  if (question.measure != "audit") return "";
  const std::string id = question.query.text("audit").value_or("");
  std::set<std::string> units;
  for (const Run* run : runs) units.insert(run->audits.at(id).unit);
  if (units.size() > 1) {
    throw_wrong_content(core::printable(id),
                        fmt::format("its numbers are in {}, which cannot be put together", names_of(units)),
                        "compare runs of one version of Lighthouse");
  }
  const std::string& unit = *units.begin();
  if (unit.empty()) return "";
  return unit == "unitless" ? ", without a unit" : fmt::format(", in {}s", core::printable(unit));
}

std::string described(const ReportQuestion& question, const std::string& url, const Runs& runs, std::string_view how) {
  std::set<std::string> versions;
  for (const Run* run : runs) versions.insert(run->version);
  const std::string form = runs.front()->form_factor.empty() ? "" : ", " + core::printable(runs.front()->form_factor);
  std::string out = fmt::format("{} of {} run{} of {} with Lighthouse {}{}", how, runs.size(), runs.size() == 1 ? "" : "s",
                                core::printable(url), names_of(versions), form);
  out += unit_of(question, runs);
  if (runs.size() < kFewRuns) out += "; figures differ from run to run, and fewer than three cannot show by how much";
  return out;
}

void measure_page(const ReportQuestion& question, const std::string& url, const Runs& all, Measured& out) {
  Runs usable;
  std::set<std::string> troubles;
  for (const Run* run : all) {
    if (run->trouble.empty() && value_of(*run, question)) {
      usable.push_back(run);
    } else if (!run->trouble.empty()) {
      troubles.insert(run->trouble);
    }
  }
  if (usable.size() < all.size()) {
    out.notes.push_back(fmt::format("{} of {} runs of {} left out: {}", all.size() - usable.size(), all.size(),
                                    core::printable(url),
                                    troubles.empty() ? "they have no such number" : "they failed with " + names_of(troubles)));
  }
  const auto least = static_cast<std::size_t>(std::max<std::int64_t>(question.query.integer("min_runs").value_or(1), 1));
  if (usable.size() < least) {
    out.absence = fmt::format("{} of {} runs of {} can be used, and {} {} needed", usable.size(), all.size(),
                              core::printable(url), least, least == 1 ? "is" : "are");
    return;
  }
  const bool one_run = question.query.text("run").value_or("median") == "median-run";
  std::vector<double> values;
  for (const Run* run : usable) values.push_back(*value_of(*run, question));
  out.values[question.each.empty() ? "" : url] = one_run ? *value_of(median_run(usable), question) : median(std::move(values));
  out.notes.push_back(described(question, url, usable, one_run ? "the median run" : "median"));
}

}  // namespace

std::string_view audit_of(std::string_view measure) {
  for (const Named& one : kAudits) {
    if (one.measure == measure) return one.id;
  }
  return "";
}

const Run& median_run(const std::vector<const Run*>& runs) {
  for (const Run* run : runs) {
    if (run->is_representative.value_or(false)) return *run;
  }
  std::vector<double> paints;
  std::vector<double> interactives;
  for (const Run* run : runs) {
    paints.push_back(audit(*run, "first-contentful-paint"));
    interactives.push_back(audit(*run, "interactive"));
  }
  const double paint = median(paints);
  const double interactive = median(interactives);
  const auto rank = [&](std::size_t i) {
    const double x = paints[i] - paint;
    const double y = interactives[i] - interactive;
    return std::pair(x * x + y * y, interactives[i]);
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    if (rank(i) < rank(best)) best = i;
  }
  return *runs[best];
}

Measured measure(const ReportQuestion& question, const Report& report, const Report* /*before*/) {
  Measured out;
  const auto pages = pages_of(question, static_cast<const LighthouseReport&>(report));
  if (pages.empty()) out.absence = "no report is of that page";
  for (const auto& [url, runs] : pages) measure_page(question, url, runs, out);
  return out;
}

}  // namespace gate::sources::lighthouse
