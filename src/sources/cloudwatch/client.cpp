#include "sources/cloudwatch/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "sources/aws.h"
#include "sources/cloudwatch/combine.h"
#include "sources/credential.h"

namespace gate::sources::cloudwatch {
namespace {

constexpr ApiSystem kSystem = {
    "CloudWatch",
    "are `access_key`, `secret_key` and, for temporary credentials, `session_token` those of one identity, still valid, and is "
    "this "
    "machine's clock right?",
    "the identity needs the permission cloudwatch:GetMetricData",
    "check `region` and `url`",
};

constexpr AwsOperation kGetMetricData = {"GraniteServiceVersion20100801.GetMetricData", "1.0"};

Query query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

std::string note_of_span(const core::Window& window, const Span& span) {
  const bool same = span.start == window.start && span.end == window.end;
  return same ? ""
              : fmt::format("CloudWatch counts by the minute: asked from {} to {}", core::format_time(span.start),
                            core::format_time(span.end));
}

}  // namespace

CloudWatchSource::CloudWatchSource(http::Endpoint endpoint, std::string region, const core::Settings& settings,
                                   const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context), region_(std::move(region)) {}

core::Result<CloudWatchSource::Asked> CloudWatchSource::asked_by(const Question& question) const {
  const auto error = [&](std::string_view message, std::string hint) {
    return core::Error{"RG1922", fmt::format("{}: {}", caller().id(), message), std::move(hint), {}, {}};
  };
  Asked asked{query_of(question), {}, {}, false};
  if (asked.query.stat) asked.stats = {asked.query.stat->stat};
  if (question.shape != Shape::instant) {
    asked.span = span_of_points(*question.window, question.step);
    if (asked.span.end - asked.span.start < question.step) {
      return error(fmt::format("the window holds no whole period of {} between two minutes of the clock",
                               core::format_duration(question.step)),
                   "use a longer window");
    }
    if (is_period(question.step)) return asked;
    return error(
        fmt::format("CloudWatch makes no points of {}", core::format_duration(question.step)),
        "give the metric a `step` of whole minutes (for metrics of high resolution also 1s, 5s, 10s, 20s or 30s), or leave "
        "`stat_period` out");
  }
  const auto span = span_of_window(*question.window);
  if (!span)
    return error("the window does not hold one whole minute, and CloudWatch counts by the minute", "use a longer window");
  asked.span = *span;
  asked.is_combined = span->period != span->end - span->start;
  if (!asked.is_combined) return asked;
  asked.stats = asked.query.stat ? parts_of_stat(asked.query.stat->stat) : std::vector<std::string>{};
  if (!asked.stats.empty()) return asked;
  return error(fmt::format("CloudWatch makes one number of at most a day, and {} of several days is not made of theirs",
                           asked.query.stat ? asked.query.stat->stat : "an expression"),
               R"(use a window of at most 24h, or points: kind = "samples", or `aggregate`)");
}

http::Task<void> CloudWatchSource::fetch(core::Answer& answer, const Question& question) {
  const core::Result<Asked> found = asked_by(question);
  if (!found) throw core::SourceError(found.error());
  const Asked& asked = *found;
  answer.asked = describe(asked.query);
  if (const std::string note = note_of_span(*question.window, asked.span); !note.empty()) answer.notes.push_back(note);
  http::Task<Results> asking = pages(answer, asked);
  Results results = co_await asking;
  check_status(answer, question, results);
  put_series(answer, question, asked, std::move(results));
}

http::Task<Results> CloudWatchSource::pages(core::Answer& answer, Asked asked) {
  Results results;
  PageChain chain(caller());
  std::string token;
  do {
    if (!token.empty()) chain.follow(token);
    http::Task<JsonAnswer> asking = ask_aws(
        caller(), answer, aws_request(caller(), kGetMetricData, request_body(asked.query, asked.stats, asked.span, token)));
    const JsonAnswer page = co_await asking;
    add_page(results, page.root());
    token = results.next_token;
  } while (!token.empty());
  co_return results;
}

void CloudWatchSource::check_status(core::Answer& answer, const Question& question, const Results& results) const {
  std::vector<std::string> partial;
  for (const Result& result : results.all) {
    std::vector<std::string> context;
    for (const std::string& message : result.messages) context.push_back("it said: " + caller().shown(message));
    if (result.status == "Forbidden") {
      throw caller().error("RG1103", fmt::format("CloudWatch may not read {} for these keys", caller().shown(result.label)),
                           "the identity needs cloudwatch:GetMetricData, also in the account that `account` names",
                           std::move(context));
    }
    if (result.status == "Complete") continue;
    if (result.status != "PartialData") {
      throw caller().error(
          "RG1923",
          fmt::format("CloudWatch could not answer ({}), inside of an answer of HTTP 200", caller().shown(result.status)),
          "this is a fault of the server's: run the gate again", std::move(context));
    }
    partial.push_back(fmt::format("CloudWatch says that the points of {} are not complete", caller().shown(result.label)));
    partial.insert(partial.end(), context.begin(), context.end());
  }
  for (const std::string& message : results.messages) partial.push_back("it said: " + caller().shown(message));
  if (partial.empty()) return;
  if (question.partial_is_error) {
    throw caller().error("RG1924", "CloudWatch gives a part of what was asked for",
                         R"(ask for less, or accept partial answers with on_partial = "note")", std::move(partial));
  }
  answer.notes.insert(answer.notes.end(), partial.begin(), partial.end());
}

void CloudWatchSource::put_series(core::Answer& answer, const Question& question, const Asked& asked, Results results) const {
  const auto of_id = [&](const std::string& id) {
    return std::find_if(results.all.begin(), results.all.end(), [&](const Result& one) { return one.id == id; });
  };
  if (asked.query.present) {
    if (of_id(kResultId) == results.all.end()) results.all.push_back({kResultId, "", {}, "Complete", {}});
    const auto present = of_id(kPresentId);
    if (present != results.all.end()) put_zeros(of_id(kResultId)->points, present->points);
  }
  std::size_t outside = 0;
  if (asked.is_combined) {
    std::vector<core::Series> parts;
    for (std::size_t i = 0; i < asked.stats.size(); ++i) {
      const auto found = of_id(result_id(i));
      parts.push_back(found == results.all.end() ? core::Series{} : series_of(*found, asked.span, outside));
    }
    if (const auto value = combined(asked.query.stat->stat, parts)) {
      answer.series.push_back({{}, {question.window->end}, {*value}, {}, 0});
      answer.notes.push_back(
          fmt::format("one number of {} periods of {}", parts.front().values.size(), core::format_duration(asked.span.period)));
    }
  } else {
    for (const Result& result : results.all) {
      if (result.id != kResultId) continue;
      core::Series series = series_of(result, asked.span, outside);
      if (series.times.empty()) continue;
      if (!asked.query.stat) series.labels = {{"label", result.label}};
      if (question.shape == Shape::instant) series.times.back() = question.window->end;
      answer.series.push_back(std::move(series));
    }
  }
  if (outside > 0)
    answer.notes.push_back(fmt::format("{} points whose periods reach out of the window were left out", outside));
  if (answer.series.empty()) {
    answer.absence = fmt::format(
        "CloudWatch has no point of {}; points of a minute are kept for 15 days, of 5 minutes for 63 days, of an hour for 455 "
        "days",
        describe(asked.query));
  }
}

std::vector<PlannedRequest> CloudWatchSource::preview(const Question& question) const {
  const core::Result<Asked> asked = asked_by(question);
  if (!asked) throw core::SourceError(asked.error());
  return {{"POST", "/ (GetMetricData)", describe(asked->query), describe(asked->span)}};
}

http::Request CloudWatchSource::probe() const {
  Query query;
  query.stat = Stat{"ReleaseGate", "Probe", {}, "Sum", ""};
  const core::Time start{std::chrono::hours(24 * 365 * 56)};
  return aws_request(caller(), kGetMetricData,
                     request_body(query, {"Sum"}, {start, start + std::chrono::hours(1), std::chrono::hours(1)}, ""));
}

http::Task<void> CloudWatchSource::health(Health& found) {
  core::Answer scratch;
  const KeepRequests keeping(scratch, found);
  http::Task<JsonAnswer> asking = ask_aws(caller(), scratch, probe());
  const JsonAnswer page = co_await asking;
  Results results;
  add_page(results, page.root());
  found.system = fmt::format("CloudWatch, {}", region_);
  found.permitted = true;
  note_credential(found, caller().endpoint());
}

}  // namespace gate::sources::cloudwatch
