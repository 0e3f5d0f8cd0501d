#include "cli/run.h"
#include "cli/streams.h"

int main(int argc, char** argv) {
  gate::cli::occupy_standard_streams();
  gate::cli::World world = gate::cli::real_world();
  return gate::cli::run({argv + 1, argv + argc}, world);
}
