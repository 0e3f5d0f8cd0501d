#include "sources/dynatrace_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "core/text.h"
#include "http/retry.h"
#include "http/url.h"
#include "sources/api_source.h"
#include "sources/api_values.h"
#include "sources/http_settings.h"

namespace gate::sources {
namespace {

using core::KeyType;
using core::Settings;

constexpr double kLatest = 1e14;

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

std::vector<core::KeySpec> dynatrace_keys(std::string_view token_doc) {
  return with_http_keys({
      {"url", KeyType::text, "the environment: what stands before /api/v2", core::KeySpec::Need::required},
      {"token", KeyType::secret, token_doc},
  });
}

core::Diagnostics check_dynatrace_settings(const Settings& settings) {
  core::Diagnostics out = check_http_settings(settings);
  const std::string url = settings.text("url").value_or("");
  const auto parsed = http::parse_url(url);
  if (!parsed.ok()) return out;
  if (parsed->host.ends_with(".apps.dynatrace.com")) {
    add_key_error(
        out, settings, "url", "this is the address of the user interface, not of the API",
        fmt::format("https://{}.live.dynatrace.com", core::printable(parsed->host.substr(0, parsed->host.find('.')))));
  } else if (const std::size_t api = url.find("/api"); api != std::string::npos) {
    add_key_error(out, settings, "url", "`url` ends before /api: the source adds the rest",
                  core::printable(url.substr(0, api)));
  }
  return out;
}

http::Endpoint make_dynatrace_endpoint(const std::string& id, const Settings& settings, const std::string& directory) {
  http::Endpoint endpoint = make_endpoint(id, settings, directory);
  if (const core::Setting* token = settings.find("token")) endpoint.credential_reference = token->reference;
  const core::Secret token = settings.secret("token");
  if (!token.empty()) endpoint.headers.emplace_back("Authorization", prefixed("Api-Token ", token));
  return endpoint;
}

http::Task<DynatraceAnswer> ask_dynatrace(const ApiCaller& caller, core::Answer& answer, http::Request request,
                                          std::string metric) {
  const std::string place = fmt::format("{}: {}", caller.id(), request.path);
  http::Task<http::Response> sending = caller.send(answer, request);
  http::Response response = co_await sending;
  if (response.status >= 200 && response.status < 300) {
    caller.require_no_page(response);
    co_return DynatraceAnswer{JsonAnswer(std::move(response.body), place), http::answered_at(response.headers)};
  }
  const std::vector<std::string> words = words_in(response.body);
  if (response.status == 404 && !metric.empty() && !words.empty()) throw no_such_thing(caller, "metric", metric);
  core::Error error = caller.refusal(request, response);
  if (!words.empty()) {
    std::erase_if(error.context, [](const std::string& line) { return line.starts_with("it said: "); });
    for (const std::string& one : words) error.context.push_back("it said: " + caller.shown(one));
  }
  throw core::SourceError(std::move(error));
}

core::Time dynatrace_time(const JsonAt& value) {
  const double milliseconds = value.number();
  if (milliseconds < 0.0 || milliseconds > kLatest) value.refuse("a time in milliseconds since 1970");
  return core::Time{core::Duration(std::llround(milliseconds))};
}

void DynatraceWarnings::read(const JsonAt& owner) {
  for (const JsonAt& warning : owner.items_of("warnings")) {
    std::string words = warning.text();
    std::string lower = words;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::vector<std::string>& list = lower.find("deprecat") == std::string::npos ? partial : notes;
    if (std::find(list.begin(), list.end(), words) == list.end()) list.push_back(std::move(words));
  }
}

void DynatraceWarnings::report(const ApiCaller& caller, core::Answer& answer, const core::Question& question) const {
  for (const std::string& words : notes) answer.notes.push_back("Dynatrace says: " + caller.shown(words));
  if (partial.empty()) return;
  std::vector<std::string> said;
  for (const std::string& words : partial) said.push_back("it said: " + caller.shown(words));
  if (question.partial_is_error) {
    throw caller.error("RG1924", "Dynatrace warns that this may be a part of what was asked for",
                       R"(ask for less, or accept partial answers with on_partial = "note")", std::move(said));
  }
  answer.notes.insert(answer.notes.end(), said.begin(), said.end());
}

Parameters dynatrace_page(const std::string& key) {
  return {{"nextPageKey", key}};
}

}  // namespace gate::sources
