// Flags: what sources of feature flags have in common: what is asked of which flag, and what of it is about now. Knows no
// vendor.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "sources/api_source.h"
#include "sources/api_values.h"

namespace gate::sources {

/// What is asked of which flag.
struct FlagAsking {
  core::Answer& answer;
  const Question& question;
  std::string measure;
  std::string project;
  std::string environment;
  std::string flag;
  std::string variation;
};

/// What `query` or else `source` says, or what a flag has by default: the measure "rollout", the project "default", the
/// environment "production".
std::string flag_key(const core::Settings& query, const core::Settings& source, std::string_view key);
/// `answer` and `question` outlive what is returned.
FlagAsking flag_asking(core::Answer& answer, const Question& question, const core::Settings& source);

/// Whether a measure is about now: "rollout" and "enabled".
bool is_present(std::string_view measure);
/// What `query`'s measure, one of `measures`, is by nature.
core::QueryFacts flag_facts(std::span<const ApiMeasure> measures, const core::Settings& query);
/// RG1911: a measure that is none of `measures`; RG1910: no flag, or a variation beside a measure that is none of
/// `by_variation`.
core::Diagnostics check_flag_query(std::string_view system, std::span<const ApiMeasure> measures,
                                   const std::vector<std::string_view>& by_variation, std::string_view variation_hint,
                                   const core::Settings& query, const core::Settings& source);

/// Says in the answer what is asked, and links to the flag's page among the `pages` of its project. Throws core::SourceError:
/// RG1965, the flag's past is asked for.
void begin_flag(const ApiCaller& caller, FlagAsking& asking, std::string_view pages);
/// Answers with a share that is a fraction, in per cent. Throws the error of `share`.
void put_rollout(const ApiCaller& caller, FlagAsking& asking, const core::Result<double>& share);
/// RG1974: the share is none of all users.
core::Error no_share(std::string why);

/// The flag in the answer to `request`, as `decode` reads it. Throws core::SourceError: what ApiCaller::ask_json() throws;
/// RG1940, a flag without this environment, which is an error, never off.
template <class Flag>
http::Task<Flag> ask_flag(const ApiCaller& caller, FlagAsking& asking, http::Request request,
                          Flag (*decode)(const JsonAt& root, const std::string& environment)) {
  http::Task<JsonAnswer> getting = caller.ask_json(asking.answer, std::move(request));
  const JsonAnswer answer = co_await getting;
  Flag flag = decode(answer.root(), asking.environment);
  if (!flag.has_environment) throw no_such_thing(caller, "environment of the flag", asking.environment, flag.environments);
  co_return flag;
}

}  // namespace gate::sources
