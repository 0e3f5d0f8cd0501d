#include "sources/google_monitoring/client.h"

#include <fmt/format.h>

#include <utility>

#include "core/text.h"
#include "http/url.h"

namespace gate::sources::google_monitoring {
namespace {

constexpr ApiSystem kSystem = {
    "Cloud Monitoring",
    "is the service account's key still valid, and its project that of `project`?",
    "the service account needs the role Monitoring Viewer (monitoring.timeSeries.list) in the project",
    "check `project`, and that the `metric.type` of the filter exists there",
};

Query query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

}  // namespace

GoogleMonitoringSource::GoogleMonitoringSource(http::Endpoint endpoint, std::string project, std::unique_ptr<GoogleToken> token,
                                               const core::Settings& settings, const SourceContext& context)
    : GoogleSource(kSystem, std::move(endpoint), std::move(token), settings, context), project_(std::move(project)) {}

std::string GoogleMonitoringSource::path() const {
  return fmt::format("/v3/projects/{}/timeSeries", http::percent_encode(project_));
}

http::Task<void> GoogleMonitoringSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = query_of(question);
  answer.asked = describe(query);
  const core::Result<Span> span = span_of(question);
  if (!span) throw caller().error(span.error().code, span.error().message, span.error().hint);
  Decoded decoded;
  PageChain chain(caller());
  do {
    if (!decoded.next_page.empty()) chain.follow(decoded.next_page);
    http::Task<JsonAnswer> asking =
        caller().ask_json(answer, caller().get(path(), parameters_of(query, *span, decoded.next_page)));
    const JsonAnswer page = co_await asking;
    add_page(decoded, page.root(), query.of_distribution);
  } while (!decoded.next_page.empty());
  check_partial(answer, question, decoded);
  put(answer, query, *span, decoded);
}

void GoogleMonitoringSource::check_partial(core::Answer& answer, const Question& question, const Decoded& decoded) const {
  if (decoded.partial.empty()) return;
  std::vector<std::string> said;
  for (const std::string& words : decoded.partial) said.push_back("it said: " + caller().shown(words));
  if (question.partial_is_error) {
    throw caller().error("RG1924", "Cloud Monitoring gives a part of what was asked for",
                         R"(ask for less, or accept partial answers with on_partial = "note")", std::move(said));
  }
  answer.notes.insert(answer.notes.end(), said.begin(), said.end());
}

void GoogleMonitoringSource::put(core::Answer& answer, const Query& query, const Span& span, const Decoded& decoded) const {
  std::size_t outside = 0;
  answer.series = series_of(decoded, span, outside);
  if (outside > 0)
    answer.notes.push_back(fmt::format("{} points whose periods reach out of the window were left out", outside));
  if (decoded.distributions > 0) {
    answer.notes.emplace_back(query.of_distribution == Query::Of::count
                                  ? "the values are the counts of distributions"
                                  : "the values are the means of distributions: for a percentile write aligner = \"p95\"");
  }
  if (!decoded.unit.empty()) answer.notes.push_back("Cloud Monitoring says the values are in: " + caller().shown(decoded.unit));
  if (answer.series.empty()) {
    answer.absence =
        "Cloud Monitoring has no point that fits the filter in this window; a metric that counts nothing is not written, "
        "either";
  }
}

std::vector<PlannedRequest> GoogleMonitoringSource::preview(const Question& question) const {
  const core::Result<Span> span = span_of(question);
  if (!span) throw caller().error(span.error().code, span.error().message, span.error().hint);
  return {{"GET", path(), describe(query_of(question)), describe(*span)}};
}

http::Request GoogleMonitoringSource::probe() const {
  return caller().get(fmt::format("/v3/projects/{}/metricDescriptors", http::percent_encode(project_)), {{"pageSize", "1"}});
}

}  // namespace gate::sources::google_monitoring
