#include "core/past.h"

#include "core/text.h"

namespace gate::core {

std::string name_of(const PastRelease& release) {
  return release.version.empty() ? format_time(release.released_at) : printable(release.version);
}

}  // namespace gate::core
