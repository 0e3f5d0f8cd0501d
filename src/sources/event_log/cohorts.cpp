// Cohorts: users by when they were first seen, and which of them came again in the window.
#include <fmt/format.h>

#include <algorithm>

#include "sources/event_log/users.h"

namespace gate::sources::event_log {
namespace {

class Cohorts final : public UserAsker {
 public:
  Cohorts(const core::Question& question, const EventQuery& query) : question_(question), query_(query) {}

  void add(UserNumber user, core::Time /*time*/, std::string_view event) override {
    if (!query_.events.empty() && std::find(query_.events.begin(), query_.events.end(), event) == query_.events.end()) return;
    if (user >= came_.size()) came_.resize(static_cast<std::size_t>(user) + 1, false);
    came_[user] = true;
  }

  core::Answer finish(const UserLog& log) override {
    const core::Time start = question_.window->start;
    std::vector<double> users(query_.cohorts, 0.0);
    std::vector<double> came(query_.cohorts, 0.0);
    for (std::size_t user = 0; user < log.first_seen.size(); ++user) {
      // Who is new in the window itself cannot have come back yet.
      if (log.first_seen[user] >= start) continue;
      const auto age = static_cast<std::size_t>((start - log.first_seen[user] - core::Duration(1)) / query_.cohort);
      if (age >= query_.cohorts) continue;
      users[age] += 1.0;
      if (user < came_.size() && came_[user]) came[age] += 1.0;
    }
    core::Answer out;
    const std::vector<double>& wanted = query_.measure == Measure::cohort_users ? users : came;
    if (question_.each.empty()) {
      double sum = 0.0;
      for (const double one : wanted) sum += one;
      add_series(out, "", sum);
    } else {
      for (std::size_t age = 0; age < wanted.size(); ++age) add_series(out, label(age), wanted[age]);
    }
    note(out, log);
    return out;
  }

 private:
  /// "1 × 7 d before": comparable between windows, which calendar weeks are not.
  [[nodiscard]] std::string label(std::size_t age) const {
    return fmt::format("first seen {} to {} before",
                       age == 0 ? std::string("0") : core::format_duration(query_.cohort * static_cast<std::int64_t>(age)),
                       core::format_duration(query_.cohort * static_cast<std::int64_t>(age + 1)));
  }

  void add_series(core::Answer& out, std::string label, double value) const {
    core::Series series;
    if (!question_.each.empty()) series.labels[question_.each] = std::move(label);
    series.times.push_back(question_.window->end);
    series.values.push_back(value);
    out.series.push_back(std::move(series));
  }

  /// Whoever came before the log begins looks new.
  void note(core::Answer& out, const UserLog& log) const {
    const core::Time oldest = question_.window->start - query_.cohort * static_cast<std::int64_t>(query_.cohorts);
    if (!log.first_row || *log.first_row < oldest) return;
    out.notes.push_back(fmt::format("the log begins {}, and the cohorts {}: who came before that looks newer than they are",
                                    core::format_time(*log.first_row), core::format_time(oldest)));
  }

  const core::Question& question_;
  EventQuery query_;
  std::vector<bool> came_;  ///< by the number of the user
};

}  // namespace

std::unique_ptr<UserAsker> make_cohorts(const core::Question& question, const EventQuery& query) {
  return std::make_unique<Cohorts>(question, query);
}

}  // namespace gate::sources::event_log
