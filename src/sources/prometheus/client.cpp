#include "sources/prometheus/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "http/url.h"
#include "sources/credential.h"
#include "sources/http_settings.h"
#include "sources/prometheus/graph_link.h"
#include "sources/prometheus/refusal.h"

namespace gate::sources::prometheus {
namespace {

constexpr const char* kRangePath = "/api/v1/query_range";
constexpr const char* kInstantPath = "/api/v1/query";
constexpr core::Duration kVersionTimeout{2000};
constexpr int kPartialContent = 206;

std::string query_of(const Question& question) {
  return question.query.text("query").value_or("");
}

std::string seconds_text(core::Duration duration) {
  const std::int64_t whole = duration.count() / 1000;
  const std::int64_t rest = duration.count() % 1000;
  return rest == 0 ? fmt::format("{}", whole) : fmt::format("{}.{:03}", whole, rest);
}

std::vector<std::pair<std::string, std::string>> range_parameters(const std::string& query, const Segment& segment) {
  // nocache: VictoriaMetrics moves start and end to multiples of step without it, and so into the data of the other version.
  // Everybody else ignores it. https://docs.victoriametrics.com/#prometheus-querying-api-enhancements
  return {{"query", query},
          {"start", core::format_unix_seconds(segment.start)},
          {"end", core::format_unix_seconds(segment.end)},
          {"step", seconds_text(segment.step)},
          {"nocache", "1"}};
}

core::Time instant_of(const Question& question) {
  return question.window ? question.window->end : core::Time{};
}

/// Points before `start` or after `end` are no answer to what was asked; they may hold data of the other version.
std::size_t drop_outside(std::vector<core::Series>& all, core::Time start, core::Time end) {
  std::size_t dropped = 0;
  for (core::Series& series : all) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < series.times.size(); ++i) {
      if (series.times[i] < start || series.times[i] > end) continue;
      series.times[kept] = series.times[i];
      series.values[kept] = series.values[i];
      if (!series.histograms.empty() && kept != i) series.histograms[kept] = std::move(series.histograms[i]);
      ++kept;
    }
    dropped += series.times.size() - kept;
    series.times.resize(kept);
    series.values.resize(kept);
    if (!series.histograms.empty()) series.histograms.resize(kept);
  }
  return dropped;
}

/// Appends the points of `more`, which lie after those of `all`; series are matched by their labels.
void stitch(std::vector<core::Series>& all, std::vector<core::Series> more) {
  if (all.empty()) {
    all = std::move(more);
    return;
  }
  std::map<core::Labels, std::size_t> index;
  for (std::size_t i = 0; i < all.size(); ++i) index.emplace(all[i].labels, i);
  for (core::Series& series : more) {
    const auto found = index.find(series.labels);
    if (found == index.end()) {
      all.push_back(std::move(series));
      continue;
    }
    core::Series& target = all[found->second];
    target.times.insert(target.times.end(), series.times.begin(), series.times.end());
    target.values.insert(target.values.end(), series.values.begin(), series.values.end());
    std::move(series.histograms.begin(), series.histograms.end(), std::back_inserter(target.histograms));
  }
  std::sort(all.begin(), all.end(), [](const core::Series& a, const core::Series& b) { return a.labels < b.labels; });
}

/// Of a body that is no answer. A secret that the cut parts in two is parted again by the second one.
std::string beginning(const http::Client& client, const std::string& body) {
  constexpr std::size_t kSearched = std::size_t{64} << 10U;
  constexpr std::size_t kShown = 80;
  return core::shorten(core::printable(client.redactor().redact(body.substr(0, kSearched))), kShown);
}

void add_note(std::vector<std::string>& notes, std::string note) {
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
}

void note_outside(core::Answer& answer, std::size_t dropped) {
  if (dropped > 0) add_note(answer.notes, fmt::format("{} points outside of the asked range were left out", dropped));
}

}  // namespace

PrometheusSource::PrometheusSource(http::Endpoint endpoint, http::Client* client, std::unique_ptr<GoogleToken> google)
    : endpoint_(std::make_shared<const http::Endpoint>(std::move(endpoint))), client_(client), google_(std::move(google)) {}

http::Task<core::Answer> PrometheusSource::ask(const Question& question) {
  core::Answer answer;
  answer.graph_url = graph_url(question);
  if (endpoint_->insecure) answer.notes.emplace_back("TLS certificates were not verified (`insecure = true`)");
  http::Task<void> authorizing = authorize();
  co_await authorizing;
  http::Task<void> asking = question.shape == Shape::range ? ask_range(answer, question) : ask_instant(answer, question);
  co_await asking;
  co_return answer;
}

/// Puts a current token into the endpoint. A replay sends nothing, and so needs none.
http::Task<void> PrometheusSource::authorize() {
  const bool replaying = client_->tape() != nullptr && client_->tape()->mode() == http::TapeMode::replay;
  if (!google_ || replaying) co_return;
  http::Task<core::Secret> getting = google_->get(*client_);
  const core::Secret token = co_await getting;
  if (endpoint_->bearer.reveal() == token.reveal()) co_return;
  auto endpoint = std::make_shared<http::Endpoint>(*endpoint_);
  endpoint->bearer = token;
  endpoint_ = std::move(endpoint);
}

http::Task<void> PrometheusSource::ask_range(core::Answer& answer, const Question& question) {
  const std::string query = query_of(question);
  std::size_t dropped = 0;
  for (const Segment& segment : segments(question)) {
    Parameters parameters = range_parameters(query, segment);
    http::Task<Decoded> getting = get(answer, question, kRangePath, std::move(parameters));
    Decoded decoded = co_await getting;
    dropped += drop_outside(decoded.series, segment.start, segment.end);
    stitch(answer.series, std::move(decoded.series));
  }
  note_outside(answer, dropped);
}

http::Task<void> PrometheusSource::ask_instant(core::Answer& answer, const Question& question) {
  Parameters parameters = {
      {"query", query_of(question)}, {"time", core::format_unix_seconds(instant_of(question))}, {"nocache", "1"}};
  http::Task<Decoded> getting = get(answer, question, kInstantPath, std::move(parameters));
  Decoded decoded = co_await getting;
  for (const core::Series& series : decoded.series) {
    if (series.values.size() < 2) continue;
    throw core::SourceError(
        {"RG1314",
         fmt::format("{}: the query gives a range of raw points, and one number is needed", endpoint_->name),
         "wrap it in a function over time: last_over_time(…), avg_over_time(…), increase(…)",
         {},
         {}});
  }
  // A cache that does not look at the time, or a server that gives what it has, answers for another moment.
  if (question.window) {
    note_outside(answer, drop_outside(decoded.series, question.window->start, question.window->end));
  }
  answer.series = std::move(decoded.series);
}

http::Task<Decoded> PrometheusSource::get(core::Answer& answer, const Question& question, std::string path,
                                          Parameters parameters) {
  http::Request request;
  request.endpoint = endpoint_;
  request.method = method_;
  request.path = std::move(path);
  request.parameters = std::move(parameters);
  http::Task<http::Response> sending = client_->send(request);
  http::Response response = co_await sending;
  if (request.method == "POST" && (response.status == 405 || response.status == 501)) {
    answer.requests.push_back(response.log);
    method_ = "GET";
    request.method = method_;
    http::Task<http::Response> again = client_->send(request);
    response = co_await again;
  }
  answer.requests.push_back(response.log);
  Decoded decoded = read(question, request, response);
  check_partial(answer, question, decoded);
  co_return decoded;
}

Decoded PrometheusSource::read(const Question& question, const http::Request& request, const http::Response& response) const {
  // Nobody asked for a part.
  const bool good = response.status >= 200 && response.status < 300 && response.status != kPartialContent;
  if (http::is_html(response) && good) {
    throw core::SourceError({"RG1202",
                             fmt::format("{}: the server answered with a web page instead of data", endpoint_->name),
                             "a login page or a dashboard: check `url`, and whether a credential is needed",
                             {response.log.method + " " + response.log.url},
                             {}});
  }
  // What is wrong with our credential or rate is not a matter of the query, whatever words come with it.
  const bool about_us = response.status == 401 || response.status == 403 || response.status == 407 || response.status == 429;
  DecodeLimits limits;
  if (question.wants_buckets) limits.histograms = NativeHistograms::keep;
  core::Result<Decoded> decoded = decode(response.body, limits);
  if (decoded.ok() && decoded->refusal && !about_us) {
    const Refusal refusal{decoded->refusal->type, client_->redactor().redact(decoded->refusal->message)};
    core::Error error = refusal_error(endpoint_->name, refusal, client_->redactor().redact(query_of(question)));
    error.context.push_back(fmt::format("{} {} (HTTP {})", response.log.method, request.path, response.status));
    throw core::SourceError(std::move(error));
  }
  if (!good) throw core::SourceError(http::status_error(request, response, client_->redactor()));
  if (!decoded.ok()) {
    core::Error error = decoded.error();
    error.message = endpoint_->name + ": " + error.message;
    error.context.push_back(response.log.method + " " + response.log.url);
    if (error.code == "RG1201" && !response.body.empty() && response.body.front() != '{') {
      error.hint = "does `url` lead to a Prometheus? what answered is none, or not ready";
      error.context.push_back("it said: " + beginning(*client_, response.body));
    }
    throw core::SourceError(std::move(error));
  }
  return std::move(decoded).value();
}

/// Warnings of Thanos, Mimir and of Prometheus' remote read mean that a store or a shard did not answer.
void PrometheusSource::check_partial(core::Answer& answer, const Question& question, const Decoded& decoded) const {
  for (const std::string& info : decoded.infos) add_note(answer.notes, "the server notes: " + shown(*client_, info));
  if (decoded.warnings.empty()) return;
  if (question.partial_is_error) {
    core::Error error{"RG1305",
                      fmt::format("{}: the server warns that its answer may be partial", endpoint_->name),
                      "mend the store that does not answer, or accept partial answers with on_partial = \"note\"",
                      {},
                      {}};
    for (const std::string& warning : decoded.warnings) error.context.push_back("it said: " + shown(*client_, warning));
    throw core::SourceError(std::move(error));
  }
  for (const std::string& warning : decoded.warnings) add_note(answer.notes, "the server warns: " + shown(*client_, warning));
}

std::vector<PlannedRequest> PrometheusSource::preview(const Question& question) const {
  const std::string query = query_of(question);
  if (question.shape != Shape::range)
    return {{"POST", kInstantPath, query, fmt::format("time={}", core::format_unix_seconds(instant_of(question)))}};
  std::vector<PlannedRequest> all;
  for (const Segment& segment : segments(question)) {
    all.push_back({"POST", kRangePath, query,
                   fmt::format("start={} end={} step={}", core::format_unix_seconds(segment.start),
                               core::format_unix_seconds(segment.end), seconds_text(segment.step))});
  }
  return all;
}

http::Task<std::string> PrometheusSource::version() {
  // Nothing hangs on it: one short attempt, so that neither a server that is down nor a slow page keeps anybody waiting.
  http::Task<void> authorizing = authorize();
  co_await authorizing;
  auto once = std::make_shared<http::Endpoint>(*endpoint_);
  once->retries = 0;
  once->timeout = std::min(once->timeout, kVersionTimeout);
  // Nor does it take the place of a question: it goes beside them.
  once->concurrency += 1;
  http::Request request;
  request.endpoint = std::move(once);
  request.path = "/api/v1/status/buildinfo";
  http::Task<http::Response> sending = client_->send(request);
  const http::Response response = co_await sending;
  if (response.status != 200) co_return std::string();
  // VictoriaMetrics says no version here, or that of the Prometheus whose API it speaks.
  if (response.headers.contains("x-server-hostname")) co_return std::string("VictoriaMetrics");
  const BuildInfo info = decode_build_info(response.body);
  if (info.version.empty()) co_return std::string();
  const std::string product = info.application.empty() ? "Prometheus" : shown(*client_, info.application);
  co_return product + " " + shown(*client_, info.version);
}

http::Task<void> PrometheusSource::health(Health& found) {
  http::Task<void> authorizing = authorize();
  co_await authorizing;
  Question question;
  core::Setting query;
  query.key = "query";
  query.node.value = std::string("vector(1)");
  question.query.add(std::move(query));
  core::Answer answer;
  const KeepRequests keeping(answer, found);
  Parameters parameters = {{"query", query_of(question)}};
  http::Task<Decoded> getting = get(answer, question, kInstantPath, std::move(parameters));
  co_await getting;
  found.permitted = true;
  note_credential(found, *endpoint_);
  if (!found.authenticated && endpoint_->unset_credential.empty())
    found.notes.emplace_back("no credential was sent, and none was asked for");
  try {
    http::Task<std::string> asking = version();
    found.system = co_await asking;
  } catch (const core::SourceError&) {
    found.notes.emplace_back("it does not say its version");  // nothing hangs on it
  }
}

std::string PrometheusSource::graph_url(const Question& question) const {
  const auto url = http::parse_url(endpoint_->url);
  const bool is_managed = google_ || !endpoint_->aws_sigv4.empty();  // they have the API, and no expression browser
  if (!url.ok() || !question.window || is_managed) return "";
  return graph_link(*url, query_of(question), *question.window);
}

}  // namespace gate::sources::prometheus
