// Answer: what a hook is told for an outcome. The whole table, which docs/serve-hook.md repeats, is here.
#pragma once

#include <string>

#include "serve/ask.h"
#include "serve/outcome.h"

namespace gate::serve {

struct Answer {
  unsigned status = 500;
  std::string words;  ///< what is said, in one line: for the log, and most bodies
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::string allow;        ///< of a 405
  int retry_after_s = 0;    ///< 0: none is told
  bool challenges = false;  ///< a 401
};

/// Flagger takes 200 to 202 for good and all else for bad, and shows the body of a refusal in its events, but not that of a
/// 5xx, which its HTTP client drops (github.com/hashicorp/go-retryablehttp); so what a gate says is 200 or 4xx. Only pass and
/// warn are good; for the rollback hook, only fail is. Argo Rollouts reads the body of a 200, and counts all else as an error
/// of the metric.
Answer answer_for(Hook hook, const Outcome& outcome);

/// The same words for what is refused without an evaluation.
Answer answer_for(const Refusal& refusal);

/// 200: the server is there. Nothing is asked.
Answer answer_healthy();
/// 503: as many evaluations run as may.
Answer answer_busy();
/// 401; the reason says nothing of what was given.
Answer answer_unauthorized();

}  // namespace gate::serve
