// Trust: what a gate file that nobody vouches for (--untrusted) may use, as the command line says it. Not for what is refused
// in such a file: that is config's.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/options.h"
#include "config/variables.h"
#include "core/result.h"

namespace gate::cli {

struct Trust {
  bool full = true;
  std::string policy;                        ///< the file that is trusted, to whose metrics the other only adds
  std::map<std::string, std::string> bound;  ///< "sources.prom.token" → the environment variable that it may have
  std::vector<std::string> origins;          ///< the servers that may be asked; empty allows all
};

/// RG0015: a variable that is bound to no key of a source, or without saying which servers it may go to; a host that is no
/// origin ("https://HOST" or "https://HOST:PORT").
core::Result<Trust> read_trust(const TrustOptions& options);

/// What is left of `whole` for a file that is trusted by `trust`, which must outlive it.
config::Surroundings surroundings_for(const Trust& trust, const config::Surroundings& whole);

}  // namespace gate::cli
