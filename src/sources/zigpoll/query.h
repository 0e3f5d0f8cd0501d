// Query: the keys of a question to Zigpoll, read into values.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sources/api_source.h"
#include "sources/survey/answers.h"

namespace gate::sources::zigpoll {

struct Query {
  const ApiMeasure* measure = nullptr;
  std::optional<survey::Measure> score;  ///< what an answer counts; absent where answers themselves are counted
  int scale = 10;
  std::string slide;  ///< id of a question, or …
  std::string poll;   ///< … of a poll with all its questions
  bool drops_bad = false;
};

std::vector<core::KeySpec> query_keys();

/// `settings` must have passed check_query().
Query read_query(const core::Settings& settings);

/// RG1910: not exactly one of `slide` and `poll`, a scale that cannot be meant; RG1911.
core::Diagnostics check_query(const core::Settings& query, const core::Settings& source);

core::QueryFacts query_facts(const core::Settings& query);

/// "nps (0 to 10) of the question 6512bd43".
std::string describe(const Query& query);

}  // namespace gate::sources::zigpoll
