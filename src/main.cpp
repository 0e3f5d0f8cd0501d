#include "cli/run.h"

int main(int argc, char** argv) {
  gate::cli::World world = gate::cli::real_world();
  return gate::cli::run({argv + 1, argv + argc}, world);
}
