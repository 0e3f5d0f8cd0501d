// Query: what a metric asks of Dynatrace, and the parameters that ask it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/question.h"
#include "core/result.h"
#include "sources/api_caller.h"

namespace gate::sources::dynatrace {

struct Selector;

struct Query {
  std::string metric_selector;  ///< builtin:service.response.time:splitBy():percentile(95)
  std::string entity_selector;  ///< type(SERVICE),tag(shop); "" for all
  std::string mz_selector;      ///< mzName("shop"); "" for all
};

/// The query in `settings`. RG1910 for what does not fit; what is returned then is of no use.
Query read_query(const core::Settings& settings, core::Diagnostics& diagnostics);

/// The first in `selector` (":avg", "a quotient") whose numbers of several slots do not add up to that of all of them; "" when
/// there is none, which says nothing of its `unaggregated` metrics.
std::string adds_up_not(const Selector& selector);
/// Whether numbers of a metric add up by its own aggregation, the `defaultAggregation` of its descriptor; its `unit` tells what
/// a "value" is.
bool adds_up(std::string_view aggregation, std::string_view unit);

/// What is asked for: the slots in [start, end), or one number of all of it.
struct Span {
  core::Time start;
  core::Time end;
  core::Duration slot{};  ///< the length of a point; 0 for one number
  friend bool operator==(const Span&, const Span&) = default;
};

/// The span of `question`. One number is of whole minutes, Dynatrace's shortest slots, that lie in the window. RG1922: a step
/// of no whole minutes, or a window without one.
core::Result<Span> span_of(const core::Question& question);

/// "5m", "2h", or "Inf" for 0, as the parameter `resolution` has it.
std::string resolution_of(core::Duration slot);
/// The length that an answer's `resolution` says; nullopt for "Inf", for months and for what cannot be read.
std::optional<core::Duration> parse_resolution(std::string_view text);

/// The parameters of the first page.
/// https://docs.dynatrace.com/docs/dynatrace-api/environment-api/metric-v2/get-data-points
Parameters parameters_of(const Query& query, const Span& span);

/// "SELECTOR, entities type(SERVICE)".
std::string describe(const Query& query);
/// "from=… to=… resolution=1m".
std::string describe(const Span& span);

core::QueryFacts facts(const core::Settings& settings);

}  // namespace gate::sources::dynatrace
