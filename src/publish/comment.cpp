#include "publish/comment.h"

#include <fmt/format.h>

#include "core/text.h"
#include "report/layout.h"
#include "report/markdown.h"
#include "report/markdown_text.h"

namespace gate::publish {
namespace {

static_assert(kMostHistoryBytes < report::kRoomForHistory);

std::string short_pass(const core::Report& report) {
  return report::marker(report.gate_name) + fmt::format("### {} {}: {}, {}\n", report::symbol(report, report::Charset::unicode),
                                                        report::word(report), report::escaped(report.headline),
                                                        report::escaped(report::who(report)));
}

std::string_view without_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

bool has_marker(std::string_view body, const std::string& gate_name) {
  const std::string marker = report::marker(gate_name);
  const std::string_view line = without_end(marker);
  if (!body.starts_with(line)) return false;
  return body.size() == line.size() || body[line.size()] == '\n' || body[line.size()] == '\r';
}

bool same_text(std::string_view a, std::string_view b) {
  const auto normal = [](std::string_view text) { return core::replace_all(std::string(without_end(text)), "\r\n", "\n"); };
  return normal(a) == normal(b);
}

std::string comment_text(const core::Report& report, const History& history, const std::string& report_url, CommentMode mode) {
  const bool is_short = mode == CommentMode::quiet && report.verdict == core::Verdict::pass;
  std::string out = is_short ? short_pass(report) : report::to_markdown(report);
  out += fmt::format("\n{}\n\n{}\n", history_line(history, report_url), history_state(history));
  return core::without_commands(std::move(out));
}

std::string summary_text(const core::Report& report, const History& history, const std::string& report_url,
                         std::string_view notice) {
  std::string out = notice.empty() ? "" : fmt::format("> {}\n\n", notice);
  out += report::to_markdown(report);
  const std::string line = history_line(history, report_url);
  if (!line.empty()) out += "\n" + line + "\n";
  return core::without_commands(std::move(out));
}

}  // namespace gate::publish
