#include "sources/dynatrace_problems/problem.h"

#include "sources/dynatrace_api.h"

namespace gate::sources::dynatrace_problems {

Problem read_problem(const JsonAt& value) {
  Problem problem;
  problem.id = value.need("problemId").text();
  problem.began = dynatrace_time(value.need("startTime"));
  if (value.need("status").text() == "OPEN") return problem;
  const JsonAt end = value.need("endTime");
  const core::Time ended = dynatrace_time(end);
  if (ended < problem.began) end.refuse("a time after `startTime`");
  problem.lasted = ended - problem.began;
  return problem;
}

}  // namespace gate::sources::dynatrace_problems
