#include <algorithm>
#include <vector>

#include "sources/source.h"

namespace gate::sources {

// Each folder defines make_type() in its own namespace; nothing else of it is known here.
#define GATE_SOURCE(NAME) \
  namespace NAME {        \
  SourceType make_type(); \
  }
#include "sources/registry.def"
#undef GATE_SOURCE

std::span<const SourceType> registry() {
#define GATE_SOURCE(NAME) NAME::make_type(),
  static const std::vector<SourceType> types = {
#include "sources/registry.def"
  };
#undef GATE_SOURCE
  return types;
}

const SourceType* find_type(std::string_view type) {
  const auto types = registry();
  const auto found = std::find_if(types.begin(), types.end(), [&](const SourceType& one) { return one.spec.type == type; });
  return found == types.end() ? nullptr : &*found;
}

}  // namespace gate::sources
