// The exit codes, stable: docs/verdict.md. Nothing else in the program spells them.
#pragma once

namespace gate::cli {

enum ExitStatus : int {
  kPass = 0,
  kFail = 1,
  kUsage = 2,
  kInconclusive = 3,
  kSourceError = 4,
  kInternalError = 5,
};

}  // namespace gate::cli
