// DatadogSource: what Datadog has decided itself (monitors, deployment gates), SLOs, and the preview of it all.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "http/url.h"
#include "sources/datadog/client.h"
#include "sources/datadog/json.h"
#include "sources/datadog/site.h"
#include "sources/datadog/verdict.h"

namespace gate::sources::datadog {
namespace {

constexpr std::size_t kPageSize = 100;
constexpr std::size_t kMostPages = 20;
constexpr core::Duration kFirstWait{500};
constexpr core::Duration kLongestWait{10000};

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : ",") + part;
  return all;
}

Parameters monitor_parameters() {
  return {{"group_states", "all"}, {"with_downtimes", "true"}};
}

Parameters page_parameters(const std::string& tags, std::size_t page) {
  Parameters parameters = monitor_parameters();
  parameters.emplace_back("monitor_tags", tags);
  parameters.emplace_back("page", fmt::format("{}", page));
  parameters.emplace_back("page_size", fmt::format("{}", kPageSize));
  return parameters;
}

Parameters slo_parameters(const core::Window& window) {
  const auto from = std::chrono::ceil<std::chrono::seconds>(window.start).time_since_epoch().count();
  const auto to = std::chrono::floor<std::chrono::seconds>(window.end).time_since_epoch().count();
  return {{"from_ts", fmt::format("{}", from)}, {"to_ts", fmt::format("{}", to)}};
}

std::string monitor_path(const std::string& id) {
  return fmt::format("{}/{}", kMonitorPath, http::percent_encode(id));
}

std::string slo_path(const core::Settings& query) {
  return fmt::format("{}/{}/history", kSloPath, http::percent_encode(query.text("slo").value_or("")));
}

SloMeasure measure_of(const core::Settings& query) {
  return slo_measure(query.text("measure").value_or("attained")).value_or(SloMeasure::attained);
}

Muted muted_of(const core::Settings& query) {
  return query.text("muted") == "ignore" ? Muted::ignore : Muted::fail;
}

std::string shown_parameters(const Parameters& parameters) {
  std::string all;
  for (const auto& [name, value] : parameters) all += fmt::format("{}{}={}", all.empty() ? "" : " ", name, value);
  return all;
}

}  // namespace

http::Task<void> DatadogSource::ask_monitors(core::Answer& answer, const Question& question) {
  require_shape(question, Shape::state, R"(a monitor is a state: kind = "status")");
  std::vector<Monitor> monitors;
  const std::vector<std::string> ids = monitor_ids(question.query);
  for (const std::string& id : ids) {
    const Need need = need_of(question, "monitors_read", "monitor " + id);
    http::Request request = get(monitor_path(id), monitor_parameters());
    http::Task<http::Response> calling = call(answer, std::move(request), need);
    const http::Response response = co_await calling;
    monitors.push_back(take(decode_monitor(response.body), response));
  }
  if (ids.empty()) {
    http::Task<void> asking = ask_monitor_pages(answer, question, monitors);
    co_await asking;
  }
  answer.asked = ids.empty() ? "monitors tagged " + joined(question.query.text_list("monitor_tags")) : "monitor " + joined(ids);
  answer.graph_url =
      ids.size() == 1 ? monitor_link(site_, ids.front()) : monitors_link(site_, question.query.text_list("monitor_tags"));
  add_state(answer, datadog::state_of(monitors, muted_of(question.query)));
}

http::Task<void> DatadogSource::ask_monitor_pages(core::Answer& answer, const Question& question,
                                                  std::vector<Monitor>& monitors) {
  const std::string tags = joined(question.query.text_list("monitor_tags"));
  const Need need = need_of(question, "monitors_read", "monitors with the tags " + tags);
  for (std::size_t page = 0; page < kMostPages; ++page) {
    http::Request request = get(kMonitorPath, page_parameters(tags, page));
    http::Task<http::Response> calling = call(answer, std::move(request), need);
    const http::Response response = co_await calling;
    std::vector<Monitor> more = take(decode_monitors(response.body), response);
    const bool is_last = more.size() < kPageSize;
    for (Monitor& monitor : more) {
      const bool known = std::any_of(monitors.begin(), monitors.end(), [&](const Monitor& m) { return m.id == monitor.id; });
      if (!known) monitors.push_back(std::move(monitor));
    }
    if (is_last) co_return;
  }
  throw core::SourceError(
      {"RG1660",
       fmt::format("{}: more than {} monitors have the tags {}", endpoint_->name, kMostPages * kPageSize, safe(tags)),
       "name tags that fewer monitors have",
       {},
       {}});
}

http::Task<void> DatadogSource::ask_slo(core::Answer& answer, const Question& question) {
  require_shape(question, Shape::instant, R"(an SLO is one number a window: kind = "value")");
  const std::string id = question.query.text("slo").value_or("");
  answer.asked = fmt::format("SLO {}, {}", id, question.query.text("measure").value_or("attained"));
  answer.graph_url = slo_link(site_, id);
  const Need need = need_of(question, "slos_read", "SLO " + safe(id));
  http::Request request = get(slo_path(question.query), slo_parameters(*question.window));
  http::Task<http::Response> calling = call(answer, std::move(request), need);
  const http::Response response = co_await calling;
  const SloHistory history = take(decode_slo_history(response.body), response);
  for (const std::string& note : history.notes) answer.notes.push_back("Datadog notes: " + safe(note));
  if (!history.errors.empty()) {
    core::Error error{"RG1640", fmt::format("Datadog could not compute SLO {}", safe(id)), "look at it in Datadog", {}, {}};
    for (const std::string& words : history.errors) error.context.push_back("it said: " + safe(words));
    throw failed(std::move(error), response);
  }
  const SloMeasure measure = measure_of(question.query);
  double target = 0.0;
  if (measure != SloMeasure::attained) {
    target = take(slo_target(history, question.query.number("slo_target")), response);
  }
  const auto add = [&](core::Labels labels, const std::optional<double>& attained) {
    if (!attained) return;
    answer.series.push_back(one_point(std::move(labels), question.window->end, slo_value(measure, *attained, target)));
  };
  if (question.each.empty()) {
    add({}, history.attained);
  } else {
    for (const SloGroup& group : history.groups) {
      core::Labels labels{{"group", safe(group.name)}};
      add(std::move(labels), group.attained);
    }
  }
}

http::Task<void> DatadogSource::ask_gate(core::Answer& answer, const Question& question) {
  require_shape(question, Shape::state, R"(a deployment gate is a state: kind = "status")");
  const Need need = need_of(question, "deployment_gates_evaluate", "the deployment gate");
  answer.asked = "deployment gate " + gate_body(question.query);
  http::Request request = post(kGatePath, gate_body(question.query));
  // Each evaluation is one of its own: asked again, it starts another.
  request.idempotent = false;
  request.reuse = http::Reuse::never;
  http::Task<http::Response> calling = call(answer, std::move(request), need);
  const http::Response response = co_await calling;
  const std::string id = take(decode_evaluation_id(response.body), response);
  std::optional<core::Error> ended;
  try {
    http::Task<core::State> waiting = await_gate(answer, id, need);
    core::State state = co_await waiting;
    add_state(answer, std::move(state));
  } catch (const core::SourceError& failure) {
    ended = failure.error();
  }
  if (!ended) co_return;
  constexpr const char* kDeadline = "RG1002";
  if (ended->code != kDeadline) throw core::SourceError(std::move(*ended));
  core::Error error{"RG1650",
                    fmt::format("{}: the deployment gate had not decided before the deadline", endpoint_->name),
                    "raise --deadline: a gate without a verdict is not a pass",
                    {"evaluation " + safe(id)},
                    {}};
  if (!answer.graph_url.empty()) error.context.push_back(answer.graph_url);
  throw core::SourceError(std::move(error));
}

/// Asks until the gate has decided, less and less often; the deadline ends it.
http::Task<core::State> DatadogSource::await_gate(core::Answer& answer, const std::string& id, const Need& need) {
  const std::string path = fmt::format("{}/{}", kGatePath, http::percent_encode(id));
  core::Duration wait = kFirstWait;
  while (true) {
    http::Task<void> sleeping = client_->sleep(wait);
    co_await sleeping;
    http::Request request = get(path);
    request.reuse = http::Reuse::never;
    http::Task<http::Response> calling = call(answer, std::move(request), need);
    const http::Response response = co_await calling;
    const Evaluation evaluation = take(decode_evaluation(response.body), response);
    if (evaluation.url.starts_with("https://")) answer.graph_url = client_->redactor().redact(evaluation.url);
    if (!evaluation.is_running()) co_return take(datadog::state_of(evaluation), response);
    wait = std::min(wait * 2, kLongestWait);
  }
}

void DatadogSource::add_state(core::Answer& answer, core::State state) const {
  state.word = safe(state.word);
  state.reason = safe(state.reason);
  for (std::string& condition : state.conditions) condition = safe(condition);
  answer.state = std::move(state);
}

std::vector<PlannedRequest> DatadogSource::preview(const Question& question) const {
  const core::Settings& query = question.query;
  std::vector<PlannedRequest> all;
  switch (subject_of(query)) {
    case Subject::monitor:
      for (const std::string& id : monitor_ids(query)) {
        all.push_back({"GET", monitor_path(id), shown_parameters(monitor_parameters())});
      }
      if (all.empty()) {
        all.push_back({"GET", kMonitorPath, shown_parameters(page_parameters(joined(query.text_list("monitor_tags")), 0))});
      }
      return all;
    case Subject::slo:
      if (question.window) all.push_back({"GET", slo_path(query), shown_parameters(slo_parameters(*question.window))});
      return all;
    case Subject::deployment_gate:
      all.push_back({"POST", kGatePath, gate_body(query)});
      return all;
    case Subject::metrics:
      break;
  }
  if (!question.window) return all;
  const auto span = [](core::Time from, core::Time to) {
    return fmt::format("from={} to={}", core::format_unix_seconds(from), core::format_unix_seconds(to));
  };
  if (api_ == Api::v2 && question.shape == Shape::instant) {
    const core::Window window = whole_buckets(*question.window, rollup_of(query));
    all.push_back({"POST", kScalarPath, fmt::format("{}  {}", shown_query(query), span(window.start, window.end))});
    return all;
  }
  const auto rollup = rollup_of(query);
  const core::Duration bucket = api_ == Api::v2 || rollup ? rollup.value_or(question.step) : core::Duration(0);
  for (const Segment& piece : pieces(question, bucket)) {
    const std::string interval = api_ == Api::v2 ? " interval=" + core::format_duration(bucket) : "";
    all.push_back({api_ == Api::v2 ? "POST" : "GET", api_ == Api::v2 ? kTimeseriesPath : kQueryPath,
                   fmt::format("{}  {}{}", shown_query(query), span(piece.from, piece.to), interval)});
  }
  return all;
}

}  // namespace gate::sources::datadog
