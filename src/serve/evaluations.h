// Evaluations: runs of `release-gate check`, no more than so many at once, and one for all who ask the same at the same time.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "serve/children.h"
#include "serve/outcome.h"

namespace gate::serve {

struct EvaluationLimits {
  std::size_t at_once = 4;
  std::chrono::milliseconds deadline{8000};  ///< given to the run as --deadline; a little later it is killed
};

class Evaluations {
 public:
  /// `shared`: another request had begun this run.
  using Answer = std::function<void(const Outcome& outcome, bool shared)>;

  /// `program` is run as `program check FILE --format json …`, without `hidden_variable` in its environment.
  Evaluations(Children& children, std::string program, std::string hidden_variable, EvaluationLimits limits);

  /// Runs `file` with `arguments`, or joins the run that does just that. `answer` is called once, later. False when as many run
  /// as may, or none could be started.
  bool ask(const std::string& file, const std::vector<std::string>& arguments, Answer answer);

 private:
  using Key = std::vector<std::string>;

  Children& children_;
  std::string program_;
  std::string hidden_variable_;
  EvaluationLimits limits_;
  std::map<Key, std::vector<Answer>> running_;
};

}  // namespace gate::serve
