#include "config/placebo_reader.h"

#include <fmt/format.h>

namespace gate::config {
namespace {

constexpr std::int64_t kMostDays = 60;
constexpr std::size_t kWeekdays = 10;  ///< by default: two weeks of them
constexpr core::Duration kDay = std::chrono::hours(24);

void read_days(TableReader& reader, Placebo& placebo, const ReadContext& context) {
  if (reader.has("every") && reader.has("days")) {
    context.error("RG0246", fmt::format("`{0}.every` and `{0}.days` exclude each other", reader.path()),
                  reader.key_place("days"), R"(keep `every = "7d"` for the same day of earlier weeks, or days = "weekdays")");
  }
  static const std::vector<std::pair<std::string, Placebo::Days>> kDays = {{"weekdays", Placebo::Days::weekdays}};
  if (const auto days = reader.choice<Placebo::Days>("days", kDays)) {
    placebo.days = *days;
    placebo.count = kWeekdays;
  }
  const auto every = reader.duration("every");
  if (!every) return;
  placebo.days = Placebo::Days::every;
  if (every->count() <= 0 || *every % kDay != core::Duration(0)) {
    context.error("RG0246",
                  fmt::format("`{}.every` is {}: the clock shows the same hours after whole days alone", reader.path(),
                              core::format_duration(*every)),
                  reader.value_place("every"), R"("7d" for the same day of earlier weeks, "1d" for each day)");
    return;
  }
  placebo.every = static_cast<int>(*every / kDay);
}

void read_zone(TableReader& reader, Placebo& placebo, const ReadContext& context) {
  const auto name = reader.text("zone");
  if (!name) return;
  auto zone = core::Zone::find(*name);
  if (!zone) {
    core::Error error = zone.error();
    error.location = reader.value_place("zone");
    context.diagnostics.push_back({core::Severity::error, std::move(error)});
    return;
  }
  placebo.zone = std::move(zone).value();
  placebo.zone_name = *name;
}

void read_releases(TableReader& reader, Placebo& placebo, const ReadContext& context) {
  const auto texts = reader.text_list("releases");
  if (!texts) return;
  placebo.releases.clear();
  for (const std::string& text : *texts) {
    auto time = core::parse_time(text);
    if (time) {
      placebo.releases.push_back(*time);
      continue;
    }
    core::Error error = time.error();
    error.location = reader.value_place("releases");
    context.diagnostics.push_back({core::Severity::error, std::move(error)});
  }
}

/// Why a placebo cannot serve `metric`; "" when it can.
std::string why_not(const Metric& metric) {
  const bool compared =
      metric.kind != Kind::slo && metric.kind != Kind::derived && metric.kind != Kind::status && metric.kind != Kind::findings;
  if (!compared) return fmt::format("a metric of kind \"{}\" has no difference of its own", name(metric.kind));
  if (metric.compare.design == Design::before_after) return "";
  return fmt::format("design = \"{}\" does not compare with the hours before", name(metric.compare.design));
}

}  // namespace

void read_placebo(TableReader& reader, std::optional<Placebo>& placebo, const ReadContext& context) {
  const core::Node* node = reader.take("placebo");
  if (node == nullptr) return;
  if (const auto* on = std::get_if<bool>(&node->value); on != nullptr && !*on) {
    placebo.reset();
    return;
  }
  if (!placebo) placebo.emplace();
  placebo->location = reader.key_place("placebo");
  TableReader keys(*node, fmt::format("{}.placebo", reader.path()), context);
  read_days(keys, *placebo, context);
  if (const auto count = keys.integer("count", kLeastPlaceboDays, kMostDays)) placebo->count = static_cast<std::size_t>(*count);
  read_zone(keys, *placebo, context);
  read_releases(keys, *placebo, context);
  keys.finish();
}

void check_placebo(const TableReader& reader, Metric& metric, const ReadContext& context) {
  if (!metric.compare.placebo) return;
  const std::string because = why_not(metric);
  if (!because.empty() && reader.has("placebo")) {
    context.error("RG0245", fmt::format("a placebo cannot serve {}: {}", metric.id, because), reader.key_place("placebo"),
                  R"(it is for kinds samples, value, ratio and count with design = "before-after")");
  }
  if (!because.empty()) {
    metric.compare.placebo.reset();
    return;
  }
  if (metric.method == Method::kayenta) {
    context.error(
        "RG0245", fmt::format("{} has a placebo and method = \"kayenta\", whose rules know no earlier days", metric.id),
        reader.has("placebo") ? reader.key_place("placebo") : metric.location, "leave `method` out, or write placebo = false");
  }
  if (metric.method != Method::point) return;
  context.error(
      "RG0245",
      fmt::format("{} has a placebo and method = \"point\": earlier days or two bare numbers decide, not both", metric.id),
      reader.has("placebo") ? reader.key_place("placebo") : metric.location, "leave `method` out, or write placebo = false");
}

}  // namespace gate::config
