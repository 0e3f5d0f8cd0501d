// A question as requests of an API that nobody has written a source for. No I/O.
#pragma once

#include <optional>
#include <string>

#include "core/question.h"
#include "core/time.h"
#include "sources/json_at.h"

namespace gate::sources::http_json {

/// What is sent; `path` is with its query.
struct Sent {
  std::string method;
  std::string path;
  std::string body;
  std::string content_type;
};

/// Whether the window stands anywhere in the question: without it the answer is about now.
bool asks_for_window(const core::Settings& query);
/// Whether the window stands in it as dates.
bool asks_for_days(const core::Settings& query);

/// The request for `window`; without one, {{start}} and {{end}} are left standing (for checks).
Sent request_of(const core::Settings& query, const std::optional<core::Window>& window);

/// Where the next page is, as the answer in `root` says: the value of the cursor, "" on the last page. Throws
/// core::SourceError when what should be a cursor is none.
std::string cursor_in(const core::Settings& query, const JsonAt& root);

/// `sent` with the cursor put in: as a parameter, or into the body.
Sent with_cursor(Sent sent, const core::Settings& query, const std::string& cursor);

/// RG1910 for everything about the request that can be known offline.
void check_request(core::Diagnostics& diagnostics, const core::Settings& query);

}  // namespace gate::sources::http_json
