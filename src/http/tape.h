// Tape: questions and answers, kept in a folder and given back without a socket. Knows no transport.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace gate::http {

enum class TapeMode { record, replay };

/// What an answer is made of.
enum class TapeForm {
  any,       ///< text, or a JSON object in any spelling
  canonical  ///< a JSON object as nlohmann's dump() writes it: spares a big answer being read and written once more
};

/// A folder `exchanges/` of one JSON file per question (its identity, and the answer). Identities and answers hold no secrets:
/// whoever puts them in redacted them first.
class Tape {
 public:
  /// Recording: the folder is made if it is not there and must be empty of exchanges. Replaying: every exchange is read and
  /// checked against its own SHA-256. RG1080: the folder cannot be written or read. RG1081: an exchange was changed.
  static core::Result<Tape> open(const std::string& directory, TapeMode mode);

  [[nodiscard]] TapeMode mode() const { return mode_; }
  /// From here on a question is another one than in the chapters before: for what is asked again and again and answered
  /// differently. "" is the chapter that a tape begins with.
  void turn_to(std::string chapter) { chapter_ = std::move(chapter); }
  /// Keeps `answer` for `question`; the later of two for the same question wins.
  core::Result<bool> put(const std::string& question, const std::string& answer, TapeForm form = TapeForm::any);
  /// RG1082 when the question was not recorded.
  [[nodiscard]] core::Result<std::string> get(const std::string& question) const;
  [[nodiscard]] const std::string& directory() const { return directory_; }

 private:
  Tape(std::string directory, TapeMode mode) : directory_(std::move(directory)), mode_(mode) {}

  [[nodiscard]] std::string placed(const std::string& question) const;

  std::string directory_;
  TapeMode mode_;
  std::string chapter_;
  std::map<std::string, std::string> answers_;
};

}  // namespace gate::http
