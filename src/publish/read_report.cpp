#include "publish/read_report.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <limits>

#include "core/text.h"
#include "publish/json_cursor.h"
#include "publish/read_past.h"

namespace gate::publish {
namespace {

using core::Evidence;
using core::Level;
using core::Outcome;
using core::Verdict;

constexpr const char* kSchema = "release-gate/report/v1";
constexpr std::array kVerdicts = {Verdict::skipped,      Verdict::pass,  Verdict::warn,
                                  Verdict::inconclusive, Verdict::error, Verdict::fail};
constexpr std::array kEvidence = {Evidence::enough, Evidence::thin, Evidence::none, Evidence::pending, Evidence::error};
constexpr std::array kOutcomes = {Outcome::holds, Outcome::violated, Outcome::unproven, Outcome::not_evaluated};
constexpr std::array kEnds = {core::WatchEnd::harm, core::WatchEnd::safe, core::WatchEnd::error, core::WatchEnd::horizon,
                              core::WatchEnd::interrupted};
constexpr std::array kLevels = {Level::fail, Level::warn};

std::vector<std::string> texts(const Cursor& from) {
  std::vector<std::string> out;
  for (const Cursor& one : from.items()) out.push_back(one.text());
  return out;
}

std::optional<core::Side> side(const Cursor& from) {
  if (from.is_null()) return std::nullopt;
  core::Side out;
  out.value = from.at("value").number_or_null();
  out.samples = from.at("samples").count();
  out.dropped = from.at("dropped").count();
  if (const Cursor shown = from.at("window"); !shown.is_null()) out.window = read_window(shown);
  out.at = from.maybe("at").time_or_null();
  out.at_least = from.maybe("at_least").number_or_null();
  out.at_most = from.maybe("at_most").number_or_null();
  out.zero_limit = from.maybe("zero_limit").number_or_null();
  return out;
}

std::optional<core::BootstrapReport> bootstrap(const Cursor& from) {
  if (from.is_null()) return std::nullopt;
  const auto blocks = from.at("block_lengths").items();
  if (blocks.size() != 2) from.fail("has no pair of block lengths");
  core::BootstrapReport out;
  out.resamples = from.at("resamples").count();
  out.seed = from.at("seed").count();
  out.blocks = {blocks[0].count(), blocks[1].count()};
  return out;
}

std::pair<std::size_t, std::size_t> counts(const Cursor& from) {
  const auto both = from.items();
  if (both.size() != 2) from.fail("is no pair");
  return {both[0].count(), both[1].count()};
}

std::optional<core::VarianceReduction> variance_reduction(const Cursor& from) {
  if (from.is_null()) return std::nullopt;
  core::VarianceReduction out;
  out.pre_period = read_window(from.at("pre_period"));
  out.share = from.at("share").number();
  out.correlation = from.at("correlation").number();
  out.theta = from.at("theta").number();
  out.unadjusted = from.at("unadjusted").number();
  out.units = counts(from.at("units"));
  out.absent = counts(from.at("absent"));
  return out;
}

std::optional<core::ChangeReport> change(const Cursor& from) {
  if (from.is_null()) return std::nullopt;
  core::ChangeReport out;
  out.absolute = from.at("absolute").number_or_null().value_or(std::numeric_limits<double>::quiet_NaN());
  out.relative = from.at("relative").number_or_null();
  out.interval = read_range(from.at("interval"));
  out.relative_interval = read_range(from.at("relative_interval"));
  out.interval_level = from.at("interval_level").number();
  out.method = from.at("method").text();
  if (const auto pair = read_range(from.at("effective_samples"))) out.effective_samples = {pair->lower, pair->upper};
  out.bootstrap = bootstrap(from.maybe("bootstrap"));
  out.p_value = from.maybe("p_value").number_or_null();
  out.variance_reduction = variance_reduction(from.maybe("variance_reduction"));
  out.classification = from.maybe("classification").text_or_null();
  const Cursor critical = from.maybe("critical");
  out.critical = !critical.is_null() && critical.boolean();
  return out;
}

/// A length in seconds.
core::Duration length(const Cursor& from) {
  constexpr double kMostSeconds = 1e10;
  const double seconds = from.number();
  if (!(seconds >= 0.0 && seconds <= kMostSeconds)) from.fail("is no usable length");
  return std::chrono::round<core::Duration>(std::chrono::duration<double>(seconds));
}

core::BurnWindow burn_window(const Cursor& from) {
  core::BurnWindow out;
  out.length = length(from.at("seconds"));
  out.events = from.at("events").number_or_null().value_or(std::numeric_limits<double>::quiet_NaN());
  out.total = from.at("total").number_or_null().value_or(std::numeric_limits<double>::quiet_NaN());
  out.burn = from.at("burn").number_or_null();
  out.interval = read_range(from.at("interval"));
  return out;
}

core::GoalReport goal(const Cursor& from) {
  core::GoalReport out;
  out.number = from.at("number").count();
  out.count = from.at("of").count();
  if (out.number == 0 || out.number > out.count) from.fail("is no goal of its list");
  out.is_due = from.at("is_due").boolean();
  out.at_least = from.at("wants").word() == "at_least";
  out.after = length(from.at("after_seconds"));
  out.due = from.at("due").time();
  out.next_due = from.at("next_due").time_or_null();
  return out;
}

core::CriterionReport criterion(const Cursor& from) {
  core::CriterionReport out;
  out.level = from.at("level").named(kLevels);
  out.rule = from.at("rule").word();
  out.bound = from.at("bound").text();
  out.limit = from.at("limit").text();
  out.observed = from.at("observed").number_or_null();
  if (const Cursor windows = from.maybe("windows"); !windows.is_null()) {
    out.observed_interval = read_range(from.maybe("observed_interval"));
    for (const Cursor& one : windows.items()) out.windows.push_back(burn_window(one));
  }
  out.margin = from.at("margin").number_or_null();
  out.harm_interval = read_range(from.at("harm_interval"));
  out.p_value = from.at("p_value").number_or_null();
  out.p_correction = from.maybe("p_correction").text_or_null();
  if (const Cursor together = from.maybe("p_together"); !together.is_null()) out.p_together = together.count();
  out.detectable = from.at("detectable").number_or_null();
  out.needs_seconds = from.at("needs_seconds").number_or_null();
  out.outcome = from.at("outcome").named(kOutcomes);
  if (const Cursor due = from.maybe("due"); !due.is_null()) out.due = due.time();
  if (const Cursor which = from.maybe("goal"); !which.is_null()) out.goal = goal(which);
  if (const Cursor within = from.maybe("within"); !within.is_null()) out.within = within.boolean();
  if (const Cursor relative = from.maybe("relative"); !relative.is_null()) out.relative = relative.boolean();
  out.reason = from.at("reason").text();
  out.next = from.at("next").text_or_null();
  out.file = from.at("file").text();
  out.line = static_cast<std::uint32_t>(from.at("line").integer(0, std::numeric_limits<std::uint32_t>::max()));
  return out;
}

core::LookReport look(const Cursor& from) {
  core::LookReport out;
  out.number = from.at("look").count();
  out.at = from.at("at").time();
  out.verdict = from.at("verdict").named(kVerdicts);
  for (const Cursor& one : from.at("metrics").items()) {
    core::LookMetric metric;
    metric.id = one.at("id").text();
    metric.verdict = one.at("verdict").named(kVerdicts);
    metric.evidence = one.at("evidence").named(kEvidence);
    metric.level = one.at("level").number();
    metric.observed = one.at("observed").number_or_null();
    metric.interval = read_range(one.at("interval"));
    out.metrics.push_back(std::move(metric));
  }
  return out;
}

core::WatchReport watch(const Cursor& from) {
  core::WatchReport out;
  out.looks = from.at("looks").count();
  out.every = length(from.at("every_seconds"));
  out.longest = length(from.at("for_seconds"));
  out.least = length(from.at("min_seconds"));
  out.opened_at = from.at("opened_at").time();
  out.past = from.at("past").boolean();
  out.boundary = from.at("boundary").text();
  out.end = from.at("ended").named(kEnds);
  for (const Cursor& one : from.at("history").items()) out.history.push_back(look(one));
  return out;
}

core::Samples series(const Cursor& from) {
  core::Samples out;
  for (const Cursor& point : from.items()) {
    const auto pair = point.items();
    if (pair.size() != 2) point.fail("is no pair");
    constexpr double kFarthest = 1e11;
    const double seconds = pair[0].number();
    if (!(seconds > -kFarthest && seconds < kFarthest)) pair[0].fail("is no time");
    out.times.emplace_back(std::chrono::round<core::Duration>(std::chrono::duration<double>(seconds)));
    out.values.push_back(pair[1].number_or_null().value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return out;
}

core::RequestLog request(const Cursor& from) {
  core::RequestLog out;
  out.method = from.at("method").word();
  out.url = from.at("url").text();
  const Cursor status = from.at("status");
  if (!status.is_null()) out.status = static_cast<int>(status.integer(1, 999));
  out.attempts = static_cast<int>(from.at("attempts").integer(0, 1'000'000));
  out.milliseconds = from.at("ms").number_or_null().value_or(std::numeric_limits<double>::quiet_NaN());
  return out;
}

core::Error error(const Cursor& from) {
  core::Error out;
  out.code = from.at("code").word();
  out.message = from.at("message").text();
  out.hint = from.at("hint").text_or_null();
  out.context = texts(from.at("context"));
  return out;
}

core::Unit unit(const Cursor& from) {
  // Of burn rates: no unit that can be written in a gate file.
  constexpr const char* kTimes = "×";
  const std::string text = from.text();
  if (text == kTimes) return {kTimes, kTimes, 1.0};
  const auto out = core::parse_unit(text);
  if (!out) from.fail("is no unit");
  return *out;
}

void read_identity(const Cursor& from, core::MetricReport& out) {
  out.id = from.at("id").text();
  out.parent = from.at("parent").text_or_null();
  for (const auto& [key, value] : from.at("labels").members()) out.labels[key] = value.text();
  out.title = from.at("title").text();
  out.category = from.at("category").text();
  out.source = from.at("source").text();
  out.source_type = from.at("source_type").word();
  out.kind = from.at("kind").word();
  out.unit = unit(from.at("unit"));
  out.better = from.at("better").word_or_null();
  out.required = from.at("required").boolean();
  out.weight = from.at("weight").number();
  out.graph_url = from.at("graph_url").text_or_null();
  out.link = from.at("link").text_or_null();
  out.file = from.at("file").text();
  out.line = static_cast<std::uint32_t>(from.at("line").integer(0, std::numeric_limits<std::uint32_t>::max()));
}

core::MetricReport metric(const Cursor& from) {
  core::MetricReport out;
  read_identity(from, out);
  out.verdict = from.at("verdict").named(kVerdicts);
  out.evidence = from.at("evidence").named(kEvidence);
  out.headline = from.at("headline").text();
  out.next = from.at("next").text_or_null();
  out.brief = from.at("brief").text_or_null();
  out.due = from.at("due").time_or_null();
  if (const Cursor status = from.at("status"); !status.is_null()) out.status = status.text();
  out.baseline = side(from.at("baseline"));
  out.candidate = side(from.at("candidate"));
  out.ab_test = !from.maybe("ab_test").is_null();
  if (const Cursor days = from.maybe("placebo"); !days.is_null()) out.placebo = read_placebo(days);
  if (const Cursor releases = from.maybe("history"); !releases.is_null()) out.past = read_past(releases);
  if (const Cursor found = from.maybe("findings"); !found.is_null()) read_findings(found, out);
  out.change = change(from.at("change"));
  for (const Cursor& one : from.at("criteria").items()) out.criteria.push_back(criterion(one));
  if (const Cursor deciding = from.maybe("deciding"); !deciding.is_null()) {
    out.deciding = deciding.count();
    if (*out.deciding >= out.criteria.size()) deciding.fail("names no criterion");
  }
  out.baseline_series = series(from.at("series").at("baseline"));
  out.candidate_series = series(from.at("series").at("candidate"));
  for (const Cursor& one : from.at("queries").items())
    out.queries.push_back({one.at("part").word(), one.at("side").word(), one.at("text").text()});
  for (const Cursor& one : from.at("requests").items()) out.requests.push_back(request(one));
  if (const Cursor problem = from.at("error"); !problem.is_null()) out.error = error(problem);
  out.notes = texts(from.at("notes"));
  return out;
}

/// The headline's end is the certainty, which stands apart in a report.
void read_headline(const Cursor& from, core::Report& out) {
  out.headline = from.at("headline").text();
  out.certainty = from.maybe("certainty").text_or_null();
  if (out.certainty.empty()) return;
  const std::string end = ", " + out.certainty;
  if (!out.headline.ends_with(end)) from.at("certainty").fail("is not the end of the headline");
  out.headline.resize(out.headline.size() - end.size());
}

void read_run(const Cursor& from, core::Report& out) {
  constexpr std::int64_t kLongest = std::int64_t{1} << 53U;
  out.tool_version = from.at("tool").at("version").word();
  out.gate_name = from.at("gate").at("name").text();
  out.gate_file = from.at("gate").at("file").text();
  out.gate_sha256 = from.at("gate").at("sha256").word();
  out.verdict = from.at("verdict").named(kVerdicts);
  out.exit_code = static_cast<int>(from.at("exit_code").integer(0, 255));
  if (const Cursor would = from.at("would_exit"); !would.is_null()) out.would_exit = static_cast<int>(would.integer(0, 255));
  out.score = from.at("score").number_or_null();
  read_headline(from, out);
  out.next = from.at("next").text_or_null();
  out.closest = from.at("closest").text_or_null();
  out.started_at = from.at("started_at").time();
  out.finished_at = from.at("finished_at").time();
  out.duration = core::Duration(from.at("duration_ms").integer(0, kLongest));
  out.now = from.at("now").time();
  out.confidence = from.at("confidence").number();
  const Cursor release = from.at("release");
  out.deployed_at = release.at("deployed_at").time_or_null();
  out.rollout_started_at = release.at("started_at").time_or_null();
  out.release_version = release.at("version").text_or_null();
  out.previous_version = release.at("previous_version").text_or_null();
  if (const Cursor given = from.at("override"); !given.is_null())
    out.override_ = core::Override{given.at("reason").text(), given.at("actor").text_or_null()};
  for (const Cursor& one : from.at("sources").items())
    out.sources.push_back({one.at("id").text(), one.at("type").word(), one.at("version").text_or_null()});
}

core::Error refusal(const std::string& why) {
  return {"RG3005",
          "this is no report of release-gate: " + core::shorten(core::printable(why), 300),
          "give the file that `release-gate check --report json=PATH` wrote",
          {},
          {}};
}

}  // namespace

core::Result<core::Report> read_report(const std::string& text) {
  if (text.size() > kMostReportBytes)
    return refusal(fmt::format("it has {} bytes, and reports have at most {}", text.size(), kMostReportBytes));
  // Mistakes are exceptions down to here, and a value from here on.
  try {
    const auto document = nlohmann::json::parse(text);
    const Cursor root(document, "");
    if (!document.is_object()) return refusal("it is no JSON object");
    if (root.at("schema").text() != kSchema) return refusal("its schema is not " + std::string(kSchema));
    core::Report report;
    read_run(root, report);
    for (const Cursor& one : root.at("metrics").items()) report.metrics.push_back(metric(one));
    if (const Cursor looks = root.maybe("watch"); !looks.is_null()) report.watch = watch(looks);
    for (const Cursor& one : root.at("errors").items()) report.errors.push_back(error(one));
    report.notes = texts(root.at("notes"));
    return report;
  } catch (const BadReport& bad) {
    return refusal(bad.what());
  } catch (const nlohmann::json::exception& bad) {
    return refusal(bad.what());
  }
}

}  // namespace gate::publish
