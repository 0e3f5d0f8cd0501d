#include "sources/source.h"

namespace gate::sources {

http::Task<std::string> Source::version() {
  co_return std::string();
}

http::Task<void> Source::health(Health& found) {
  auto asking = version();
  found.system = co_await asking;
}

}  // namespace gate::sources
