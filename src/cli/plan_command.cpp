// `plan`: what `check` would ask, metric by metric and request by request. Nothing is sent.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <ostream>
#include <set>
#include <sstream>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/impossible.h"
#include "cli/input.h"
#include "core/text.h"
#include "sources/source.h"

namespace gate::cli {
namespace {

using plan::Ask;
using plan::MetricPlan;
using sources::PlannedRequest;

/// More requests of one side than this are told as a number.
constexpr std::size_t kShownRequests = 3;

/// "12:04", with the day where it is not `day`'s.
std::string moment_text(core::Time time, core::Time day) {
  const bool same_day = std::chrono::floor<std::chrono::days>(time) == std::chrono::floor<std::chrono::days>(day);
  return (same_day ? "" : core::format_time(time).substr(0, 10) + " ") + core::format_clock(time);
}

std::string window_text(std::string_view name, const std::optional<core::Window>& window, core::Time day) {
  if (!window) return "";
  return fmt::format("  {} [{}, {})", name, moment_text(window->start, day), moment_text(window->end, day));
}

std::string points_text(const MetricPlan& metric) {
  if (metric.present) return metric.metric->kind == config::Kind::status ? "  its state now" : "  the newest value";
  if (!metric.spans.empty()) {
    std::string lengths;
    for (const plan::Span& span : metric.spans)
      lengths += (lengths.empty() ? "" : ", ") + core::format_duration(span.window.length());
    return fmt::format("  the last {} before {}", lengths, core::format_clock(metric.candidate->end));
  }
  if (metric.metric->formula) return "  = " + core::printable(metric.metric->formula->formula.text);
  if (!metric.candidate) return "  snapshots";
  if (metric.rows && !metric.metric->cluster.empty()) return "  by " + core::printable(metric.metric->cluster);
  if (metric.rows)
    return metric.whole_window ? "  whole windows" : fmt::format("  slices of {}", core::format_duration(metric.step));
  if (metric.whole_window) return "  one instant a side";
  const auto points = [&](const core::Window& window) { return (window.length() - metric.range) / metric.step + 1; };
  const std::string before = metric.baseline ? fmt::format("{} + ", points(*metric.baseline)) : "";
  return fmt::format("  step {}  {}{} points", core::format_duration(metric.step), before, points(*metric.candidate));
}

std::string bound_words(const config::Criterion& criterion) {
  const std::string amounts = core::printable(criterion.text);
  switch (criterion.rule) {
    case config::Rule::above:
      return "above " + amounts;
    case config::Rule::below:
      return "below " + amounts;
    case config::Rule::equals:
      return "at exactly " + amounts;
    case config::Rule::worse_than:
      return "when it is worse than " + amounts;
    case config::Rule::goals:
      return "unless it reaches " + amounts;
    case config::Rule::target:
      return "off its target of " + amounts;
    case config::Rule::increase_over:
      return "when it rises by more than " + amounts;
    case config::Rule::decrease_over:
      return "when it falls by more than " + amounts;
    case config::Rule::change_over:
      return "when it moves by more than " + amounts;
    case config::Rule::improve_by:
      return "unless it gets better by " + amounts;
    case config::Rule::kayenta:
      return "when Kayenta's rules call it High or Low";
    case config::Rule::status:
      return "on an error, warns on a warning";
    case config::Rule::burn_over: {
      std::string lengths;
      for (const core::Duration length : criterion.windows)
        lengths += (lengths.empty() ? "" : " and ") + core::format_duration(length);
      return fmt::format("when it burns faster than {} × over {}", amounts, lengths);
    }
    case config::Rule::budget_left_below:
      return fmt::format("with less than {} of its error budget left", amounts);
  }
  return "";
}

std::string level_words(const config::Metric& metric, core::Level level, std::string_view verb) {
  std::string out;
  for (const config::Criterion& criterion : metric.criteria) {
    if (criterion.level != level) continue;
    out += (out.empty() ? std::string(verb) + " " : ", or ") + bound_words(criterion);
  }
  return out;
}

std::string bounds_text(const config::Metric& metric) {
  const std::string fails = level_words(metric, core::Level::fail, "fails");
  const std::string warns = level_words(metric, core::Level::warn, "warns");
  if (!metric.judged || (fails.empty() && warns.empty())) return "shown, not judged";
  return fails + (fails.empty() || warns.empty() ? "" : "; ") + warns;
}

std::string past_text(const config::Compare& compare) {
  const std::string anchor =
      compare.anchor_release.empty() ? "" : fmt::format(", and with {}", core::printable(compare.anchor_release));
  return fmt::format("compared with the last {} releases that passed, of the history{}", compare.releases, anchor);
}

/// All requests for one question, on both sides.
struct QuestionLines {
  std::string source;
  std::string method;
  std::string target;
  std::string text;
  std::vector<std::pair<plan::Side, PlannedRequest>> requests;
};

class Printer {
 public:
  Printer(const Input& input, std::ostream& out)
      : gate_(input.gate), day_(input.plan.clock.deployed_at.value_or(input.plan.clock.now)), out_(out) {}

  void print(const MetricPlan& metric) {
    if (metric.state == MetricPlan::State::left_out) return;
    const config::Design design = metric.metric->compare.design;
    sequential_ = design != config::Design::side_by_side && design != config::Design::snapshot;
    several_sources_ = sources_text(metric).find(',') != std::string::npos;
    const bool windows = metric.spans.empty();
    out_ << fmt::format("{}  {}{}{}{}\n", metric.metric->id, sources_text(metric),
                        windows ? window_text(name(plan::Side::baseline), metric.baseline, day_) : "",
                        windows ? window_text(name(plan::Side::candidate), metric.candidate, day_) : "", points_text(metric));
    for (const QuestionLines& question : questions_of(metric)) print(question);
    if (metric.placebo) out_ << fmt::format("    {}\n", placebo_text(metric));
    if (metric.pre_period) {
      count_repeated(metric);
      out_ << fmt::format("    covariate: the same again, of both sides, {}\n",
                          window_text("before the rollout", metric.pre_period, day_).substr(2));
    }
    out_ << fmt::format("    {}\n", bounds_text(*metric.metric));
    if (design == config::Design::previous_releases) out_ << fmt::format("    {}\n", past_text(metric.metric->compare));
    if (metric.state == MetricPlan::State::pending)
      out_ << fmt::format("    not due before {}: nothing is asked for it until then\n", core::format_time(*metric.due));
    for (const std::string& note : metric.notes) out_ << fmt::format("    note: {}\n", core::printable(note));
  }

  [[nodiscard]] std::size_t requests() const { return seen_.size(); }
  [[nodiscard]] std::size_t sources() const { return asked_.size(); }

 private:
  [[nodiscard]] std::string_view name(plan::Side side) const {
    if (!sequential_) return plan::name(side);
    return side == plan::Side::baseline ? "before" : "after";
  }

  /// Names of the sources, each once, in the order of the parts.
  static std::string sources_text(const MetricPlan& metric) {
    std::vector<std::string> names;
    for (const Ask& ask : metric.asks) {
      if (std::find(names.begin(), names.end(), ask.source) == names.end()) names.push_back(ask.source);
    }
    return fmt::format("{}", fmt::join(names, ", "));
  }

  static bool is_repeated(const Ask& ask) { return ask.day || ask.pre_period; }

  /// What is asked again for earlier days, or for the time before the rollout, is counted, and told in a line.
  void count_repeated(const MetricPlan& metric) {
    for (const Ask& ask : metric.asks) {
      if (!is_repeated(ask)) continue;
      for (const PlannedRequest& request : source(ask.source).preview(ask.question)) seen_.insert(key_of(ask.source, request));
    }
  }

  static std::string key_of(const std::string& source, const PlannedRequest& request) {
    return fmt::format("{}\n{}\n{}\n{}\n{}", source, request.method, request.target, request.text, request.when);
  }

  [[nodiscard]] std::string placebo_text(const MetricPlan& metric) {
    count_repeated(metric);
    std::string asked;
    std::string left_out;
    for (const plan::PlaceboDay& day : metric.placebo->days) {
      const std::string name = core::format_day(day.candidate.start, day_);
      if (day.left_out.empty()) asked += (asked.empty() ? "" : ", ") + name;
      if (!day.left_out.empty()) left_out += fmt::format("{}{} ({})", left_out.empty() ? "" : ", ", name, day.left_out);
    }
    const std::string& because = metric.placebo->none_because;
    std::string out = asked.empty() ? "placebo: no day can be asked" : "placebo: the same again for " + asked;
    if (!because.empty()) out += "; " + because;
    return left_out.empty() ? out : fmt::format("{}; left out: {}", out, left_out);
  }

  std::vector<QuestionLines> questions_of(const MetricPlan& metric) {
    std::vector<QuestionLines> out;
    for (const Ask& ask : metric.asks) {
      if (is_repeated(ask)) continue;
      for (PlannedRequest& request : source(ask.source).preview(ask.question)) {
        auto same = std::find_if(out.begin(), out.end(), [&](const QuestionLines& one) {
          return one.source == ask.source && one.method == request.method && one.target == request.target &&
                 one.text == request.text;
        });
        if (same == out.end()) same = out.insert(out.end(), {ask.source, request.method, request.target, request.text, {}});
        same->requests.emplace_back(ask.side, std::move(request));
      }
    }
    return out;
  }

  void print(const QuestionLines& question) {
    out_ << fmt::format("    {}{} {}  {}\n", several_sources_ ? question.source + ": " : "", question.method,
                        core::printable(question.target), core::printable(question.text));
    for (const plan::Side side : {plan::Side::baseline, plan::Side::candidate}) {
      std::vector<const PlannedRequest*> all;
      for (const auto& [whose, request] : question.requests) {
        if (whose == side) all.push_back(&request);
      }
      print(question, side, all);
    }
  }

  void print(const QuestionLines& question, plan::Side side, const std::vector<const PlannedRequest*>& all) {
    std::size_t shown = 0;
    asked_.insert(question.source);
    for (const PlannedRequest* request : all) {
      const bool is_new = seen_.insert(key_of(question.source, *request)).second;
      if (request->when.empty() && is_new) continue;
      if (++shown > kShownRequests) continue;
      out_ << fmt::format("        {:<{}} {}{}\n", name(side), sequential_ ? 6 : 9, core::printable(request->when),
                          is_new                  ? ""
                          : request->when.empty() ? "(asked already)"
                                                  : "  (asked already)");
    }
    if (shown > kShownRequests)
      out_ << fmt::format("        {:<{}} … and {} more, {} in all\n", name(side), sequential_ ? 6 : 9, shown - kShownRequests,
                          shown);
  }

  sources::Source& source(const std::string& id) {
    auto& made = open_[id];
    if (!made) {
      const config::SourceConfig* config = gate_.find_source(id);
      made = sources::find_type(config->type)->make(id, config->settings, {nullptr, nullptr, gate_.directory, nullptr});
    }
    return *made;
  }

  const config::Gate& gate_;
  core::Time day_;
  std::ostream& out_;
  bool sequential_ = true;  ///< the sides of the metric at hand follow each other in time
  bool several_sources_ = false;
  std::map<std::string, std::unique_ptr<sources::Source>> open_;
  std::set<std::string> seen_;  ///< identical questions are one request
  std::set<std::string> asked_;
};

std::string clock_text(const plan::Clock& clock) {
  std::string now = fmt::format("as of {}", core::format_time(clock.now));
  if (!clock.deployed_at) return now;
  std::string out = fmt::format("released {}", core::format_time(*clock.deployed_at));
  if (clock.started_at) out += fmt::format(", rollout started {}", core::format_time(*clock.started_at));
  return out + ", " + now;
}

std::string due_text(const plan::Plan& plan) {
  std::string pending;
  for (const MetricPlan& metric : plan.metrics) {
    if (metric.state != MetricPlan::State::pending) continue;
    pending += fmt::format("{}{} at {}", pending.empty() ? "" : "; ", metric.metric->id, core::format_time(*metric.due));
  }
  return pending.empty() ? "Every metric is due." : fmt::format("Not due yet: {}.", pending);
}

std::string plural(std::size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

int plan(const GateOptions& options, World& world) {
  const auto input = read_input(options, Deployment::needed, world);
  if (!input) return kUsage;
  if (const core::Diagnostics refused = impossible_questions(input->gate, input->plan); !refused.empty()) {
    print_diagnostics(refused, {}, world);
    return kUsage;
  }
  std::ostringstream out;
  out << core::printable(input->gate.name) << ": " << clock_text(input->plan.clock) << "\n\n";
  Printer printer(*input, out);
  for (const MetricPlan& metric : input->plan.metrics) printer.print(metric);
  out << "\n";
  for (const std::string& note : input->plan.notes) out << "note: " << core::printable(note) << "\n";
  out << fmt::format("{} to {}; nothing was sent. {}\n", plural(printer.requests(), "request"),
                     plural(printer.sources(), "source"), due_text(input->plan));
  world.out << core::without_commands(out.str());
  return kPass;
}

}  // namespace gate::cli
