// Job: a request that was checked and made ready for the wire, the tape and the messages. No I/O.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "http/client.h"
#include "http/url.h"

namespace gate::http {

struct Job {
  Request request;
  Url url;  ///< with the parameters, for GET
  std::string body;
  std::string content_type;
  std::string key;  ///< equal for requests that may share one answer; a digest, since credentials are part of it
};

/// Checks everything that can be known before a byte is sent. RG1050: a credential would go unencrypted to another machine.
/// RG1051: bad URL. RG1052: a credential in the URL. RG1056: the path has a part "." or "..". RG1054: a header or a credential
/// holds a line break or another control character.
core::Result<Job> make_job(Request request);

/// RG1055 when `job` goes to none of `origins`, which are some.
std::optional<core::Error> other_origin_error(const Job& job, const std::vector<std::string>& origins);

/// The source's name for messages, or the host when it has none.
std::string name_of(const Endpoint& endpoint);

}  // namespace gate::http
