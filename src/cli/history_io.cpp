#include "cli/history_io.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "cli/exit_status.h"
#include "cli/signals.h"
#include "core/text.h"

namespace gate::cli {
namespace {

constexpr core::Duration kLongest = std::chrono::seconds(10);
constexpr std::size_t kMostRuns = 10'000;  ///< that are looked through for releases
constexpr core::Duration kShortest =
    std::chrono::milliseconds(500);  ///< for keeping a run whose asking took all the time there was

/// " of critical, high": findings of other severities are others.
std::string severities_of(const config::Metric& metric) {
  const auto part = metric.parts.find("value");
  if (part == metric.parts.end() || !part->second.query.has("severity")) return "";
  std::vector<std::string> words = part->second.query.text_list("severity");
  std::sort(words.begin(), words.end());
  return fmt::format(" of {}", fmt::join(words, ", "));
}

/// What the value of a metric is, as far as its definition tells: values of another estimand are not compared with each other.
std::string estimand_of(const config::Metric& metric) {
  std::string out(config::name(metric.kind));
  if (metric.kind == config::Kind::findings) return out + severities_of(metric);
  if (metric.formula) return out + " " + metric.formula->formula.text;
  if (metric.slo) return out + fmt::format(" {}", metric.slo->objective);
  if (metric.kind == config::Kind::count) return out + (metric.parts.contains("exposure") ? " per exposure" : " per time");
  if (metric.aggregate == config::Aggregate::quantile) return out + fmt::format(" p{:.6g}", 100.0 * metric.aggregate_quantile);
  if (metric.aggregate) return out + fmt::format(" {}", config::name(*metric.aggregate));
  if (metric.kind == config::Kind::samples) return out + (metric.method == config::Method::rank ? " median" : " mean");
  return out;
}

/// Whether the metric is nothing without the history. Open findings are a number without it.
bool hangs_on_past(const config::Metric& metric) {
  if (metric.kind != config::Kind::findings) return metric.compare.design == config::Design::previous_releases;
  const bool compares = std::any_of(metric.criteria.begin(), metric.criteria.end(),
                                    [](const config::Criterion& one) { return config::is_change(one.rule); });
  return metric.against_history && (compares || metric.counts != config::FindingCount::open);
}

std::vector<history::PastQuestion> questions_of(const Input& input) {
  std::vector<history::PastQuestion> out;
  for (const plan::MetricPlan& plan : input.plan.metrics) {
    const config::Metric& metric = *plan.metric;
    const bool finds = metric.kind == config::Kind::findings && metric.against_history;
    if (plan.state == plan::MetricPlan::State::left_out || !(finds || hangs_on_past(metric))) continue;
    out.push_back({metric.id, estimand_of(metric), metric.unit, metric.compare.releases, metric.compare.anchor_release, finds});
  }
  return out;
}

history::RunFacts facts_of(const Session& session) {
  const RunRecord& record = session.record;
  history::RunFacts facts;
  facts.id = record.run_id;
  facts.revision = record.revision;
  facts.stage = record.stage;
  // After a bug, too, nobody knows what the verdict is worth.
  facts.complete = record.only.empty() && session.report.exit_code != kInternalError;
  facts.estimand = [&session](const std::string& id) {
    const config::Metric* metric = session.input.gate.find_metric(id);
    return metric == nullptr ? std::string() : estimand_of(*metric);
  };
  return facts;
}

}  // namespace

core::Result<std::optional<history::Location>> history_location(const std::string& option, const World& world) {
  const std::string text = option.empty() ? environment(world, kHistoryVariable) : option;
  if (text.empty()) return std::optional<history::Location>();
  auto location = history::parse_location(text);
  if (!location) {
    core::Error error = location.error();
    error.message = fmt::format("{}: {}", option.empty() ? kHistoryVariable : "--history", error.message);
    return error;
  }
  return std::optional<history::Location>(std::move(location).value());
}

history::Limits history_limits(core::Duration longest) {
  history::Limits limits;
  limits.patience = std::min(kLongest, longest);
  limits.interrupted = [] { return received_signal() != 0; };
  return limits;
}

bool needs_past(const Input& input) {
  return std::any_of(input.plan.metrics.begin(), input.plan.metrics.end(), [](const plan::MetricPlan& plan) {
    return plan.state != plan::MetricPlan::State::left_out && hangs_on_past(*plan.metric);
  });
}

bool asks_past(const Input& input) {
  return !questions_of(input).empty();
}

core::Past read_past(const std::optional<history::Location>& location, const Input& input, core::Duration longest) {
  core::Past out;
  const std::vector<history::PastQuestion> questions = questions_of(input);
  if (questions.empty()) return out;
  history::Present present;
  present.gate = input.gate.name;
  present.release = input.gate.release_version;
  present.now = input.plan.clock.now;
  present.released_at = input.plan.clock.deployed_at.value_or(present.now);
  // Opened for writing, so that the first run of a gate finds an empty history and not an error.
  auto store = history::Store::open(*location, history::Access::write, history_limits(longest));
  if (!store) {
    out.error = store.error();
    return out;
  }
  auto past = store.value()->past(questions, present);
  if (past) return std::move(past).value();
  out.error = past.error();
  return out;
}

bool needs_releases(const Input& input) {
  return std::any_of(input.plan.metrics.begin(), input.plan.metrics.end(),
                     [](const plan::MetricPlan& plan) { return plan.placebo.has_value(); });
}

core::Releases read_releases(const history::Location& location, const Input& input, core::Duration longest) {
  core::Releases out;
  out.known = true;
  // As for earlier values: the first run of a gate finds an empty history and not an error.
  auto store = history::Store::open(location, history::Access::write, history_limits(longest));
  const auto runs = store ? store.value()->runs({input.gate.name, "", "", std::nullopt, kMostRuns})
                          : core::Result<std::vector<history::Run>>(store.error());
  if (!runs) {
    out.error = runs.error();
    return out;
  }
  for (const history::Run& run : *runs) {
    if (out.at.empty() || out.at.back() != run.released_at()) out.at.push_back(run.released_at());
  }
  return out;
}

std::string make_run_id(core::Time started) {
  std::string time = core::format_time(std::chrono::floor<std::chrono::seconds>(started));
  std::erase_if(time, [](char letter) { return letter == '-' || letter == ':'; });
  std::random_device random;
  return fmt::format("{}-{:08x}{:04x}", time, random(), random() & 0xffffU);
}

std::string current_actor(const World& world) {
  for (const char* name : {"GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID", "USER", "LOGNAME"}) {
    std::string actor = environment(world, name);
    if (!actor.empty()) return actor;
  }
  return "unknown";
}

std::string current_revision(const World& world) {
  for (const char* name :
       {"GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "BUILD_SOURCEVERSION", "BITBUCKET_COMMIT", "CIRCLE_SHA1"}) {
    std::string revision = environment(world, name);
    if (!revision.empty()) return revision;
  }
  return "";
}

bool keep_run(const Session& session, bool quiet, World& world) {
  const history::Location& location = *session.history;
  const history::Run run = history::run_of(session.report, facts_of(session));
  auto store = history::Store::open(location, history::Access::write, history_limits(std::max(kShortest, time_left(session))));
  if (!store) {
    print_error(store.error(), world);
    return false;
  }
  const auto kept = store.value()->keep(run);
  if (!kept) {
    print_error(kept.error(), world);
    return false;
  }
  if (*kept == history::Kept::other) {
    print_error({"RG0608",
                 fmt::format("the history {} has another run with the id {}: this one is not kept", location.shown,
                             core::printable(run.id)),
                 "give every run an id of its own, or leave --run-id out",
                 {},
                 {}},
                world);
    return false;
  }
  if (!quiet) {
    world.err << core::without_commands(fmt::format("kept as {} in {}{}\n", core::printable(run.id), location.shown,
                                                    *kept == history::Kept::already ? " already" : ""));
  }
  return true;
}

}  // namespace gate::cli
