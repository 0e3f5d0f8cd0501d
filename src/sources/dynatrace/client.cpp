#include "sources/dynatrace/client.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "core/text.h"
#include "http/url.h"
#include "sources/api_values.h"
#include "sources/dynatrace/selector.h"

namespace gate::sources::dynatrace {
namespace {

constexpr ApiSystem kSystem = {
    "Dynatrace",
    "is `token` an access token of this environment (dt0c01.…), not expired and not disabled?",
    "the access token needs the scope metrics.read",
    "check `url`, the address of the environment: https://ENVIRONMENT.live.dynatrace.com, or of Managed "
    "https://DOMAIN/e/ENVIRONMENT",
};

constexpr const char* kMetrics = "/api/v2/metrics";
constexpr const char* kQuery = "/api/v2/metrics/query";

Query query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

/// The words of Dynatrace's form of an error, one clause each, the first the message; none when `body` is not of that form.
std::vector<std::string> words_in(const std::string& body) {
  std::vector<std::string> words;
  try {
    const JsonAnswer answer(body, "error");
    if (!answer.root().is_object()) return {};
    const auto error = answer.root().find("error");
    if (!error) return {};
    words.push_back(error->need("message").text());
    for (const JsonAt& violation : error->items_of("constraintViolations")) {
      const std::string path = violation.text_of("path");
      words.push_back((path.empty() ? "" : path + ": ") + violation.text_of("message"));
    }
  } catch (const core::SourceError&) {
    return {};
  }
  return words;
}

}  // namespace

DynatraceSource::DynatraceSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context) {}

http::Task<JsonAnswer> DynatraceSource::ask_json(core::Answer& answer, http::Request request, std::string key) {
  const std::string place = fmt::format("{}: {}", caller().id(), request.path);
  http::Task<http::Response> sending = caller().send(answer, request);
  http::Response response = co_await sending;
  if (response.status >= 200 && response.status < 300) {
    caller().check(request, response);
    co_return JsonAnswer(std::move(response.body), place);
  }
  const std::vector<std::string> words = words_in(response.body);
  if (response.status == 404 && !key.empty() && !words.empty()) throw no_such_thing(caller(), "metric", key);
  core::Error error = caller().refusal(request, response);
  if (!words.empty()) {
    std::erase_if(error.context, [](const std::string& line) { return line.starts_with("it said: "); });
    for (const std::string& one : words) error.context.push_back("it said: " + caller().shown(one));
  }
  throw core::SourceError(std::move(error));
}

http::Task<void> DynatraceSource::look_up(core::Answer& answer, std::string selector) {
  const auto read = read_selector(selector);
  if (!read) co_return;
  for (const std::string& key : read->keys) {
    http::Task<JsonAnswer> asking =
        ask_json(answer, caller().get(fmt::format("{}/{}", kMetrics, http::percent_encode(key))), key);
    const JsonAnswer found = co_await asking;
    const std::string unit = found.root().text_of("unit");
    if (!unit.empty() && unit != "Unspecified")
      answer.notes.push_back(fmt::format("Dynatrace says that {} is in: {}", caller().shown(key), caller().shown(unit)));
    const auto latency = found.root().find("latency");
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
      parameters = {{"nextPageKey", decoded.next_page}};
    }
    http::Task<JsonAnswer> asking = ask_json(answer, caller().get(kQuery, parameters), "");
    const JsonAnswer page = co_await asking;
    add_page(decoded, page.root());
  } while (!decoded.next_page.empty());
  co_return decoded;
}

http::Task<void> DynatraceSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = query_of(question);
  answer.asked = describe(query);
  const core::Result<Span> span = span_of(question);
  if (!span) throw caller().error(span.error().code, span.error().message, span.error().hint);
  http::Task<void> looking = look_up(answer, query.metric_selector);
  co_await looking;
  http::Task<Decoded> asking = pages(answer, parameters_of(query, *span));
  const Decoded decoded = co_await asking;
  for (const std::string& words : decoded.notes) answer.notes.push_back("Dynatrace says: " + caller().shown(words));
  check_partial(answer, question, decoded);
  if (const std::string why = mismatch(decoded, *span); !why.empty()) {
    throw caller().error(
        "RG1990", caller().shown(why),
        "data of 14 days and older is kept in slots of 5 minutes, of 28 days and older in hours: give the metric "
        "a `step` and windows that are multiples of them");
  }
  std::size_t outside = 0;
  answer.series = series_of(decoded, *span, outside);
  if (outside > 0) answer.notes.push_back(fmt::format("{} points whose slots reach out of the window were left out", outside));
  const core::Window window = *question.window;
  if (span->start != window.start || span->end != window.end)
    answer.notes.push_back("Dynatrace counts by the minute: asked " + describe(*span));
  if (answer.series.empty()) {
    answer.absence =
        "Dynatrace knows the metric, and has no number of it that fits in this window; entities that a selector does not find "
        "give "
        "none, either, and neither does what counts nothing";
  }
}

void DynatraceSource::check_partial(core::Answer& answer, const Question& question, const Decoded& decoded) const {
  if (decoded.partial.empty()) return;
  std::vector<std::string> said;
  for (const std::string& words : decoded.partial) said.push_back("it said: " + caller().shown(words));
  if (question.partial_is_error) {
    throw caller().error("RG1924", "Dynatrace warns that this may be a part of what was asked for",
                         R"(ask for less, or accept partial answers with on_partial = "note")", std::move(said));
  }
  answer.notes.insert(answer.notes.end(), said.begin(), said.end());
}

std::vector<PlannedRequest> DynatraceSource::preview(const Question& question) const {
  if (!question.window) return {};
  const Query query = query_of(question);
  std::vector<PlannedRequest> out;
  if (const auto selector = read_selector(query.metric_selector)) {
    for (const std::string& key : selector->keys)
      out.push_back({"GET", fmt::format("{}/{}", kMetrics, http::percent_encode(key)), "is there such a metric?"});
  }
  const core::Result<Span> span = span_of(question);
  if (span) {
    out.push_back({"GET", kQuery, describe(query), describe(*span)});
  } else {
    out.push_back({"GET", kQuery, "not possible: " + span.error().message});
  }
  return out;
}

http::Request DynatraceSource::probe() const {
  return caller().get(kMetrics, {{"pageSize", "1"}, {"fields", "metricId"}});
}

}  // namespace gate::sources::dynatrace
