// Server: listens, lets connections be answered, and stops in order. One thread: an evaluation is a process of its own, and all
// else waits for nobody.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

#include "core/result.h"
#include "core/secret.h"
#include "core/time.h"
#include "serve/ask.h"
#include "serve/evaluations.h"

namespace gate::serve {

/// What a client may cost us. Each is enforced, and told in docs/serve-hook.md.
struct Limits {
  std::uint32_t header_bytes = 8192;
  std::uint64_t body_bytes = 65536;
  std::chrono::milliseconds request{5000};  ///< from the connection to the last byte of the request
  std::chrono::milliseconds write{5000};    ///< for taking the answer
  std::size_t connections = 512;            ///< beyond, the one that has waited longest for a request is closed
  std::chrono::milliseconds grace{10'000};  ///< after SIGTERM, for what is being evaluated
};

struct Address {
  std::string ip;  ///< numeric, IPv6 without brackets
  std::uint16_t port = 0;
};

/// "127.0.0.1:9720" or "[::1]:9720"; RG0030 for anything else, names included.
core::Result<Address> parse_address(const std::string& text);

/// 127.0.0.0/8 and ::1, also as IPv4 in IPv6.
bool is_loopback(const Address& address);

struct Options {
  Address address;
  std::string program;  ///< the program that evaluates: this one
  Policy policy;
  core::Secret token;          ///< empty: nobody is asked for one
  std::string token_variable;  ///< of the environment, kept from evaluations; "" for none
  EvaluationLimits evaluations;
  Limits limits;
  std::function<core::Time()> now;
};

/// How serving ended: the signal, and whether all that was asked was answered.
struct Ended {
  int signal = 0;
  bool all_answered = false;
};

/// Serves until SIGTERM or SIGINT: then takes no more, and finishes what is being evaluated within `limits.grace`; a second
/// signal ends it at once. To `log` goes one line when it listens ("listening on http://…") and one a request. RG0030 when the
/// address cannot be bound.
core::Result<Ended> serve(const Options& options, std::ostream& log);

}  // namespace gate::serve
