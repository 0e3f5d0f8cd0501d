#include "report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "core/unit.h"
#include "report/html_metric.h"
#include "report/html_text.h"
#include "report/layout.h"
#include "report/scorecard.h"

namespace gate::report {

/// The files of templates/ by their names without endings; made by cmake/EmbedTexts.cmake.
const std::map<std::string, std::string>& embedded_templates();

namespace {

using core::Verdict;

constexpr std::size_t kMostPoints = 60;
constexpr std::size_t kFewestPoints = 16;
/// Of one side over all metrics: what keeps a page of 200 metrics under 2 MB.
constexpr std::size_t kPointsOfPage = 3200;
constexpr std::size_t kMostCharted = 250;
constexpr std::size_t kMostNamed = 3;

/// The colours of templates/style.css, for the icon of the browser's tab.
std::string_view icon_colour(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "b3261e";
    case Verdict::error:
      return "8a2f6b";
    case Verdict::pass:
      return "1d6b48";
    default:
      return "8a5a00";
  }
}

class Page {
 public:
  explicit Page(const core::Report& report) : report_(report), metrics_(worst_first(report)) {
    const std::size_t count = std::max<std::size_t>(report.metrics.size(), 1);
    context_ = {report.now, report.deployed_at, std::clamp(kPointsOfPage / count, kFewestPoints, kMostPoints)};
    name_anchors();
  }

  std::string render() {
    head();
    verdict();
    facts();
    scorecard();
    cards();
    measured();
    const auto& texts = embedded_templates();
    for (const char* part : {"charts", "evidence"})
      values_.set(part, kainjow::mustache::partial([&texts, part] { return texts.at(part); }));
    kainjow::mustache::mustache page(texts.at("report"));
    return page.render(values_);
  }

 private:
  void name_anchors() {
    std::set<std::string> taken;
    for (const core::MetricReport* metric : metrics_) {
      const std::string base = "metric-" + fragment_of(metric->id);
      std::string name = base;
      for (int i = 2; !taken.insert(name).second; ++i) name = fmt::format("{}-{}", base, i);
      anchors_[metric] = name;
    }
  }

  void set(const std::string& name, std::string_view text) { values_.set(name, prose(text)); }
  void set_list(const std::string& name, const std::vector<Values>& items) {
    values_.set("has_" + name, !items.empty());
    values_.set(name, list_of(items));
  }

  void head() {
    const auto& texts = embedded_templates();
    values_.set("style", markup(texts.at("style")));
    values_.set("script", markup(texts.at("page")));
    set("style_hash", policy_hash(texts.at("style")));
    set("script_hash", policy_hash(texts.at("page")));
    set("icon_colour", icon_colour(report_.verdict));
    set("who", who(report_));
    set("gate", report_.gate_name.empty() ? report_.gate_file : report_.gate_name);
    std::string versions = report_.release_version;
    if (!versions.empty() && !report_.previous_version.empty()) versions = report_.previous_version + " → " + versions;
    values_.set("versions", optional(versions));
    set("judged_at", judged_at());
  }

  /// With the year: a report is kept.
  [[nodiscard]] std::string judged_at() const {
    const std::string year = core::format_time(report_.now).substr(0, 4);
    return fmt::format("{} {}, {} UTC", core::format_day(report_.now, report_.now), year, core::format_clock(report_.now));
  }

  void verdict() {
    values_.set("verdict_tone", only_pending(report_) ? "pending" : tone_of(report_.verdict));
    set("verdict_symbol", symbol(report_, Charset::unicode));
    set("verdict_word", word(report_));
    set("headline", report_.headline);
    values_.set("certainty", optional(report_.certainty.empty() ? "" : fmt::format("The change is {}.", report_.certainty)));
    values_.set("next_step", optional(report_.next.empty() ? "" : capitalised(report_.next) + "."));
    values_.set("others", optional(others()));
    const bool closest = report_.next.empty() && !report_.closest.empty();
    values_.set("closest", optional(closest ? report_.closest : ""));
    values_.set("overridden", false);
    if (report_.override_) {
      Values one;
      one.set("by", optional(report_.override_->actor));
      one.set("reason", shown(report_.override_->reason));
      values_.set("overridden", one);
    }
    std::vector<Values> errors;
    for (const core::Error& error : report_.errors) {
      Values one;
      one.set("code", shown(error.code));
      one.set("message", shown(error.message));
      one.set("hint", optional(error.hint));
      errors.push_back(one);
    }
    set_list("errors", errors);
    std::vector<Values> notes;
    for (const std::string& note : report_.notes) notes.push_back(shown(note));
    set_list("remarks", notes);
    std::vector<Values> marks;
    for (const core::MetricReport* metric : metrics_) {
      Values one;
      one.set("anchor", anchors_.at(metric));
      one.set("tone", tone_of(*metric));
      one.set("symbol", std::string(symbol(*metric, Charset::unicode)));
      one.set("label", shown(fmt::format("{}: {}", word(*metric), metric->title)));
      marks.push_back(one);
    }
    set_list("marks", marks);
    const std::size_t count = report_.metrics.size();
    set("count", fmt::format("{} metric{}", count, count == 1 ? "" : "s"));
    set("tally", tally(report_, Passing::counted, "\u00A0· "));
  }

  /// What the headline does not name: "Also failing: a, b and 2 more. Not asked: c."
  [[nodiscard]] std::string others() const {
    std::string out;
    for (const auto& [verdict, words] :
         {std::pair(Verdict::fail, "Also failing"), std::pair(Verdict::error, "Could not be asked")}) {
      std::vector<std::string> titles;
      for (const core::MetricReport* metric : metrics_) {
        const bool named = report_.headline.starts_with(metric->title);
        if (metric->verdict == verdict && !named) titles.push_back(metric->title);
      }
      if (titles.empty()) continue;
      const std::size_t more = titles.size() > kMostNamed ? titles.size() - kMostNamed : 0;
      titles.resize(titles.size() - more);
      out += fmt::format("{}{}: {}{}.", out.empty() ? "" : " ", words, fmt::join(titles, ", "),
                         more > 0 ? fmt::format(" and {} more", more) : "");
    }
    return out;
  }

  void facts() {
    std::vector<Values> facts;
    const auto add = [&](std::string_view name, std::string_view value, std::string_view note) {
      Values one;
      one.set("name", shown(name));
      one.set("value", prose(value));
      one.set("note", optional(note));
      facts.push_back(one);
    };
    if (report_.deployed_at) add("Released", core::format_moment(*report_.deployed_at, report_.now), "");
    if (windows_differ(report_)) {
      add("Windows", "differ by metric", "");
    } else if (const core::MetricReport* metric = with_windows(report_)) {
      const auto window = [&](std::string_view name, const std::optional<core::Side>& side) {
        if (side && side->window)
          add(name, window_text(*side->window, report_.now), core::describe_duration(side->window->length()));
      };
      window("Before", metric->baseline);
      window("After", metric->candidate);
    }
    add("Confidence", fmt::format("{:.3g} %", report_.confidence * 100.0), "of each proof");
    if (report_.score) add("Score", core::format_number(*report_.score), "of 100");
    add("Exit code", fmt::format("{}", report_.exit_code),
        report_.would_exit ? fmt::format("would be {}", *report_.would_exit) : "");
    set_list("summary", facts);
  }

  void scorecard() {
    std::vector<Values> rows;
    for (const ScorecardLine& line : scorecard_lines(report_, Charset::unicode)) {
      Values row;
      row.set("number", line.number ? std::to_string(*line.number) : "");
      row.set("name", shown(line.name));
      row.set("question", optional(std::string(line.question)));
      row.set("measured", line.deciding != nullptr);
      row.set("unmeasured", line.deciding == nullptr && line.waiting.empty());
      row.set("absence", line.absence);
      row.set("waiting", list_of(waiting_rows(line)));
      if (line.deciding != nullptr) {
        row.set("tone", line.pending ? "pending" : tone_of(line.verdict));
        row.set("symbol", line.symbol);
        row.set("word", line.word);
        row.set("anchor", anchors_.at(line.deciding));
        row.set("reason", prose(line.reason));
        row.set("sure", optional(line.sure));
        row.set("judged", shown(line.judged));
      }
      rows.push_back(row);
    }
    set_list("categories", rows);
    set("interval_level", interval_level(report_));
  }

  /// What waits for its time; the first heads the category where nothing of it was judged.
  [[nodiscard]] std::vector<Values> waiting_rows(const ScorecardLine& line) const {
    std::vector<Values> out;
    for (const ScorecardLine::Waiting& one : line.waiting) {
      Values row;
      row.set("symbol", std::string(pending_symbol(Charset::unicode)));
      row.set("heads", line.deciding == nullptr && out.empty());
      row.set("anchor", anchors_.at(one.metric));
      row.set("text", prose(one.text));
      out.push_back(row);
    }
    return out;
  }

  void cards() {
    std::vector<Values> attention;
    std::vector<Values> held;
    std::vector<Values> skipped;
    std::size_t charted = 0;
    for (const core::MetricReport* metric : metrics_) {
      const Charts charts = charted++ < kMostCharted ? Charts::drawn : Charts::left_out;
      const Values one = metric_values(*metric, anchors_.at(metric), context_, charts);
      if (needs_attention(*metric)) {
        attention.push_back(one);
      } else {
        (metric->verdict == Verdict::pass ? held : skipped).push_back(one);
      }
    }
    for (const auto& [name, rows] :
         {std::pair("attention", &attention), std::pair("held", &held), std::pair("skipped", &skipped)}) {
      set_list(name, *rows);
      set(fmt::format("count_{}", name), std::to_string(rows->size()));
    }
    const bool uncharted = metrics_.size() > kMostCharted;
    values_.set("uncharted",
                uncharted ? shown(fmt::format("Charts are drawn of the first {} of {} metrics, the worst first; the JSON "
                                              "report has the points of all.",
                                              kMostCharted, metrics_.size()))
                          : Values(false));
  }

  void measured() {
    std::vector<Values> facts;
    const auto add = [&](std::string_view name, std::string_view text, std::string_view code = "") {
      Values one;
      one.set("name", shown(name));
      one.set("text", optional(text));
      one.set("code", optional(code));
      facts.push_back(one);
    };
    const core::MetricReport* metric = with_windows(report_);
    if (metric != nullptr && metric->baseline && metric->baseline->window) {
      const core::Window& before = *metric->baseline->window;
      const core::Window& after = *metric->candidate->window;
      add("Comparison", before == after
                            ? "Side by side, over the same time: the clock is the same for both, the version is not."
                            : "Before and after the release. The clock moved, too, so this report says “since the release” and "
                              "never “because of it”.");
      add("Windows", windows_differ(report_) ? "They differ by metric, and each metric names its own."
                                             : fmt::format("Before {}, after {}, in UTC, the end not included.",
                                                           window_text(before, report_.now), window_text(after, report_.now)));
    }
    add("Samples", samples());
    add("Intervals", fmt::format("Two-sided {}, so that each end holds with {:.3g} %. Ends are rounded outward.",
                                 interval_level(report_), report_.confidence * 100.0));
    for (const core::SourceUsed& source : report_.sources)
      add("Source " + source.id, source.version.empty() ? source.type : fmt::format("{}, {}", source.type, source.version));
    add("Asked in", seconds_text(report_.duration));
    if (!report_.gate_file.empty())
      add("Gate file", report_.gate_file, report_.gate_sha256.empty() ? "" : "sha256 " + report_.gate_sha256);
    if (!report_.replay.empty())
      add("Evidence", "Gives this verdict again, offline:", "release-gate check --replay " + report_.replay);
    add("Made by", "release-gate " + report_.tool_version);
    set_list("measured", facts);
  }

  [[nodiscard]] std::string samples() const {
    std::size_t used = 0;
    std::size_t dropped = 0;
    for (const core::MetricReport& metric : report_.metrics) {
      for (const auto* side : {&metric.baseline, &metric.candidate}) {
        if (!*side) continue;
        used += (*side)->samples;
        dropped += (*side)->dropped;
      }
    }
    return fmt::format(
        "{} used, {} left out. Each metric names its own, what they are worth after autocorrelation, and the method.", used,
        dropped);
  }

  const core::Report& report_;
  std::vector<const core::MetricReport*> metrics_;
  std::map<const core::MetricReport*, std::string> anchors_;
  ChartContext context_;
  Values values_;
};

}  // namespace

std::string to_html(const core::Report& report) {
  return core::with_html_escapes(Page(report).render());
}

}  // namespace gate::report
