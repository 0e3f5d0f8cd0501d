// Answers: what people answered in a survey, one a person, and what an answer counts. Not for reading files.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace gate::sources::survey {

/// What a score of a question is turned into, so that the mean over people is the figure.
enum class Measure {
  nps,     ///< 0 to 10: promoters (9, 10) count 100, passives (7, 8) 0, detractors (0 to 6) −100
  csat,    ///< 1 to `scale`: the two best count 100, the others 0
  ces,     ///< 1 to `scale`: as it is
  rating,  ///< 1 to `scale`: as it is
};

std::optional<Measure> measure_of(std::string_view name);
/// The scale that is usual: 10 for NPS, 5, 7, 5.
int usual_scale(Measure measure);

/// What `text` counts; nullopt when it is no whole number within the scale.
/// Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
std::optional<double> points(Measure measure, int scale, std::string_view text);

/// One answer.
struct Answer {
  core::Time time{};
  double points = 0.0;
  std::string group;  ///< the value of `each`; "" when there is none
};

/// Keeps one answer a person: the last of them. Answers without a person are all kept.
class Answers {
 public:
  void add(const std::string& person, Answer answer);
  [[nodiscard]] const std::vector<Answer>& all() const { return all_; }
  [[nodiscard]] std::size_t replaced() const { return replaced_; }

 private:
  std::vector<Answer> all_;
  std::map<std::string, std::size_t> places_;
  std::size_t replaced_ = 0;
};

}  // namespace gate::sources::survey
