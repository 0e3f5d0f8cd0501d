// Graph link: a question in the expression browser of Prometheus, for people. Knows no transport.
#pragma once

#include <string>
#include <string_view>

#include "core/time.h"
#include "http/url.h"

namespace gate::sources::prometheus {

/// The address of `query` over `window` in the browser of the server at `server`; g0.range_input and g0.end_input are what the
/// browser's own links hold. A window of less than a second is shown as one second.
std::string graph_link(http::Url server, std::string_view query, const core::Window& window);

}  // namespace gate::sources::prometheus
