#include "sources/http_json/client.h"

#include <fmt/format.h>

#include "core/text.h"
#include "sources/calendar_days.h"
#include "sources/json_reading.h"
#include "sources/next_page.h"
#include "sources/window_text.h"

namespace gate::sources::http_json {
namespace {

constexpr ApiSystem kSystem{"the API", "", "", "check `url` and `path`"};

std::string zone_name(const core::Settings& query) {
  return query.text("zone").value_or("UTC");
}

/// The window that is asked for: that of the question, or the whole days in it.
std::optional<core::Window> asked_window(const Question& question) {
  if (!question.window || !asks_for_days(question.query)) return question.window;
  return days_within(*question.window, zone_of(question.query));
}

/// "value /data/count" or "items /data, time /at".
std::string described(const core::Settings& query) {
  std::string text;
  for (const std::string_view key : {"items", "time", "value"}) {
    if (const auto pointer = query.text(key))
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", key, core::printable(*pointer));
  }
  return text;
}

}  // namespace

HttpJsonSource::HttpJsonSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context) {}

http::Request HttpJsonSource::make_request(Sent sent) const {
  http::Request request = caller().get(std::move(sent.path));
  request.method = std::move(sent.method);
  request.body = std::move(sent.body);
  request.content_type = std::move(sent.content_type);
  return request;
}

std::vector<PlannedRequest> HttpJsonSource::preview(const Question& question) const {
  const auto window = asked_window(question);
  if (question.window && !window) return {};
  const Sent sent = request_of(question.query, window);
  std::string text = described(question.query);
  if (!sent.body.empty()) text = fmt::format("{} → {}", core::printable(sent.body), text);
  return {{sent.method, core::printable(sent.path), std::move(text)}};
}

http::Request HttpJsonSource::probe() const {
  const Question* first = first_question();
  return first == nullptr ? caller().get("") : make_request(request_of(first->query, asked_window(*first)));
}

http::Task<void> HttpJsonSource::fetch(core::Answer& answer, const Question& question) {
  const core::Settings& query = question.query;
  answer.asked = described(query);
  if (question.before) {
    throw caller().error("RG1965", "this question is about now, and its past cannot be asked for",
                         R"(put {{start}} and {{end}} into it, or compare with a bound alone: design = "none")");
  }
  if (!question.window && asks_for_window(query)) {
    throw caller().error("RG1965",
                         "this question holds the window, and what is asked beside it is about now, so that there is none",
                         "put {{start}} and {{end}} into both questions, or into neither");
  }
  const auto window = asked_window(question);
  if (question.window && !window) {
    answer.absence = fmt::format("no whole day of {} lies in the window, and the API is asked by the day", zone_name(query));
    co_return;
  }
  if (window != question.window || (window && asks_for_days(query)))
    answer.notes.push_back(describe_days(whole_days(*window, zone_of(query)), zone_name(query)));
  const Sent sent = request_of(query, window);
  http::Request request = make_request(sent);
  JsonReading reading(query);
  PageChain chain(caller());
  while (true) {
    http::Task<http::Response> asking = caller().ask(answer, request);
    http::Response response = co_await asking;
    std::string next = query.has("paging") ? next_link(response) : "";
    const JsonAnswer page = caller().json_in(std::move(response), core::printable(sent.path));
    reading.read(page.root());
    if (query.has("next")) next = cursor_in(query, page.root());
    if (next.empty()) break;
    chain.follow(next);
    const bool is_address = query.has("paging") || !query.has("next_parameter");
    request = is_address ? next_page(caller(), request, next) : make_request(with_cursor(sent, query, next));
  }
  std::move(reading).put(answer, question);
}

}  // namespace gate::sources::http_json
