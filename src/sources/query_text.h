// QueryText: places in the text of a query, as scanners of query languages find them.
#pragma once

#include <cstddef>
#include <string>

#include "core/node.h"

namespace gate::sources {

/// A place in the text, in bytes.
struct Span {
  std::size_t offset = 0;
  std::size_t length = 0;
};

struct ScanProblem {
  std::string message;
  Span at;
};

/// The place of `span` in the gate file; that of the whole of `text` when it is empty, or not written there letter for letter.
inline core::Location place_of(const core::Node& text, const Span& span) {
  return span.length == 0 ? text.location : core::place_inside(text, span.offset, span.length);
}

}  // namespace gate::sources
