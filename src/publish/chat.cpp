#include "publish/chat.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "http/url.h"
#include "publish/ask.h"
#include "report/layout.h"
#include "report/markdown_text.h"

namespace gate::publish {
namespace {

using report::Charset;

constexpr std::size_t kMostHeader = 140;
constexpr std::size_t kMostLine = 280;
constexpr std::size_t kMostReason = 600;
/// Shorter pieces of an address are words.
constexpr std::size_t kLeastSecret = 12;
constexpr std::string_view kZeroWidthSpace = "\u200B";

/// The rows that a message has room for.
std::vector<const core::MetricReport*> rows_of(const core::Report& report) {
  std::vector<const core::MetricReport*> rows = report::worst_first(report);
  std::erase_if(rows, [](const core::MetricReport* one) { return !report::needs_attention(*one); });
  return rows;
}

/// "312 → 409 ms · +31 % [+24, +38] worse · limit +10 %".
std::string facts_of(const core::MetricReport& metric) {
  const report::Cells cells = report::cells_of(metric, Charset::unicode);
  std::vector<std::string> parts;
  if (!cells.values.empty()) parts.push_back(cells.values);
  if (!cells.brief.empty()) {
    parts.push_back(cells.brief);
  } else {
    std::string change = cells.change;
    for (const std::string& more : {cells.interval, cells.tendency}) {
      if (!more.empty()) change += (change.empty() ? "" : " ") + more;
    }
    if (!change.empty()) parts.push_back(change);
    if (!cells.limit.empty()) parts.push_back("limit " + cells.limit);
  }
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " · ") + part;
  return core::shorten(out, kMostLine);
}

std::string heading_of(const core::Report& report) {
  return fmt::format("{} {}  {}", report::symbol(report, Charset::unicode), report::word(report), report::who(report));
}

std::string next_of(const core::Report& report) {
  return report.next.empty() ? "" : "→ " + core::shorten(core::printable(report.next), kMostReason);
}

/// "2 fail, 5 pass · overridden by octocat: known issue".
std::string context_of(const core::Report& report) {
  std::string out = report::tally(report, report::Passing::counted, ", ");
  if (report.override_) {
    out += fmt::format(" · overridden by {}: {}", core::printable(report.override_->actor),
                       core::shorten(core::printable(report.override_->reason), kMostLine));
  }
  return out;
}

/// Text for mrkdwn: the three characters that open links and mentions as entities; marks that format are kept from it by a
/// space of no width, since Slack knows no way to escape them.
std::string for_slack(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
      if (c == '*' || c == '~' || c == '`' || c == '_') out += kZeroWidthSpace;
    }
  }
  return out;
}

Json mrkdwn(const std::string& text) {
  Json out;
  out["type"] = "mrkdwn";
  out["text"] = text;
  // No address, name or channel in it becomes a link of itself.
  out["verbatim"] = true;
  return out;
}

Json section(const std::string& text) {
  Json out;
  out["type"] = "section";
  out["text"] = mrkdwn(text);
  return out;
}

Json run_of(const std::string& text) {
  Json out;
  out["type"] = "TextRun";
  out["text"] = text;
  return out;
}

Json line_of(const std::vector<Json>& runs) {
  Json out;
  out["type"] = "RichTextBlock";
  out["inlines"] = runs;
  return out;
}

Json bold(Json run) {
  run["weight"] = "Bolder";
  return run;
}

bool is_web(const std::string& url) {
  return !report::web_link("x", url).empty();
}

void throw_refused(const http::Client& client, const Hook& hook, const http::Response& response, const Hints& hints) {
  http::Request request;
  request.endpoint = hook.endpoint;
  request.method = "POST";
  core::Error error = refused(client, request, response, hints);
  throw core::SourceError(std::move(error));
}

}  // namespace

core::Result<Hook> hook_of(const Surroundings& surroundings, const std::string& who, const std::string& name) {
  const auto address =
      secret_of(surroundings, who, {name}, "it is the address that the webhook was made with: keep it as a secret");
  if (!address) return address.error();
  const auto url = http::parse_url(std::string(address->reveal()));
  const auto unusable = [&](const std::string& why, const std::string& hint) {
    return core::Error{"RG3002", fmt::format("{}: {} {}, so nothing is published there", who, name, why), hint, {}, {}};
  };
  if (!url) return unusable("is no address of http or https", "take it over whole, without quotes");
  if (url->scheme != "https" && !http::is_loopback(*url))
    return unusable("is not encrypted", "who knows the address may write there: it must be https");
  http::Endpoint endpoint;
  endpoint.name = who;
  endpoint.url = url->origin();
  endpoint.credential_reference = address->name();
  endpoint.concurrency = 1;
  Hook hook;
  hook.endpoint = std::make_shared<const http::Endpoint>(std::move(endpoint));
  const std::string path = url->path + (url->query.empty() ? "" : "?" + url->query);
  hook.path = core::Secret(path, address->name());
  for (std::size_t start = 0; start < path.size();) {
    const std::size_t end = std::min(path.find_first_of("/?&=", start), path.size());
    if (end - start >= kLeastSecret) hook.pieces.emplace_back(path.substr(start, end - start), address->name());
    start = end + 1;
  }
  return hook;
}

http::Task<http::Response> post_hook(http::Client& client, const Hook& hook, std::string body, http::Request base,
                                     Repeat repeat) {
  // The path is the credential: it is known to the redactor before it can stand in any message.
  client.protect(hook.path);
  for (const core::Secret& piece : hook.pieces) client.protect(piece);
  base.endpoint = hook.endpoint;
  base.method = "POST";
  base.path = std::string(hook.path.reveal());
  base.body = std::move(body);
  base.idempotent = repeat == Repeat::harmless;
  http::Task<http::Response> asking = ask(client, std::move(base));
  co_return co_await asking;
}

std::string slack_message(const core::Report& report, const std::string& report_url) {
  Json header;
  header["type"] = "header";
  header["text"] = {{"type", "plain_text"}, {"text", core::shorten(heading_of(report), kMostHeader)}, {"emoji", false}};
  Json blocks = Json::array();
  blocks.push_back(std::move(header));
  std::string reason = for_slack(core::shorten(report::full_headline(report), kMostReason));
  if (const std::string next = next_of(report); !next.empty()) reason += "\n" + for_slack(next);
  blocks.push_back(section(reason));
  const auto rows = rows_of(report);
  std::string lines;
  for (std::size_t i = 0; i < std::min(rows.size(), kMostChatRows); ++i) {
    lines += fmt::format("{} *{}*  {}\n", report::symbol(*rows[i], Charset::unicode),
                         for_slack(core::shorten(core::printable(rows[i]->title), 80)), for_slack(facts_of(*rows[i])));
  }
  if (rows.size() > kMostChatRows) lines += fmt::format("and {} more\n", rows.size() - kMostChatRows);
  if (!lines.empty()) blocks.push_back(section(core::shorten(lines, 2900)));
  std::string context = for_slack(context_of(report));
  if (is_web(report_url)) context += fmt::format(" · <{}|full report>", core::replace_all(report_url, "&", "&amp;"));
  Json foot;
  foot["type"] = "context";
  foot["elements"] = Json::array({mrkdwn(context)});
  blocks.push_back(std::move(foot));
  Json message;
  // For notifications, and wherever blocks are not shown.
  message["text"] =
      for_slack(fmt::format("{}: {}", heading_of(report), core::shorten(report::full_headline(report), kMostReason)));
  message["blocks"] = std::move(blocks);
  return body_text(message);
}

std::string teams_message(const core::Report& report, const std::string& report_url) {
  Json heading = bold(run_of(heading_of(report)));
  heading["size"] = "Large";
  Json body = Json::array();
  body.push_back(line_of({heading}));
  body.push_back(line_of({run_of(core::shorten(report::full_headline(report), kMostReason))}));
  if (const std::string next = next_of(report); !next.empty()) body.push_back(line_of({run_of(next)}));
  const auto rows = rows_of(report);
  for (std::size_t i = 0; i < std::min(rows.size(), kMostChatRows); ++i) {
    const std::string title = core::shorten(core::printable(rows[i]->title), 80);
    const std::string symbol(report::symbol(*rows[i], Charset::unicode));
    body.push_back(line_of({run_of(symbol + " "), bold(run_of(title)), run_of("  " + facts_of(*rows[i]))}));
  }
  std::string foot = context_of(report);
  if (rows.size() > kMostChatRows) foot = fmt::format("and {} more · {}", rows.size() - kMostChatRows, foot);
  Json last = run_of(foot);
  last["isSubtle"] = true;
  body.push_back(line_of({last}));
  Json card;
  card["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json";
  card["type"] = "AdaptiveCard";
  card["version"] = "1.5";
  card["msteams"] = {{"width", "Full"}};
  card["body"] = std::move(body);
  if (is_web(report_url)) {
    Json open;
    open["type"] = "Action.OpenUrl";
    open["title"] = "Full report";
    open["url"] = report_url;
    card["actions"] = Json::array({open});
  }
  Json attachment;
  attachment["contentType"] = "application/vnd.microsoft.card.adaptive";
  attachment["contentUrl"] = nullptr;
  attachment["content"] = std::move(card);
  Json message;
  message["type"] = "message";
  message["attachments"] = Json::array({attachment});
  return body_text(message);
}

http::Task<void> post_slack(http::Client& client, const Hook& hook, std::string message) {
  http::Task<http::Response> posting = post_hook(client, hook, std::move(message), {}, Repeat::never);
  const http::Response response = co_await posting;
  if (response.status == 200 && response.body.starts_with("ok")) co_return;
  const Hints hints{"the workspace does not let this webhook post: ask who keeps it",
                    "the webhook is gone: make a new one and set SLACK_WEBHOOK_URL", "its words say what it does not take"};
  throw_refused(client, hook, response, hints);
}

http::Task<void> post_teams(http::Client& client, const Hook& hook, std::string message) {
  http::Task<http::Response> posting = post_hook(client, hook, std::move(message), {}, Repeat::never);
  const http::Response response = co_await posting;
  // Connectors of old say at status 200 that they could not deliver.
  const bool failed = response.body.find("delivery failed") != std::string::npos;
  if (response.status >= 200 && response.status < 300 && !failed) co_return;
  const Hints hints{"is the workflow on, and its address whole (with sig=…)?",
                    "the workflow is gone: make a new one and set TEAMS_WEBHOOK_URL", "its words say what it does not take"};
  throw_refused(client, hook, response, hints);
}

}  // namespace gate::publish
