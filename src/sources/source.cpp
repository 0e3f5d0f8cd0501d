#include "sources/source.h"

namespace gate::sources {

http::Task<std::string> Source::version() {
  co_return std::string();
}

http::Task<Health> Source::health() {
  auto asking = version();
  Health health;
  health.system = co_await asking;
  co_return health;
}

}  // namespace gate::sources
