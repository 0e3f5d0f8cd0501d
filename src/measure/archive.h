// Archive: answers that later looks of a watch need not ask for again. Pure bookkeeping; it asks nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/samples.h"
#include "plan/plan.h"

namespace gate::measure {

/// One answer for each part of each side of each metric: that of the latest question. Not for what is asked as it is now
/// (states, newest values), which may have changed.
///
/// Given again is the answer to the same question (a baseline that stays where it is), and the beginning of an answer on the
/// same grid that ends later: points stand where their data end, so what a shorter window would have been told is the longer
/// one's answer up to its end.
class Archive {
 public:
  void keep(const plan::Ask& ask, const core::Answer& answer);
  [[nodiscard]] std::optional<core::Answer> find(const plan::Ask& ask) const;

  std::map<std::string, std::string> versions;  ///< of sources, by id

 private:
  struct Kept {
    plan::Ask ask;
    core::Answer answer;
  };
  std::vector<Kept> kept_;
};

/// Whether all of a question's answer is the beginning of that to a later one: points of a database on a grid.
bool can_be_cut(const plan::Ask& ask);

}  // namespace gate::measure
