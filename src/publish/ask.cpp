#include "publish/ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "core/text.h"

namespace gate::publish {
namespace {

using std::chrono::seconds;

constexpr int kForbidden = 403;
constexpr int kMostWaits = 3;
/// Longer than any service says; keeps the arithmetic away from the ends of its types.
constexpr std::int64_t kMostSeconds = 1'000'000'000'000;

std::optional<std::int64_t> number_in(const http::Response& response, const char* header) {
  const auto found = response.headers.find(header);
  if (found == response.headers.end()) return std::nullopt;
  std::int64_t value = 0;
  const char* end = found->second.data() + found->second.size();
  const auto [stopped, problem] = std::from_chars(found->second.data(), end, value);
  if (problem != std::errc() || stopped != end || value < 0 || value > kMostSeconds) return std::nullopt;
  return value;
}

core::Time system_now() {
  return std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
}

bool is_success(int status) {
  return status >= 200 && status < 300;
}

core::Error too_often(const http::Client& client, const http::Request& request, core::Duration wait) {
  return {"RG1040",
          fmt::format("{}: rate-limited until {}, after the deadline of publishing", request.endpoint->name,
                      core::format_time(std::chrono::floor<seconds>(system_now() + wait))),
          "publish less often, or give it more time with --publish-deadline",
          {client.redactor().redact(request.method + " " + request.path)},
          {}};
}

}  // namespace

std::optional<core::Duration> limited_for(const http::Response& response, core::Time now) {
  if (response.status != kForbidden) return std::nullopt;
  if (const auto wait = number_in(response, "retry-after")) return seconds(*wait);
  if (number_in(response, "x-ratelimit-remaining") == 0) {
    const core::Time reset{seconds(number_in(response, "x-ratelimit-reset").value_or(0))};
    return std::max<core::Duration>(reset - now, seconds(1));
  }
  if (response.body.find("secondary rate limit") != std::string::npos) return seconds(60);
  return std::nullopt;
}

http::Task<http::Response> ask(http::Client& client, http::Request request) {
  request.reuse = http::Reuse::never;
  for (int waits = 0;; ++waits) {
    http::Task<http::Response> asking = client.send(request);
    http::Response response = co_await asking;
    const std::optional<core::Duration> wait = limited_for(response, system_now());
    if (!wait) co_return response;
    if (waits == kMostWaits || *wait >= client.time_left()) {
      core::Error error = too_often(client, request, *wait);
      throw core::SourceError(std::move(error));
    }
    http::Task<void> waiting = client.sleep(*wait);
    co_await waiting;
  }
}

core::Error refused(const http::Client& client, const http::Request& request, const http::Response& response,
                    const Hints& hints) {
  core::Error error = http::status_error(request, response, client.redactor());
  const auto say = [&](const std::string& hint) {
    if (!hint.empty()) error.hint = hint;
  };
  if (response.status == kForbidden) say(hints.forbidden);
  if (response.status == 404) say(hints.not_found);
  if (response.status == 400 || response.status == 422) say(hints.rejected);
  return error;
}

http::Task<Json> ask_json(http::Client& client, http::Request request, Hints hints) {
  http::Request copy = request;
  http::Task<http::Response> asking = ask(client, std::move(copy));
  const http::Response response = co_await asking;
  if (!is_success(response.status)) {
    core::Error error = refused(client, request, response, hints);
    throw core::SourceError(std::move(error));
  }
  Json document = Json::parse(response.body, nullptr, false);
  if (!document.is_structured()) {
    core::Error error = unexpected(client, request, http::is_html(response) ? "is a web page" : "is no JSON object or list");
    throw core::SourceError(std::move(error));
  }
  co_return document;
}

core::Error unexpected(const http::Client& client, const http::Request& request, const std::string& what) {
  return {"RG3003",
          fmt::format("{}: the answer {}", request.endpoint->name, what),
          "is the address that of the API?",
          {client.redactor().redact(request.method + " " + request.path)},
          {}};
}

bool is_ambiguous(const core::Error& error) {
  static constexpr std::array<std::string_view, 8> kUnknown = {"RG1000", "RG1001", "RG1005", "RG1020",
                                                               "RG1021", "RG1022", "RG1023", "RG1150"};
  return std::find(kUnknown.begin(), kUnknown.end(), error.code) != kUnknown.end();
}

std::string body_text(const Json& document) {
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::int64_t number_of(const Json& object, const char* key) {
  if (!object.is_object()) return 0;
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

bool flag_of(const Json& object, const char* key) {
  if (!object.is_object()) return false;
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

}  // namespace gate::publish
