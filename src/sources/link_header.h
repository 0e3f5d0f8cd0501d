// The Link header of an answer that comes in pages (RFC 8288).
#pragma once

#include <string>
#include <string_view>

namespace gate::sources {

/// The target of the first link of `header` whose relation is `relation` ("next"); "" when there is none.
/// https://www.rfc-editor.org/rfc/rfc8288#section-3
std::string link_target(std::string_view header, std::string_view relation);

}  // namespace gate::sources
