#include "sources/survey/answers.h"

#include <cmath>

#include "sources/file/number.h"

namespace gate::sources::survey {

std::optional<Measure> measure_of(std::string_view name) {
  if (name == "nps") return Measure::nps;
  if (name == "csat") return Measure::csat;
  if (name == "ces") return Measure::ces;
  if (name == "rating") return Measure::rating;
  return std::nullopt;
}

int usual_scale(Measure measure) {
  if (measure == Measure::nps) return 10;
  return measure == Measure::ces ? 7 : 5;
}

std::optional<double> points(Measure measure, int scale, std::string_view text) {
  const auto number = file::parse_number(text);
  const double least = measure == Measure::nps ? 0.0 : 1.0;
  if (!number || std::floor(*number) != *number || *number < least || *number > scale) return std::nullopt;
  if (measure == Measure::nps) return *number >= 9.0 ? 100.0 : *number >= 7.0 ? 0.0 : -100.0;
  if (measure == Measure::csat) return *number >= scale - 1 ? 100.0 : 0.0;
  return number;
}

void Answers::add(const std::string& person, Answer answer) {
  if (person.empty()) {
    all_.push_back(std::move(answer));
    return;
  }
  const auto [place, is_new] = places_.try_emplace(person, all_.size());
  if (is_new) {
    all_.push_back(std::move(answer));
    return;
  }
  ++replaced_;
  if (answer.time >= all_[place->second].time) all_[place->second] = std::move(answer);
}

}  // namespace gate::sources::survey
