#include "http/exchange.h"

#include <array>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "http/base64.h"

namespace gate::http {
namespace {

using nlohmann::json;

core::Error unreadable(const std::string& why) {
  return {
      "RG1081", "a recorded answer cannot be read: " + why, "the evidence was changed, or written by a newer version", {}, {}};
}

void put_text(json& document, const std::string& key, const std::string& text) {
  if (core::is_utf8(text)) {
    document[key] = text;
  } else {
    document[key + "_base64"] = base64_encode(text);
  }
}

std::string get_text(const json& document, const std::string& key) {
  if (document.contains(key)) return document.at(key).get<std::string>();
  std::optional<std::string> bytes = base64_decode(document.at(key + "_base64").get<std::string>());
  if (!bytes) throw std::invalid_argument("base64");
  return std::move(*bytes);
}

json response_document(const Response& response) {
  json document;
  document["status"] = response.status;
  document["headers"] = json::object();
  for (const auto& [name, value] : response.headers) {
    document["headers"][core::printable(name)] = core::printable(value);
  }
  put_text(document, "body", response.body);
  document["log"] = {{"method", response.log.method},
                     {"url", response.log.url},
                     {"status", response.log.status},
                     {"attempts", response.log.attempts},
                     {"milliseconds", response.log.milliseconds}};
  return document;
}

Response read_response(const json& document) {
  Response response;
  response.status = document.at("status").get<int>();
  response.headers = document.at("headers").get<Headers>();
  response.body = get_text(document, "body");
  response.body.reserve(response.body.size() + kBodyPadding);
  const json& log = document.at("log");
  response.log.method = log.at("method").get<std::string>();
  response.log.url = log.at("url").get<std::string>();
  response.log.status = log.at("status").get<int>();
  response.log.attempts = log.at("attempts").get<int>();
  response.log.milliseconds = log.at("milliseconds").get<double>();
  return response;
}

json error_document(const core::Error& error) {
  return {{"code", error.code}, {"message", error.message}, {"hint", error.hint}, {"context", error.context}};
}

core::Error read_error(const json& document) {
  core::Error error;
  error.code = document.at("code").get<std::string>();
  error.message = document.at("message").get<std::string>();
  error.hint = document.at("hint").get<std::string>();
  error.context = document.at("context").get<std::vector<std::string>>();
  return error;
}

}  // namespace

std::string encode_question(const Job& job) {
  const Request& request = job.request;
  json question;
  question["source"] = core::printable(request.endpoint->name);
  question["method"] = request.method;
  question["url"] = core::printable(job.url.text());
  if (!job.body.empty()) put_text(question, "body", job.body);
  for (const auto& [name, value] : request.headers) question["headers"][core::printable(name)] = core::printable(value);
  return question.dump();
}

std::string encode_answer(const Recorded& recorded) {
  json document;
  if (recorded.result.ok()) {
    document["response"] = response_document(recorded.result.value());
  } else {
    document["error"] = error_document(recorded.result.error());
  }
  if (recorded.skew) document["clock_skew_ms"] = recorded.skew->count();
  return document.dump();
}

core::Result<Recorded> decode_answer(const std::string& text) {
  // The only place where a library's exception stands for bad input: it is turned into a value at once.
  try {
    const json document = json::parse(text);
    std::optional<core::Duration> skew;
    if (document.contains("clock_skew_ms")) skew = core::Duration(document.at("clock_skew_ms").get<std::int64_t>());
    if (document.contains("error")) {
      const core::Error error = read_error(document.at("error"));
      return Recorded{core::Result<Response>(error), skew};
    }
    return Recorded{core::Result<Response>(read_response(document.at("response"))), skew};
  } catch (const std::exception& problem) {
    return unreadable(problem.what());
  }
}

Headers harmless_headers(Headers headers) {
  static constexpr std::array<std::string_view, 7> kSuspicious = {"cookie", "auth",    "token",    "secret",
                                                                  "key",    "session", "signature"};
  std::erase_if(headers, [](const auto& header) {
    return std::any_of(kSuspicious.begin(), kSuspicious.end(),
                       [&](std::string_view word) { return header.first.find(word) != std::string::npos; });
  });
  return headers;
}

Response copy_response(const Response& response) {
  Response copy;
  copy.status = response.status;
  copy.body.reserve(response.body.size() + kBodyPadding);
  copy.body = response.body;
  copy.headers = response.headers;
  copy.log = response.log;
  return copy;
}

}  // namespace gate::http
