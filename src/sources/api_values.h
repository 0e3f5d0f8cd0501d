// ApiValues: what several vendors' sources read and refuse alike: times in answers, things that are not there, questions that a
// measure has no answer to. Knows no vendor.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "core/time.h"
#include "core/zone.h"
#include "sources/api_source.h"

namespace gate::sources {

/// The instant that `value` writes as RFC 3339 with an offset. RG1902 when it does not.
core::Time time_at(const JsonAt& value);
/// The same of a time that may lack its offset, and then is one of `zone`'s clocks.
core::Time time_at(const JsonAt& value, const core::Zone& zone);

/// The member `key` as an id, which some systems write as a number and some as text; "" when it is absent or null.
std::string id_of(const JsonAt& value, std::string_view key);

/// The scalars of a list, or the one scalar, as texts.
std::vector<std::string> texts_in(const core::Node& node);

/// RG1940: the system knows no `kind` ("service") of the name or id `name`, and would have answered 0 for it. `known` are those
/// it has, where they can be told.
[[nodiscard]] core::SourceError no_such_thing(const ApiCaller& caller, std::string_view kind, std::string_view name,
                                              const std::vector<std::string>& known = {});

/// RG1942 when samples (how long something took, what somebody answered) are to be counted over time, which would add them up.
void refuse_counting(const ApiCaller& caller, const Question& question, const ApiMeasure& measure);

/// RG1944 when `response` was given before `complete_at`, from when on its numbers about `what` do not change; a note where
/// partial answers are allowed. The server's own clock is asked, so that a replay says the same.
void require_complete(const ApiCaller& caller, core::Answer& answer, const Question& question, const http::Response& response,
                      core::Time complete_at, std::string_view what);

}  // namespace gate::sources
