#include "sources/source.h"

namespace gate::sources {

http::Task<std::string> Source::version() {
  co_return std::string();
}

}  // namespace gate::sources
