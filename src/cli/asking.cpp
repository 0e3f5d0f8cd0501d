#include "cli/asking.h"

#include <utility>

#include "cli/session.h"
#include "cli/signals.h"
#include "report/progress.h"

namespace gate::cli {

http::Options options_for(const config::Gate& gate) {
  http::Options options;
  if (gate.untrusted)
    options.addresses = gate.origins.empty() ? http::AddressPolicy::no_metadata_direct : http::AddressPolicy::no_metadata;
  options.origins = gate.origins;
  return options;
}

void with_client(const config::Gate& gate, const Asking& asking, World& world, const std::function<void(http::Client&)>& ask) {
  report::Progress progress(world.err, world.err_is_terminal && asking.shows_progress, asking.shows_progress);
  http::Options options = options_for(gate);
  options.deadline = asking.deadline;
  options.tape = asking.tape;
  options.progress = [&progress](std::size_t done, std::size_t total, const std::string& slowest) {
    progress.update(done, total, slowest);
  };
  http::Client client(std::move(options));
  protect_secrets(client, gate);
  const Interruptible interruptible(client);
  ask(client);
  progress.finish();
}

}  // namespace gate::cli
