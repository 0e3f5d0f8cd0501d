#include "sources/dynatrace/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "http/url.h"
#include "sources/dynatrace/selector.h"
#include "sources/dynatrace_api.h"

namespace gate::sources::dynatrace {
namespace {

constexpr ApiSystem kSystem = {
    "Dynatrace",
    kDynatraceCredential,
    "the access token needs the scope metrics.read",
    kDynatraceAddress,
};

constexpr const char* kMetrics = "/api/v2/metrics";
constexpr const char* kQuery = "/api/v2/metrics/query";

constexpr const char* kSums =
    R"(a part of a count or a ratio ends in :sum or :count, without :rate; kind = "value" is one number)";
constexpr const char* kUnread =
    "the selector of this part cannot be read here, so it was not checked whether its numbers add up: they must be sums";

Query query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

/// The events of a ratio or a count, what they are of, and its exposure: of their numbers sums are made, and sums of sums.
bool is_added_up(const Question& question) {
  return question.part != "value";
}

/// Why `selector` is no sum, though the question is of such a part; "" when it is one, or only Dynatrace knows.
std::string part_mistake(const Question& question, const std::string& selector) {
  if (!is_added_up(question)) return "";
  const auto read = read_selector(selector);
  const std::string what = read ? adds_up_not(*read) : "";
  return what.empty() ? "" : fmt::format("{} cannot be counted: its numbers of several minutes do not add up", what);
}

void refuse_own_aggregation(const ApiCaller& caller, const JsonAt& descriptor, const std::string& key,
                            const std::string& unit) {
  const auto own = descriptor.find("defaultAggregation");
  const std::string type = own ? own->text_of("type") : "";
  if (adds_up(type, unit)) return;
  throw caller.error("RG1942",
                     fmt::format("{} cannot be counted without an aggregation: its own is {}", caller.shown(key),
                                 type.empty() ? "not said" : caller.shown(type)),
                     kSums);
}

}  // namespace

DynatraceSource::DynatraceSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context) {}

http::Task<void> DynatraceSource::look_up(core::Answer& answer, const Question& question, std::string selector) {
  const auto read = read_selector(selector);
  if (!read) {
    if (is_added_up(question)) answer.notes.push_back(kUnread);
    co_return;
  }
  for (const std::string& key : read->keys) {
    http::Task<DynatraceAnswer> asking =
        ask_dynatrace(caller(), answer, caller().get(fmt::format("{}/{}", kMetrics, http::percent_encode(key))), key);
    const DynatraceAnswer found = co_await asking;
    const JsonAt& descriptor = found.json.root();
    const std::string unit = descriptor.text_of("unit");
    const bool is_of_its_own = std::find(read->unaggregated.begin(), read->unaggregated.end(), key) != read->unaggregated.end();
    if (is_of_its_own && is_added_up(question)) refuse_own_aggregation(caller(), descriptor, key, unit);
    if (!unit.empty() && unit != "Unspecified")
      answer.notes.push_back(fmt::format("Dynatrace says that {} is in: {}", caller().shown(key), caller().shown(unit)));
    const auto latency = descriptor.find("latency");
    if (latency && latency->number() > 0.0) {
      answer.notes.push_back(fmt::format("{} is reported up to {} minutes late: say ingest_delay = \"{}m\"",
                                         caller().shown(key), latency->number(), latency->number()));
    }
  }
}

http::Task<Decoded> DynatraceSource::pages(core::Answer& answer, Parameters parameters) {
  Decoded decoded;
  PageChain chain(caller());
  do {
    if (!decoded.next_page.empty()) {
      chain.follow(decoded.next_page);
      parameters = dynatrace_page(decoded.next_page);
    }
    http::Task<DynatraceAnswer> asking = ask_dynatrace(caller(), answer, caller().get(kQuery, parameters));
    const DynatraceAnswer page = co_await asking;
    if (!decoded.answered_at) decoded.answered_at = page.answered_at;
    add_page(decoded, page.json.root());
  } while (!decoded.next_page.empty());
  co_return decoded;
}

Span DynatraceSource::span_or_refuse(const Question& question, const Query& query) const {
  if (const std::string mistake = part_mistake(question, query.metric_selector); !mistake.empty())
    throw caller().error("RG1942", mistake, kSums);
  const core::Result<Span> span = span_of(question);
  if (!span) throw caller().error(span.error().code, span.error().message, span.error().hint);
  return *span;
}

http::Task<void> DynatraceSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = query_of(question);
  answer.asked = describe(query);
  const Span span = span_or_refuse(question, query);
  http::Task<void> looking = look_up(answer, question, query.metric_selector);
  co_await looking;
  http::Task<Decoded> asking = pages(answer, parameters_of(query, span));
  const Decoded decoded = co_await asking;
  decoded.warnings.report(caller(), answer, question);
  if (const std::string why = mismatch(decoded, span); !why.empty()) {
    throw caller().error("RG1990", caller().shown(why),
                         "after 14 days data is kept in slots of 5 minutes, after 28 in hours: take such a `step`, and for one "
                         "number of a window make it of points, by `aggregate`");
  }
  std::size_t outside = 0;
  answer.series = series_of(decoded, span, outside);
  if (outside > 0) answer.notes.push_back(fmt::format("{} points whose slots reach out of the window were left out", outside));
  const core::Window window = *question.window;
  if (span.start != window.start || span.end != window.end)
    answer.notes.push_back("Dynatrace counts by the minute: asked " + describe(span));
  if (answer.series.empty()) {
    answer.absence =
        "Dynatrace knows the metric, and has no number of it that fits in this window; entities that a selector does not find "
        "give none, and neither does what counts nothing";
  }
}

std::vector<PlannedRequest> DynatraceSource::preview(const Question& question) const {
  if (!question.window) return {};
  const Query query = query_of(question);
  const Span span = span_or_refuse(question, query);
  std::vector<PlannedRequest> out;
  if (const auto selector = read_selector(query.metric_selector)) {
    for (const std::string& key : selector->keys)
      out.push_back({"GET", fmt::format("{}/{}", kMetrics, http::percent_encode(key)), "is there such a metric?"});
  }
  out.push_back({"GET", kQuery, describe(query), describe(span)});
  return out;
}

http::Request DynatraceSource::probe() const {
  return caller().get(kMetrics, {{"pageSize", "1"}, {"fields", "metricId"}});
}

}  // namespace gate::sources::dynatrace
