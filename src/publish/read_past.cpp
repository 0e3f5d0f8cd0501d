#include "publish/read_past.h"

#include <limits>

namespace gate::publish {
namespace {

core::PastRelease past_release(const Cursor& from) {
  core::PastRelease out;
  out.run = from.at("run").text();
  out.version = from.at("version").text_or_null();
  out.released_at = from.at("released_at").time();
  out.value = from.at("value").number();
  out.samples = from.at("samples").count();
  return out;
}

/// Findings that are known by their number alone.
std::vector<core::KnownFinding> counted(const Cursor& from) {
  const std::size_t count = from.count();
  return count == 0 ? std::vector<core::KnownFinding>() : std::vector<core::KnownFinding>{{"", "", count}};
}

}  // namespace

std::optional<core::Range> read_range(const Cursor& from) {
  if (from.is_null()) return std::nullopt;
  const auto ends = from.items();
  if (ends.size() != 2) from.fail("is no pair");
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return core::Range{ends[0].number_or_null().value_or(-kInfinity), ends[1].number_or_null().value_or(kInfinity)};
}

core::Window read_window(const Cursor& from) {
  return {from.at("start").time(), from.at("end").time()};
}

core::PlaceboReport read_placebo(const Cursor& from) {
  core::PlaceboReport out;
  out.days = from.at("days").text();
  out.zone = from.at("zone").text();
  out.relative = from.at("scale").word() == "ratio";
  out.before = from.at("before").number_or_null();
  out.expected = from.at("expected").number_or_null();
  out.expected_interval = read_range(from.at("expected_interval"));
  for (const Cursor& day : from.at("earlier").items()) {
    out.all.push_back({read_window(day.at("baseline_window")), read_window(day.at("candidate_window")),
                       day.at("baseline").number_or_null(), day.at("candidate").number_or_null(),
                       day.at("left_out").text_or_null()});
  }
  return out;
}

core::PastReleases read_past(const Cursor& from) {
  core::PastReleases out;
  for (const Cursor& one : from.at("releases").items()) out.last.push_back(past_release(one));
  out.unlike = from.at("left_out").count();
  if (const Cursor anchor = from.at("anchor"); !anchor.is_null()) out.anchor = past_release(anchor);
  out.anchor_decides = from.at("anchor_decides").boolean();
  return out;
}

void read_findings(const Cursor& from, core::MetricReport& metric) {
  metric.findings = core::FindingSet{counted(from.at("open")), counted(from.at("suppressed"))};
  const Cursor against = from.at("against");
  if (against.is_null()) return;
  core::FindingsChange change;
  change.run = against.at("run").text();
  change.version = against.at("version").text_or_null();
  change.released_at = against.at("released_at").time();
  change.fresh = against.at("new").count();
  change.persisting = against.at("persisting").count();
  change.fixed = against.at("fixed").count();
  metric.findings_change = std::move(change);
}

}  // namespace gate::publish
