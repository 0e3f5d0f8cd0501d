// Cassette: requests and answers as VCR keeps them in YAML. Reads that one form, not YAML.
#pragma once

#include <string>
#include <vector>

namespace gate::sources::datadog {

struct Interaction {
  std::string route;  ///< "GET /api/v1/monitor", without what follows "?"
  int status = 0;
  std::string body;
};

std::vector<Interaction> read_cassette(const std::string& text);

}  // namespace gate::sources::datadog
