#include <algorithm>
#include <vector>

#include "sources/prometheus/prometheus.h"
#include "sources/source.h"

namespace gate::sources {

std::span<const SourceType> registry() {
  static const std::vector<SourceType> types = {
      prometheus::type(),
  };
  return types;
}

const SourceType* find_type(std::string_view type) {
  const auto types = registry();
  const auto found = std::find_if(types.begin(), types.end(), [&](const SourceType& one) { return one.spec.type == type; });
  return found == types.end() ? nullptr : &*found;
}

}  // namespace gate::sources
