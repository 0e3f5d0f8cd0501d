#include "report/progress.h"

#include <fmt/format.h>

#include "core/text.h"
#include "report/layout.h"

namespace gate::report {
namespace {

constexpr std::chrono::seconds kLogInterval{10};
/// Nothing flickers past in a run that is over before a person could read it.
constexpr std::chrono::milliseconds kQuietStart{300};
constexpr std::size_t kLineWidth = 78;

}  // namespace

std::string progress_text(std::size_t done, std::size_t total, std::chrono::milliseconds elapsed, const std::string& slowest) {
  std::string text = fmt::format("asked {}/{} · {:.1f} s", done, total, static_cast<double>(elapsed.count()) / 1000.0);
  if (!slowest.empty()) text += " · slowest: " + core::printable(slowest);
  return core::without_commands(std::move(text));
}

Progress::Progress(std::ostream& out, bool is_terminal, bool enabled)
    : out_(out), is_terminal_(is_terminal), enabled_(enabled) {}

void Progress::update(std::size_t done, std::size_t total, const std::string& slowest) {
  if (!enabled_) return;
  const auto now = Clock::now();
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - started_);
  if (is_terminal_) {
    if (elapsed < kQuietStart) return;
    out_ << "\r\x1b[K" << fit(progress_text(done, total, elapsed, slowest), kLineWidth) << std::flush;
    drawn_ = true;
  } else if (now - last_ >= kLogInterval) {
    out_ << progress_text(done, total, elapsed, slowest) << std::endl;
    last_ = now;
  }
}

void Progress::finish() {
  if (drawn_) out_ << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace gate::report
