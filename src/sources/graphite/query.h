// Query: what a metric asks of Graphite, and the parameters that ask it.
#pragma once

#include <string>

#include "core/question.h"
#include "sources/api_caller.h"

namespace gate::sources::graphite {

/// How several points become one. The words are those of Graphite's consolidateBy().
/// https://graphite.readthedocs.io/en/latest/functions.html#graphite.render.functions.consolidateBy
enum class Consolidation { none, average, sum, min, max, first, last };

struct Query {
  std::string target;  ///< of Graphite's render API: a path of series, or functions of some
  Consolidation by = Consolidation::none;
};

/// The query in `settings`. RG1910 for what does not fit; what is returned then is of no use.
Query read_query(const core::Settings& settings, core::Diagnostics& diagnostics);

/// The parameters of /render. Whisper answers with the points after `from`, up to and including `until`, and dates a point at
/// the start of what it holds: so both are one second before the edges of the half-open window.
/// https://graphite.readthedocs.io/en/latest/render_api.html,
/// https://github.com/graphite-project/whisper (fetch)
Parameters parameters_of(const Query& query, const core::Window& window);

/// "TARGET, consolidated by sum".
std::string describe(const Query& query);

core::QueryFacts facts(const core::Settings& settings);

}  // namespace gate::sources::graphite
