#include "sources/http_json/requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "http/url.h"
#include "sources/api_source.h"
#include "sources/json_pointer.h"
#include "sources/json_reading.h"
#include "sources/window_text.h"

namespace gate::sources::http_json {
namespace {

using core::Settings;
using nlohmann::json;

constexpr const char* kJson = "application/json";

/// Every text of the question that may hold the window, with its key.
std::vector<std::pair<std::string_view, std::string>> texts_of(const Settings& query) {
  std::vector<std::pair<std::string_view, std::string>> texts;
  for (const std::string_view key : {"path", "body"}) {
    if (const auto text = query.text(key)) texts.emplace_back(key, *text);
  }
  if (const core::Node* parameters = query.node("parameters")) {
    for (const core::Member& member : *parameters->table()) texts.emplace_back("parameters", core::scalar_text(member.node));
  }
  return texts;
}

std::string method_of(const Settings& query) {
  return query.text("method").value_or(query.has("body") ? "POST" : "GET");
}

std::string with_query(std::string path, const std::vector<std::pair<std::string, std::string>>& parameters) {
  if (parameters.empty()) return path;
  const char joint = path.find('?') == std::string::npos ? '?' : '&';
  return std::move(path) + joint + http::encode_parameters(parameters);
}

bool goes_into_body(const Settings& query) {
  return query.text("next_parameter").value_or("").starts_with('/');
}

/// `body` read as JSON with numbers in the place of what is put in later.
bool is_json(const std::string& body) {
  const core::Window window{core::Time(), core::Time(core::Duration(1))};
  return json::accept(put_window_in(body, window, core::Zone(), PutIn::as_is));
}

void check_texts(core::Diagnostics& diagnostics, const Settings& query) {
  for (const auto& [key, text] : texts_of(query)) {
    const std::string mistake = window_mistake(text);
    if (mistake.empty()) continue;
    add_key_error(diagnostics, query, key, fmt::format("`{}`: {}", key, mistake),
                  "write {{start}}, {{start|unix}}, {{start|unix_ms}}, {{start|date}}, the same of end, or {{end|last_date}}");
  }
  const std::string path = query.text("path").value_or("");
  const bool is_plain = std::none_of(path.begin(), path.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if ((!path.empty() && !path.starts_with('/') && !path.starts_with('?')) || path.find('#') != std::string::npos || !is_plain) {
    add_key_error(diagnostics, query, "path", "`path` must begin with a slash, and hold no # and no line break",
                  R"(it is appended to the source's `url`: path = "/v1/count")");
  }
  if (const core::Node* parameters = query.node("parameters")) {
    for (const core::Member& member : *parameters->table()) {
      if (member.node.table() == nullptr && member.node.array() == nullptr) continue;
      add_key_error(diagnostics, query, "parameters",
                    fmt::format("the parameter `{}` must be a text, a number, or true or false", core::printable(member.key)),
                    R"(parameters = { from = "{{start|unix}}", status = "failed" })");
    }
  }
}

void check_body(core::Diagnostics& diagnostics, const Settings& query) {
  const std::string method = method_of(query);
  if (method != "GET" && method != "POST")
    add_key_error(diagnostics, query, "method", "`method` is GET or POST",
                  "questions change nothing, whatever they are sent by");
  const auto body = query.text("body");
  if (body && method == "GET") add_key_error(diagnostics, query, "body", "a GET has no body", R"(write method = "POST")");
  if (query.has("content_type") && !body)
    add_key_error(diagnostics, query, "content_type", "`content_type` has no meaning without `body`", "remove it");
  const bool has_open_variable = body && body->find("{{step}}") != std::string::npos;
  if (body && query.text("content_type").value_or(kJson) == kJson && !has_open_variable && !is_json(*body)) {
    add_key_error(diagnostics, query, "body", "`body` is no JSON",
                  R"(mend it, or say what it is: content_type = "application/x-www-form-urlencoded")");
  }
}

void check_paging(core::Diagnostics& diagnostics, const Settings& query) {
  const bool has_next = query.has("next");
  const bool has_link = query.has("paging");
  if (has_link && query.text("paging") != "link")
    add_key_error(diagnostics, query, "paging", "`paging` is \"link\": the Link header of the answer",
                  "or name a cursor: next = \"/next\"");
  if (has_next && has_link)
    add_key_error(diagnostics, query, "paging", "`paging` and `next` exclude each other", "remove one of them");
  if ((has_next || has_link) && !reads_items(query)) {
    add_key_error(diagnostics, query, has_next ? "next" : "paging", "one number has no further pages",
                  "read the list of things that happened: items, time");
  }
  for (const std::string_view key : {"next_parameter", "more"}) {
    if (query.has(key) && !has_next)
      add_key_error(diagnostics, query, key, fmt::format("`{}` has no meaning without `next`", key), "remove it");
  }
  for (const std::string_view key : {"next", "more"}) {
    const auto steps = parse_pointer(query.text(key).value_or(""));
    if (!steps) add_key_error(diagnostics, query, key, fmt::format("`{}`: {}", key, steps.error().message), steps.error().hint);
  }
  if (!goes_into_body(query)) return;
  const auto steps = parse_pointer(*query.text("next_parameter"));
  if (!steps || !query.has("body") || query.text("content_type").value_or(kJson) != kJson) {
    add_key_error(diagnostics, query, "next_parameter", "a pointer as `next_parameter` is a place in a JSON `body`",
                  "name a parameter of the URL, without a slash, or give the question a `body`");
  }
}

}  // namespace

bool asks_for_window(const Settings& query) {
  const auto texts = texts_of(query);
  return std::any_of(texts.begin(), texts.end(), [](const auto& one) { return names_window(one.second); });
}

bool asks_for_days(const Settings& query) {
  const auto texts = texts_of(query);
  return std::any_of(texts.begin(), texts.end(), [](const auto& one) { return names_days(one.second); });
}

Sent request_of(const Settings& query, const std::optional<core::Window>& window) {
  const core::Zone zone = zone_of(query);
  const auto put = [&](const std::string& text, PutIn how) { return window ? put_window_in(text, *window, zone, how) : text; };
  Sent sent;
  sent.method = method_of(query);
  std::vector<std::pair<std::string, std::string>> parameters;
  if (const core::Node* table = query.node("parameters")) {
    for (const core::Member& member : *table->table())
      parameters.emplace_back(member.key, put(core::scalar_text(member.node), PutIn::as_is));
  }
  sent.path = with_query(put(query.text("path").value_or(""), PutIn::url_encoded), parameters);
  if (const auto body = query.text("body")) {
    sent.body = put(*body, PutIn::as_is);
    sent.content_type = query.text("content_type").value_or(kJson);
  }
  return sent;
}

std::string cursor_in(const Settings& query, const JsonAt& root) {
  if (const auto more = query.text("more")) {
    const auto at = find_at(root, parse_pointer(*more).value());
    if (!at || at->is_null() || !at->flag()) return "";
  }
  const auto at = find_at(root, parse_pointer(query.text("next").value_or("")).value());
  if (!at || at->is_null()) return "";
  return at->is_number() ? fmt::format("{:.15g}", at->number()) : at->text();
}

Sent with_cursor(Sent sent, const Settings& query, const std::string& cursor) {
  const std::string name = query.text("next_parameter").value_or("");
  if (!goes_into_body(query)) {
    sent.path = with_query(std::move(sent.path), {{name, cursor}});
    return sent;
  }
  json body = json::parse(sent.body);
  body[json::json_pointer(name)] = cursor;
  sent.body = body.dump();
  return sent;
}

void check_request(core::Diagnostics& diagnostics, const Settings& query) {
  check_texts(diagnostics, query);
  check_body(diagnostics, query);
  check_paging(diagnostics, query);
}

}  // namespace gate::sources::http_json
