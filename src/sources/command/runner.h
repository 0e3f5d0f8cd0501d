// Runner: programs until their end, within a time and a size, from the tape or onto it. Knows no question.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "core/time.h"
#include "http/client.h"

namespace gate::sources::command {

/// How the programs of a source are run.
struct Limits {
  core::Duration timeout{10000};
  std::int64_t max_output = std::int64_t{1} << 20;
  std::string directory;  ///< of the gate file
  std::vector<std::pair<std::string, core::Secret>> environment;
};

class Runner {
 public:
  /// `id` is the source's name. `client` and `tape` may be nullptr when nothing is run.
  Runner(std::string id, Limits limits, http::Client* client, http::Tape* tape);

  /// What the program wrote to its standard output; the same for all who ask for the same arguments in one run. Recorded, or
  /// taken from the tape, with secrets redacted. Throws core::SourceError: RG1966, it cannot be started; RG1967, its exit code
  /// is not 0; RG1968, it took too long; RG1969, it wrote too much; RG1002 and RG1003 with the whole run.
  http::Task<std::string> output_of(std::vector<std::string> arguments);

  /// Why `program` could not be started; nullopt when it is there and may be executed.
  [[nodiscard]] std::optional<core::Error> missing(const std::string& program) const;

 private:
  struct Run {
    std::optional<core::Result<std::string>> outcome;
  };

  http::Task<core::Result<std::string>> run(const std::vector<std::string>& arguments);
  [[nodiscard]] core::Error error(std::string code, const std::vector<std::string>& arguments, std::string_view message,
                                  std::string hint, const std::string& error_output = "") const;
  [[nodiscard]] std::string identity(const std::vector<std::string>& arguments) const;
  core::Result<std::string> replay(const std::string& question) const;
  core::Result<std::string> record(const std::string& question, core::Result<std::string> outcome) const;

  std::string id_;
  Limits limits_;
  http::Client* client_;
  http::Tape* tape_;
  std::map<std::string, std::shared_ptr<Run>> runs_;
  int under_way_ = 0;
};

}  // namespace gate::sources::command
