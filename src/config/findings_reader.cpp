#include "config/findings_reader.h"

#include <fmt/format.h>

namespace gate::config {
namespace {

constexpr const char* kCounts = R"(write count = "new": findings that the version before did not have; or "open", "fixed")";

}  // namespace

void read_findings(TableReader& reader, Metric& metric, const ReadContext& context) {
  if (metric.kind != Kind::findings) {
    if (!reader.has("count")) return;
    reader.take("count");
    context.error("RG0219", fmt::format("`count` has no meaning for kind = \"{}\"", name(metric.kind)),
                  reader.key_place("count"), R"(it belongs to kind = "findings")");
    return;
  }
  if (!reader.has("count")) {
    context.error("RG0248", fmt::format("[metrics.{}] has no `count`: kind = \"findings\" needs it", metric.id),
                  metric.location, kCounts);
  } else if (const auto count = reader.choice<FindingCount>(
                 "count", {{"open", FindingCount::open}, {"new", FindingCount::fresh}, {"fixed", FindingCount::fixed}})) {
    metric.counts = *count;
  }
  for (const std::string_view key : {"each", "combine"}) {
    if (!reader.has(key)) continue;
    context.error("RG0248", fmt::format("`{}` has no meaning for kind = \"findings\": they are one number", key),
                  reader.key_place(key), R"(write a metric for each: severity = ["critical"])");
  }
}

void check_findings_bounds(const Metric& metric, const ReadContext& context) {
  if (metric.kind != Kind::findings) return;
  const bool compares_change = metric.counts != FindingCount::open;
  for (const Criterion& criterion : metric.criteria) {
    if (!compares_change || !is_change(criterion.rule)) continue;
    context.error("RG0248",
                  fmt::format("`{}` of what is {} since the version before: that is a change already", name(criterion.rule),
                              name(metric.counts)),
                  criterion.location, "use `above` or `below`");
  }
}

bool ask_for_findings(Part& part, const SourceEntry& entry, Metric& metric, const ReadContext& context) {
  if (entry.spec->facts == nullptr || !entry.spec->facts(part.query).finds) {
    context.error("RG0248", fmt::format("[sources.{}] is of type \"{}\", which has no findings", part.source, entry.spec->type),
                  part.location, "findings are of scanners: sarif, trivy, osv, cyclonedx, audit");
    return false;
  }
  if (const core::Setting* measure = part.query.find("measure")) {
    context.error("RG0248", "`measure` beside kind = \"findings\": `count` says what is counted", measure->key_location,
                  "remove it");
    return false;
  }
  metric.against_history = !part.query.has("baseline_path");
  core::Setting setting;
  setting.key = "measure";
  setting.key_location = part.location;
  setting.node.location = part.location;
  const bool compares = metric.counts != FindingCount::open && !metric.against_history;
  setting.node.value = compares ? std::string(name(metric.counts)) : std::string("total");
  part.query.add(std::move(setting));
  return true;
}

}  // namespace gate::config
