// Funnels: how far users get through steps that follow each other within a time.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sources/event_log/users.h"

namespace gate::sources::event_log {
namespace {

class Funnel final : public UserAsker {
 public:
  Funnel(const core::Question& question, const EventQuery& query)
      : question_(question), query_(query), last_start_(question.window->end - query.within) {}

  void add(UserNumber user, core::Time time, std::string_view event) override {
    // A name may stand twice among the steps; the later one first, so that one row does not take two steps at once.
    for (std::size_t step = query_.steps.size(); step-- > 0;) {
      if (query_.steps[step] == event) seen_.push_back({user, static_cast<std::uint32_t>(step), time});
    }
  }

  core::Answer finish(const UserLog& /*log*/) override {
    // What happened at the same time stays in the order of the log.
    std::stable_sort(seen_.begin(), seen_.end(),
                     [](const Seen& a, const Seen& b) { return a.user != b.user ? a.user < b.user : a.time < b.time; });
    std::vector<double> reached(query_.steps.size(), 0.0);
    for (auto first = seen_.begin(); first != seen_.end();) {
      const auto last = std::find_if(first, seen_.end(), [&](const Seen& one) { return one.user != first->user; });
      const std::size_t steps = furthest(first, last);
      for (std::size_t step = 0; step < steps; ++step) reached[step] += 1.0;
      first = last;
    }
    core::Answer out;
    const bool from = query_.measure == Measure::funnel_from;
    if (question_.each.empty()) {
      add_series(out, "", from ? reached.front() : reached.back());
    } else {
      for (std::size_t step = 1; step < reached.size(); ++step)
        add_series(out, fmt::format("{} {}", step + 1, query_.steps[step]), reached[from ? step - 1 : step]);
    }
    out.notes.push_back(fmt::format("who began after {} is left out: {} were not over when the window was",
                                    core::format_time(last_start_), core::describe_duration(query_.within)));
    return out;
  }

 private:
  struct Seen {
    UserNumber user = 0;
    std::uint32_t step = 0;
    core::Time time;
  };
  using Place = std::vector<Seen>::const_iterator;

  /// How many steps one user took in their order, all within the time from the first of them. For each step the latest
  /// beginning that led to it is enough: an earlier one leaves less time for what follows.
  [[nodiscard]] std::size_t furthest(Place first, Place last) const {
    std::vector<std::optional<core::Time>> began(query_.steps.size());
    std::size_t out = 0;
    for (Place one = first; one != last; ++one) {
      std::optional<core::Time> start;
      if (one->step == 0) {
        if (one->time <= last_start_) start = one->time;
      } else if (began[one->step - 1] && one->time - *began[one->step - 1] <= query_.within) {
        start = began[one->step - 1];
      }
      if (!start) continue;
      began[one->step] = std::max(began[one->step].value_or(*start), *start);
      out = std::max<std::size_t>(out, one->step + 1);
    }
    return out;
  }

  void add_series(core::Answer& out, std::string label, double value) const {
    core::Series series;
    if (!question_.each.empty()) series.labels[question_.each] = std::move(label);
    series.times.push_back(question_.window->end);
    series.values.push_back(value);
    out.series.push_back(std::move(series));
  }

  const core::Question& question_;
  EventQuery query_;
  core::Time last_start_;
  std::vector<Seen> seen_;
};

}  // namespace

std::unique_ptr<UserAsker> make_funnel(const core::Question& question, const EventQuery& query) {
  return std::make_unique<Funnel>(question, query);
}

}  // namespace gate::sources::event_log
