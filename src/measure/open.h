// Sources of a gate, made and told their questions. Not for asking.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/gate.h"
#include "http/client.h"
#include "plan/plan.h"
#include "sources/source.h"

namespace gate::measure {

struct OpenSource {
  const config::SourceConfig* config = nullptr;
  std::unique_ptr<sources::Source> source;
  std::vector<const core::Question*> questions;  ///< in the order of the plan
};

/// Which sources, and which of their questions.
enum class Which {
  due,  ///< what is asked in this run
  all   ///< every source of the file, with all its questions, due or not
};

/// By id. `gate`, `plan` and `client` outlive what is returned; prepare() was called.
std::map<std::string, OpenSource> open_sources(const config::Gate& gate, const plan::Plan& plan, http::Client& client,
                                               Which which);

}  // namespace gate::measure
