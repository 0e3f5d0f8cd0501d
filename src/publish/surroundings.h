// Surroundings: what publishing takes from the pipeline it runs in, and what the command line says about it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "publish/comment.h"
#include "publish/parts.h"

namespace gate::publish {

struct Surroundings {
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::function<core::Result<std::string>(const std::string&)> read_file;
  std::string folder;  ///< the current one, absolute
};

struct Options {
  std::vector<Part> parts;
  std::string pull_request;  ///< number of the pull or merge request, above zero; "" is the pipeline's
  std::string head_sha;      ///< a commit's whole id: publish only where the pull or merge request is at it; "" checks nothing
  std::string report_url;    ///< what "full report" links to; "" is the run of the pipeline
  CommentMode comment = CommentMode::quiet;
};

/// The value of a variable, "" when it is not set.
std::string variable(const Surroundings& surroundings, const std::string& name);
/// RG3001: `who` (a target) needs a variable that has no value.
core::Error missing(const std::string& who, const std::string& variable, std::string hint);
/// The first of `names` that is set; RG3001 naming them when none is. Blanks and line breaks at its ends are taken off.
core::Result<core::Secret> secret_of(const Surroundings& surroundings, const std::string& who,
                                     const std::vector<std::string>& names, std::string hint);

/// Where "full report" leads: as `options` say, else the run of GitHub Actions, the job of GitLab CI, the build of Jenkins; ""
/// when there is none.
std::string report_url_of(const Surroundings& surroundings, const Options& options);

/// 40 (SHA-1) or 64 (SHA-256) hexadecimal digits in lower case.
bool is_commit_id(const std::string& text);
/// A number above zero, nullopt for anything else.
std::optional<std::int64_t> positive_number(const std::string& text);

}  // namespace gate::publish
