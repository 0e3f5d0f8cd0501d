// DatadogSource: metrics. Its states and SLOs are in decide.cpp.
#include "sources/datadog/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/text.h"
#include "sources/api_caller.h"
#include "sources/datadog/json.h"
#include "sources/datadog/site.h"
#include "sources/http_settings.h"

namespace gate::sources::datadog {
namespace {

constexpr const char* kTimeseriesScope = "timeseries_query";

bool is_good(int status) {
  return status >= 200 && status < 300;
}

/// Appends the points of `more`, which lie after those of `all`: a border point that both have is kept once.
void stitch(Decoded& all, Decoded more) {
  all.nulls += more.nulls;
  for (std::string& unit : more.units) {
    if (std::find(all.units.begin(), all.units.end(), unit) == all.units.end()) all.units.push_back(std::move(unit));
  }
  if (more.interval) all.interval = std::max(all.interval.value_or(*more.interval), *more.interval);
  std::multimap<core::Labels, std::size_t> index;
  for (std::size_t i = 0; i < all.series.size(); ++i) index.emplace(all.series[i].labels, i);
  for (core::Series& series : more.series) {
    const auto found = index.find(series.labels);
    if (found == index.end()) {
      all.series.push_back(std::move(series));
      continue;
    }
    core::Series& target = all.series[found->second];
    index.erase(found);
    for (std::size_t i = 0; i < series.times.size(); ++i) {
      if (!target.times.empty() && series.times[i] <= target.times.back()) continue;
      target.times.push_back(series.times[i]);
      target.values.push_back(series.values[i]);
    }
  }
}

/// v1 has no scalars: the finite points as one number. nullopt: there is none, or no such way.
std::optional<double> reduced(const std::vector<double>& points, const std::string& how) {
  std::vector<double> values;
  std::copy_if(points.begin(), points.end(), std::back_inserter(values), [](double value) { return std::isfinite(value); });
  if (values.empty()) return std::nullopt;
  double sum = 0.0;
  for (const double value : values) sum += value;
  if (how == "sum") return sum;
  if (how == "avg" || how == "mean") return sum / static_cast<double>(values.size());
  if (how == "min") return *std::min_element(values.begin(), values.end());
  if (how == "max") return *std::max_element(values.begin(), values.end());
  if (how == "last") return values.back();
  return std::nullopt;
}

bool is_aligned(const core::Window& window, core::Duration bucket) {
  return window.start.time_since_epoch() % bucket == core::Duration(0) &&
         window.end.time_since_epoch() % bucket == core::Duration(0);
}

}  // namespace

DatadogSource::DatadogSource(Setup setup, http::Client* client)
    : endpoint_(std::make_shared<const http::Endpoint>(std::move(setup.endpoint))),
      site_(std::move(setup.site)),
      keys_(std::move(setup.keys)),
      api_(setup.api),
      client_(client) {}

http::Task<core::Answer> DatadogSource::ask(const Question& question) {
  core::Answer answer;
  if (endpoint_->insecure) answer.notes.emplace_back("TLS certificates were not verified (`insecure = true`)");
  const Subject subject = subject_of(question.query);
  if (subject == Subject::monitor) {
    http::Task<void> asking = ask_monitors(answer, question);
    co_await asking;
  } else if (subject == Subject::slo) {
    http::Task<void> asking = ask_slo(answer, question);
    co_await asking;
  } else if (subject == Subject::deployment_gate) {
    http::Task<void> asking = ask_gate(answer, question);
    co_await asking;
  } else {
    const auto queries = metric_queries(question.query);
    const std::string first = queries.empty() ? "" : with_rollup_seconds(queries.front().second);
    if (question.query.has("queries")) answer.asked = shown_query(question.query);
    answer.graph_url = explorer_link(site_, first, question.window);
    http::Task<void> asking = question.shape == Shape::instant ? ask_scalar(answer, question) : ask_range(answer, question);
    co_await asking;
  }
  co_return answer;
}

http::Task<void> DatadogSource::ask_range(core::Answer& answer, const Question& question) {
  require_shape(question, Shape::range,
                R"(a metrics query has points or one value: kind = "samples", "value", "ratio" or "count")");
  Points points;
  http::Task<void> asking = ask_points(answer, question, points);
  co_await asking;
  finish_range(answer, question, std::move(points));
}

http::Task<void> DatadogSource::ask_points(core::Answer& answer, const Question& question, Points& points) {
  const Need need = need_of(question, kTimeseriesScope, "the query");
  const auto rollup = rollup_of(question.query);
  if (api_ == Api::v2 || rollup) points.bucket = rollup.value_or(question.step);
  for (const Segment& piece : pieces(question, points.bucket)) {
    http::Request request = api_ == Api::v2 ? post(kTimeseriesPath, timeseries_body(question.query, piece, points.bucket))
                                            : get(kQueryPath, query_parameters(question.query, {piece.from, piece.to}));
    http::Task<http::Response> calling = call(answer, std::move(request), need);
    const http::Response response = co_await calling;
    Decoded decoded = take(api_ == Api::v2 ? decode_timeseries(response.body) : decode_query(response.body), response);
    if (decoded.refusal) {
      throw core::SourceError(
          status_error_at_200(endpoint_->name, need, safe(*decoded.refusal), response.log.method + " " + response.log.url));
    }
    stitch(points.decoded, std::move(decoded));
  }
}

/// Without a rollup v1 chooses the buckets from the span, which must not be cut then.
std::vector<Segment> DatadogSource::pieces(const Question& question, core::Duration bucket) const {
  if (bucket.count() == 0) return {{question.window->start, question.window->end}};
  return segments(*question.window, bucket);
}

void DatadogSource::finish_range(core::Answer& answer, const Question& question, Points points) const {
  Decoded& decoded = points.decoded;
  core::Duration bucket = points.bucket;
  if (decoded.interval) {
    bucket = std::max(bucket, *decoded.interval);
  } else if (bucket.count() > 0) {
    bucket = widest_bucket(decoded.series, bucket);
  }
  if (bucket.count() == 0) bucket = question.step;
  const bool is_count = question.part != "value";
  if (is_count && !decoded.series.empty() && bucket != question.step) {
    throw core::SourceError(
        {"RG1631",
         fmt::format("{}: Datadog counts in buckets of {}, and {} were asked for", endpoint_->name,
                     core::format_duration(bucket), core::format_duration(question.step)),
         fmt::format("give every part of the metric the same rollup: .rollup(sum, {})", bucket.count() / 1000),
         {"query: " + safe(shown_query(question.query))},
         {}});
  }
  if (bucket > points.bucket && points.bucket.count() > 0) {
    answer.notes.push_back(fmt::format("Datadog answered in buckets of {}, wider than the {} that were asked for",
                                       core::format_duration(bucket), core::format_duration(points.bucket)));
  } else if (points.bucket.count() == 0) {
    answer.notes.push_back(fmt::format("Datadog chose buckets of {}", core::format_duration(bucket)));
  }
  if (!is_aligned(*question.window, bucket)) {
    answer.notes.push_back(fmt::format(
        "Datadog's buckets start at whole multiples of {}: those that lie partly outside of the window are left out",
        core::format_duration(bucket)));
  }
  keep_whole_buckets(decoded.series, *question.window, bucket);
  answer.series = std::move(decoded.series);
  add_units(answer, decoded);
}

http::Task<void> DatadogSource::ask_scalar(core::Answer& answer, const Question& question) {
  const Need need = need_of(question, kTimeseriesScope, "the query");
  if (api_ == Api::v2) {
    const core::Window window = whole_buckets(*question.window, rollup_of(question.query));
    http::Request request = post(kScalarPath, scalar_body(question.query, window));
    http::Task<http::Response> calling = call(answer, std::move(request), need);
    const http::Response response = co_await calling;
    Decoded decoded = take(decode_scalar(response.body, question.window->end), response);
    answer.series = std::move(decoded.series);
    add_units(answer, decoded);
    co_return;
  }
  Points points;
  http::Task<void> asking = ask_points(answer, question, points);
  co_await asking;
  const core::Duration bucket = points.decoded.interval.value_or(points.bucket);
  keep_whole_buckets(points.decoded.series, *question.window, bucket);
  const std::string how = aggregator_of(question.query, question.query.text("query").value_or(""));
  for (core::Series& series : points.decoded.series) {
    const auto value = reduced(series.values, how);
    if (value) answer.series.push_back(one_point(series.labels, question.window->end, *value));
  }
  answer.notes.push_back(fmt::format("api = \"v1\" has no scalars: the {} of the points of the window", how));
  add_units(answer, points.decoded);
}

http::Task<http::Response> DatadogSource::call(core::Answer& answer, http::Request request, Need need) {
  http::Task<http::Response> sending = client_->send(request);
  http::Response response = co_await sending;
  answer.requests.push_back(response.log);
  if (is_good(response.status) && http::is_html(response)) {
    throw core::SourceError({"RG1612",
                             fmt::format("{}: the server answered with a web page instead of data", endpoint_->name),
                             "`url` must name the API (https://api.<site>), not the web interface",
                             {response.log.method + " " + response.log.url},
                             {}});
  }
  if (is_good(response.status)) co_return response;
  Refused refused{response.status, {}, "", response.log.method + " " + response.log.url};
  for (const std::string& words : error_words(response.body)) refused.words.push_back(safe(words));
  if (const auto limit = response.headers.find("x-ratelimit-name"); limit != response.headers.end()) {
    refused.limit = safe(limit->second);
  }
  if (response.status == 401 || response.status == 403) {
    http::Task<ApiKey> checking = check_api_key();
    const ApiKey api_key = co_await checking;
    throw core::SourceError(forbidden_error(endpoint_->name, need, refused, api_key, keys_));
  }
  if (auto error = refusal_error(endpoint_->name, need, refused)) throw core::SourceError(std::move(*error));
  throw core::SourceError(http::status_error(request, response, client_->redactor()));
}

/// Only after a refusal: GET /api/v1/validate wants the API key alone, so its answer tells which of the two is at fault.
http::Task<ApiKey> DatadogSource::check_api_key() {
  if (keys_.api_key.empty()) co_return ApiKey::unknown;
  ApiKey found = ApiKey::unknown;
  try {
    http::Request request = get(kValidatePath);
    http::Task<http::Response> sending = client_->send(std::move(request));
    const http::Response response = co_await sending;
    if (response.status == 200) found = ApiKey::valid;
    if (response.status == 401 || response.status == 403) found = ApiKey::invalid;
  } catch (const core::SourceError&) {
    found = ApiKey::unknown;
  }
  co_return found;
}

http::Request DatadogSource::get(std::string path, Parameters parameters) const {
  return get_request(endpoint_, std::move(path), std::move(parameters));
}

http::Request DatadogSource::post(std::string path, std::string body) const {
  return post_request(endpoint_, std::move(path), std::move(body));
}

void DatadogSource::add_units(core::Answer& answer, const Decoded& decoded) const {
  for (const std::string& unit : decoded.units) answer.notes.push_back("Datadog says the values are in: " + safe(unit));
}

void DatadogSource::require_shape(const Question& question, Shape shape, const char* advice) const {
  if (question.shape == shape && (question.window || shape == Shape::state)) return;
  throw core::SourceError(
      {"RG1630", fmt::format("{}: {} cannot be asked like this", endpoint_->name, question.metric), advice, {}, {}});
}

Need DatadogSource::need_of(const Question& question, std::string scope, std::string thing) const {
  return {std::move(scope), std::move(thing), safe(shown_query(question.query))};
}

std::string DatadogSource::safe(std::string_view text) const {
  return shown(*client_, text);
}

core::SourceError DatadogSource::failed(core::Error error, const http::Response& response) const {
  error.message = endpoint_->name + ": " + error.message;
  error.context.push_back(response.log.method + " " + response.log.url);
  return core::SourceError(std::move(error));
}

}  // namespace gate::sources::datadog
