#include "sources/cloudwatch/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.h"
#include "sources/api_source.h"

namespace gate::sources::cloudwatch {
namespace {

using core::Settings;

constexpr std::array<std::string_view, 6> kStats = {"Average", "Sum", "Minimum", "Maximum", "SampleCount", "IQM"};
constexpr std::size_t kMostNamed = 498;  // of 500 queries in a request, less two of the gate's own
constexpr core::Duration kMinute{60000};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "p95", "tm99.9", "tc90", "wm99", "ts10" or "PR(:300)", "TM(10%:90%)".
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
bool is_extended_stat(std::string_view text) {
  const bool has_bounds = text.size() > 4 && text[2] == '(' && text.ends_with(')') && text.find(':') != std::string_view::npos;
  if (has_bounds) {
    constexpr std::array<std::string_view, 5> kRanges = {"PR", "TM", "TC", "WM", "TS"};
    return std::find(kRanges.begin(), kRanges.end(), text.substr(0, 2)) != kRanges.end();
  }
  for (const std::string_view prefix : {"p", "tm", "tc", "wm", "ts"}) {
    if (!text.starts_with(prefix) || text.size() == prefix.size()) continue;
    const std::string_view rest = text.substr(prefix.size());
    if (std::all_of(rest.begin(), rest.end(), [](char c) { return is_digit(c) || c == '.'; }) && is_digit(rest.front()))
      return true;
  }
  return false;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void check_stat(const std::string& stat, const Settings& settings, core::Diagnostics& diagnostics) {
  if (std::find(kStats.begin(), kStats.end(), stat) != kStats.end() || is_extended_stat(stat)) return;
  const auto meant =
      std::find_if(kStats.begin(), kStats.end(), [&](std::string_view one) { return lower(std::string(one)) == lower(stat); });
  add_key_error(diagnostics, settings, "stat",
                stat.empty() ? std::string("no `stat` says how a period becomes a number")
                             : fmt::format("CloudWatch has no statistic \"{}\"", core::printable(stat)),
                meant != kStats.end()
                    ? fmt::format("did you mean \"{}\"?", *meant)
                    : std::string("it may be Average, Sum, Minimum, Maximum, SampleCount, or a percentile: p95"));
}

bool is_id(std::string_view text) {
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' && std::all_of(text.begin(), text.end(), fits);
}

std::vector<std::pair<std::string, std::string>> read_dimensions(const core::Node* node) {
  std::vector<std::pair<std::string, std::string>> out;
  if (node == nullptr || node->table() == nullptr) return out;
  for (const core::Member& member : *node->table()) out.emplace_back(member.key, core::scalar_text(member.node));
  std::sort(out.begin(), out.end());
  return out;
}

/// What the question's own keys say, for it and for whatever in it does not say otherwise.
Stat common_stat(const Settings& settings) {
  return {settings.text("namespace").value_or(""), settings.text("metric_name").value_or(""),
          read_dimensions(settings.node("dimensions")), settings.text("stat").value_or(""),
          settings.text("account").value_or("")};
}

std::string text_of(const core::Node& table, std::string_view key, const std::string& otherwise) {
  const core::Node* node = table.find(key);
  return node == nullptr ? otherwise : core::scalar_text(*node);
}

void check_keys_of(const core::Member& member, const Settings& settings, core::Diagnostics& diagnostics) {
  for (const core::Member& key : *member.node.table()) {
    constexpr std::array<std::string_view, 5> kKnown = {"namespace", "metric_name", "dimensions", "stat", "account"};
    if (std::find(kKnown.begin(), kKnown.end(), key.key) != kKnown.end()) continue;
    add_key_error(diagnostics, settings, "queries",
                  fmt::format("`{}` of `queries` has no key `{}`", core::printable(member.key), core::printable(key.key)),
                  "it takes metric_name, namespace, dimensions, stat and account, or is an expression");
  }
}

Named read_named(const core::Member& member, const Stat& common, const Settings& settings, core::Diagnostics& diagnostics) {
  Named out;
  out.id = member.key;
  if (!is_id(out.id) || out.id == kResultId || out.id == kPresentId) {
    add_key_error(diagnostics, settings, "queries", fmt::format("`{}` cannot name a query", core::printable(out.id)),
                  "a small letter, then letters, digits and _: m1");
  }
  if (const std::string* text = member.node.string()) {
    out.expression = *text;
    return out;
  }
  if (member.node.table() == nullptr) {
    add_key_error(diagnostics, settings, "queries",
                  fmt::format("`{}` of `queries` is neither a table nor an expression", out.id),
                  R"(m1 = { metric_name = "RequestCount", stat = "Sum" })");
    return out;
  }
  check_keys_of(member, settings, diagnostics);
  Stat stat = common;
  stat.name_space = text_of(member.node, "namespace", common.name_space);
  stat.metric_name = text_of(member.node, "metric_name", "");
  stat.stat = text_of(member.node, "stat", common.stat);
  stat.account = text_of(member.node, "account", common.account);
  if (const core::Node* dimensions = member.node.find("dimensions")) stat.dimensions = read_dimensions(dimensions);
  if (stat.name_space.empty() || stat.metric_name.empty()) {
    add_key_error(diagnostics, settings, "queries",
                  fmt::format("`{}` of `queries` needs `metric_name` and `namespace`", out.id),
                  R"(m1 = { namespace = "AWS/ApplicationELB", metric_name = "RequestCount", stat = "Sum" })");
  }
  check_stat(stat.stat, settings, diagnostics);
  out.stat = std::move(stat);
  return out;
}

void check_expression(const Query& query, const Settings& settings, core::Diagnostics& diagnostics) {
  if (settings.has("metric_name") || settings.has("zero_where")) {
    add_key_error(
        diagnostics, settings, settings.has("metric_name") ? "metric_name" : "zero_where",
        fmt::format("`{}` has no meaning beside `expression`", settings.has("metric_name") ? "metric_name" : "zero_where"),
        "give what the expression refers to in `queries`; zeros are FILL(m1, 0)");
  }
  if (query.expression.find_first_not_of(" \t\r\n") == std::string::npos)
    add_key_error(diagnostics, settings, "expression", "the expression is empty", "for instance \"100 * m1 / m2\"");
}

void check_metric(const Query& query, const Settings& settings, core::Diagnostics& diagnostics) {
  if (query.stat->metric_name.empty()) {
    add_key_error(diagnostics, settings, "metric_name",
                  "neither `metric_name` nor `expression` says what CloudWatch is asked for",
                  R"(metric_name = "RequestCount", with `namespace` and `stat`)");
    return;
  }
  if (query.stat->name_space.empty())
    add_key_error(diagnostics, settings, "namespace", "no `namespace` says whose metric it is",
                  R"(namespace = "AWS/ApplicationELB")");
  check_stat(query.stat->stat, settings, diagnostics);
  if (settings.has("queries"))
    add_key_error(diagnostics, settings, "queries", "`queries` without an `expression` over them", R"(expression = "m1 / m2")");
}

void check_period(const Settings& settings, core::Diagnostics& diagnostics) {
  const auto text = settings.text("stat_period");
  if (!text || text->find("{{step}}") != std::string::npos || text->find("{{window}}") != std::string::npos) return;
  const auto length = core::parse_duration(*text);
  if (length.ok() && is_period(*length)) return;
  add_key_error(diagnostics, settings, "stat_period",
                fmt::format("\"{}\" is no period of CloudWatch's", core::printable(*text)),
                "whole minutes (\"1m\", \"5m\"), for metrics of high resolution also 1s, 5s, 10s, 20s or 30s");
}

std::string describe(const Stat& stat) {
  std::string out = fmt::format("{} of {} {}", stat.stat, stat.name_space, stat.metric_name);
  std::string inside;
  for (const auto& [name, value] : stat.dimensions) inside += fmt::format("{}{}={}", inside.empty() ? "" : ", ", name, value);
  if (!inside.empty()) out += " {" + inside + "}";
  if (!stat.account.empty()) out += " of account " + stat.account;
  return core::printable(out);
}

}  // namespace

bool is_period(core::Duration length) {
  for (const int seconds : {1, 5, 10, 20, 30}) {
    if (length == std::chrono::seconds(seconds)) return true;
  }
  return length >= kMinute && length % kMinute == core::Duration(0);
}

std::optional<core::Duration> literal_period(const Settings& settings) {
  const auto length = core::parse_duration(settings.text("stat_period").value_or(""));
  if (!length.ok()) return std::nullopt;
  return *length;
}

Query read_query(const Settings& settings, core::Diagnostics& diagnostics) {
  Query query;
  const Stat common = common_stat(settings);
  if (const core::Node* node = settings.node("queries");
      node != nullptr && node->table() != nullptr && settings.has("expression")) {
    for (const core::Member& member : *node->table()) query.named.push_back(read_named(member, common, settings, diagnostics));
    if (query.named.size() > kMostNamed)
      add_key_error(diagnostics, settings, "queries", "CloudWatch takes 500 queries at once", "leave some out");
  }
  if (settings.has("expression")) {
    query.expression = settings.text("expression").value_or("");
    check_expression(query, settings, diagnostics);
  } else {
    query.stat = common;
    check_metric(query, settings, diagnostics);
    if (const auto present = settings.text("zero_where")) {
      query.present = common;
      query.present->metric_name = *present;
      query.present->stat = "SampleCount";
      if (common.stat != "Sum" && common.stat != "SampleCount") {
        add_key_error(diagnostics, settings, "zero_where", fmt::format("no {} is 0 where nothing was reported", common.stat),
                      "`zero_where` goes with stat = \"Sum\" or \"SampleCount\"");
      }
    }
  }
  check_period(settings, diagnostics);
  return query;
}

std::string describe(const Query& query) {
  std::string out = query.stat ? describe(*query.stat) : core::printable(query.expression);
  for (const Named& one : query.named)
    out += fmt::format("; {} = {}", one.id, one.stat ? describe(*one.stat) : core::printable(one.expression));
  if (query.present) out += fmt::format("; 0 where {} has a point", core::printable(query.present->metric_name));
  return out;
}

core::QueryFacts facts(const Settings& settings) {
  core::QueryFacts facts;
  const std::string period = settings.text("stat_period").value_or("");
  facts.uses_window = period.find("{{window}}") != std::string::npos;
  facts.uses_step = period.find("{{step}}") != std::string::npos;
  if (!facts.uses_window) facts.longest_range = literal_period(settings).value_or(kMinute);
  if (settings.has("stat_period")) facts.range_location = settings.location("stat_period", settings.location_of_table);
  const std::string expression = settings.text("expression").value_or("");
  if (expression.find("FILL(") != std::string::npos) {
    facts.notes.emplace_back(
        "FILL makes a number of every point that is missing, also of those of a service that reports nothing at all");
  }
  return facts;
}

}  // namespace gate::sources::cloudwatch
