#include "publish/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "http/digest.h"
#include "report/json.h"
#include "report/layout.h"
#include "report/markdown_text.h"

namespace gate::publish {
namespace {

constexpr std::string_view kOpening = "<!-- release-gate-runs ";
constexpr std::string_view kClosing = " -->";
constexpr std::array<std::string_view, 6> kWords = {"fail", "error", "inconclusive", "pending", "warn", "pass"};
constexpr std::size_t kKeyDigits = 16;
constexpr std::size_t kShownCommit = 7;
constexpr std::size_t kLongestUrl = 600;
constexpr std::uint64_t kMostRuns = 1'000'000;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_commit(std::string_view text) {
  return text.size() >= kShownCommit && text.size() <= 64 && is_hex(text);
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// The piece before `separator`, which is taken off `rest` with it; all of it when there is none.
std::string_view next_piece(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return piece;
}

/// "fail:9f2c1ab:0123456789abcdef", "pass:-:0123456789abcdef".
bool read_run(std::string_view text, PastRun& run) {
  if (std::count(text.begin(), text.end(), ':') != 2) return false;
  const std::string_view word = next_piece(text, ':');
  const std::string_view commit = next_piece(text, ':');
  if (std::find(kWords.begin(), kWords.end(), word) == kWords.end()) return false;
  if (commit != "-" && !is_commit(commit)) return false;
  if (text.size() != kKeyDigits || !is_hex(text)) return false;
  run = {std::string(word), commit == "-" ? "" : std::string(commit), std::string(text)};
  return true;
}

std::string_view last_line(std::string_view body) {
  while (!body.empty() && (body.back() == '\n' || body.back() == '\r' || body.back() == ' ')) body.remove_suffix(1);
  const std::size_t start = body.rfind('\n');
  return start == std::string_view::npos ? body : body.substr(start + 1);
}

}  // namespace

std::string report_key(const core::Report& report) {
  return http::sha256_hex(report::to_json(report)).substr(0, kKeyDigits);
}

PastRun run_of(const core::Report& report, std::string_view commit) {
  std::string known = lower(commit);
  if (!is_commit(known)) known.clear();
  return {lower(report::word(report)), std::move(known), report_key(report)};
}

History read_history(std::string_view body) {
  std::string_view line = last_line(body);
  if (!line.starts_with(kOpening) || !line.ends_with(kClosing) || line.size() < kOpening.size() + kClosing.size()) return {};
  line.remove_prefix(kOpening.size());
  line.remove_suffix(kClosing.size());
  const std::string_view count = next_piece(line, ' ');
  History history;
  const auto [end, problem] = std::from_chars(count.data(), count.data() + count.size(), history.runs);
  if (problem != std::errc() || end != count.data() + count.size() || history.runs > kMostRuns) return {};
  while (!line.empty()) {
    PastRun run;
    if (!read_run(next_piece(line, ' '), run)) return {};
    history.latest_first.push_back(std::move(run));
  }
  const std::size_t kept = history.latest_first.size();
  if (kept == 0 || kept > kKeptRuns || history.runs < kept) return {};
  return history;
}

History with_run(History history, PastRun run) {
  const auto same = [&](const PastRun& one) { return one.key == run.key; };
  if (std::erase_if(history.latest_first, same) == 0) history.runs = std::min(history.runs + 1, kMostRuns);
  history.latest_first.insert(history.latest_first.begin(), std::move(run));
  if (history.latest_first.size() > kKeptRuns) history.latest_first.resize(kKeptRuns);
  return history;
}

std::string history_state(const History& history) {
  std::string out = fmt::format("{}{}", kOpening, history.runs);
  for (const PastRun& run : history.latest_first)
    out += fmt::format(" {}:{}:{}", run.word, run.commit.empty() ? "-" : run.commit, run.key);
  return out.append(kClosing);
}

std::string history_line(const History& history, const std::string& report_url) {
  std::string out;
  std::string separator;
  const std::size_t shown = std::min(history.latest_first.size(), kShownRuns);
  for (std::size_t i = 0; i < shown; ++i) {
    out += i == 0 ? fmt::format("run {}: ", history.runs) : " ← ";
    out += upper(history.latest_first[i].word);
    separator = " · ";
  }
  if (history.runs > shown && shown > 0) out += " ← …";
  if (shown > 0 && !history.latest_first.front().commit.empty())
    out += separator + report::code(history.latest_first.front().commit.substr(0, kShownCommit));
  const std::string link = report_url.size() <= kLongestUrl ? report::web_link("full report", report_url) : "";
  if (!link.empty()) out += (out.empty() ? "" : " · ") + link;
  return out;
}

}  // namespace gate::publish
