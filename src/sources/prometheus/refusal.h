// Refusal: what Prometheus says against a question, as an error that shows where in the query it means.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"
#include "sources/prometheus/decode.h"

namespace gate::sources::prometheus {

/// `who` is the source's name; `refusal` holds text that may be shown (redacted; it is made printable here). RG1301: the query
/// is wrong (a caret stands under the place when the server tells it); RG1302: it cannot be executed; RG1303: it took too long;
/// RG1304: anything else.
core::Error refusal_error(std::string_view who, const Refusal& refusal, std::string_view query);

}  // namespace gate::sources::prometheus
