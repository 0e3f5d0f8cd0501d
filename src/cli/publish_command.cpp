#include <fmt/format.h>

#include <fstream>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/publishing.h"
#include "cli/signals.h"
#include "core/text.h"
#include "publish/read_report.h"

namespace gate::cli {
namespace {

/// The file's bytes, one more than a report may have at most. RG3005 when there is no such file.
core::Result<std::string> read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  char piece[65536];
  while (file && text.size() <= publish::kMostReportBytes) {
    file.read(piece, sizeof piece);
    text.append(piece, static_cast<std::size_t>(file.gcount()));
  }
  if (file.eof()) return text;
  if (!text.empty() && text.size() > publish::kMostReportBytes) return text;
  return core::Error{"RG3005",
                     fmt::format("the report {} cannot be read", core::printable(path)),
                     "give the file that `release-gate check --report json=PATH` wrote",
                     {},
                     {}};
}

}  // namespace

int publish_report(const PublishCommandOptions& options, World& world) {
  const SignalGuard signals;
  const auto text = read_bytes(options.report);
  const auto report = text ? publish::read_report(*text) : text.error();
  if (!report) {
    print_error(report.error(), world);
    return kUsage;
  }
  auto publishing = prepare_publishing(options.publish, world);
  if (!publishing) {
    print_error(publishing.error(), world);
    return kUsage;
  }
  std::optional<Publishing>& prepared = publishing.value();
  const bool done = prepared && publish(*prepared, *report, {}, options.quiet ? Told::problems : Told::all, world);
  if (received_signal() != 0) return 128 + received_signal();
  return done ? kPass : kSourceError;
}

}  // namespace gate::cli
