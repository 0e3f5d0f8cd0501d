#include "measure/archive.h"

#include <algorithm>

#include "plan/identity.h"

namespace gate::measure {
namespace {

bool is_of_the_past(const plan::Ask& ask) {
  const core::Shape shape = ask.question.shape;
  return ask.question.window && shape != core::Shape::latest && shape != core::Shape::state;
}

/// Whose answer it is.
bool same_place(const plan::Ask& a, const plan::Ask& b) {
  return a.side == b.side && a.part == b.part && a.span == b.span && a.day == b.day && a.pre_period == b.pre_period &&
         a.question.metric == b.question.metric;
}

bool same_grid(const core::Question& a, const core::Question& b) {
  return a.shape == b.shape && a.window->start == b.window->start && a.step == b.step && a.first == b.first &&
         a.each == b.each && a.partial_is_error == b.partial_is_error;
}

core::Answer up_to(core::Answer answer, core::Time end) {
  for (core::Series& series : answer.series) {
    const auto last = std::upper_bound(series.times.begin(), series.times.end(), end);
    const auto count = static_cast<std::size_t>(last - series.times.begin());
    const auto cut = [count](auto& of_each_point) {
      if (!of_each_point.empty()) of_each_point.resize(count);
    };
    cut(series.times);
    cut(series.values);
    cut(series.weights);
    cut(series.ids);
    cut(series.histograms);
  }
  // A series without a point in the window is not in the answer for it.
  std::erase_if(answer.series, [](const core::Series& series) { return series.times.empty(); });
  return answer;
}

}  // namespace

bool can_be_cut(const plan::Ask& ask) {
  return is_of_the_past(ask) && ask.question.shape == core::Shape::range;
}

void Archive::keep(const plan::Ask& ask, const core::Answer& answer) {
  if (!is_of_the_past(ask)) return;
  const auto known = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return same_place(kept.ask, ask); });
  if (known == kept_.end()) {
    kept_.push_back({ask, answer});
  } else {
    *known = {ask, answer};
  }
}

std::optional<core::Answer> Archive::find(const plan::Ask& ask) const {
  if (!is_of_the_past(ask)) return std::nullopt;
  const auto known = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return same_place(kept.ask, ask); });
  if (known == kept_.end() || !plan::same_query(known->ask, ask)) return std::nullopt;
  const core::Question& had = known->ask.question;
  const core::Question& wanted = ask.question;
  if (!same_grid(had, wanted)) return std::nullopt;
  if (had.window == wanted.window && had.parts == wanted.parts) return known->answer;
  if (!can_be_cut(ask) || had.window->end < wanted.window->end) return std::nullopt;
  return up_to(known->answer, wanted.window->end);
}

}  // namespace gate::measure
