#include "sources/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <set>
#include <utility>

#include "core/text.h"
#include "http/digest.h"
#include "sources/report_rows.h"

namespace gate::sources {
namespace {

constexpr std::size_t kMostNamed = 5;

struct Word {
  std::string_view word;
  FindingSeverity severity;
};

constexpr std::array<Word, 12> kWords = {{{"critical", FindingSeverity::critical},
                                          {"high", FindingSeverity::high},
                                          {"important", FindingSeverity::high},
                                          {"medium", FindingSeverity::medium},
                                          {"moderate", FindingSeverity::medium},
                                          {"low", FindingSeverity::low},
                                          {"minor", FindingSeverity::low},
                                          {"negligible", FindingSeverity::low},
                                          {"info", FindingSeverity::none},
                                          {"informational", FindingSeverity::none},
                                          {"none", FindingSeverity::none},
                                          {"unknown", FindingSeverity::unknown}}};

/// Open findings, by what they are the same by.
using Open = std::map<std::string, std::vector<const Finding*>>;

bool covers(const Waiver& waiver, const Finding& finding) {
  const bool is_named =
      waiver.id == finding.id || std::find(finding.aliases.begin(), finding.aliases.end(), waiver.id) != finding.aliases.end();
  return is_named && (waiver.where.empty() || finding.where.find(waiver.where) != std::string::npos);
}

bool is_waived(const Finding& finding, const FindingsReport& report, core::Time as_of) {
  if (finding.waived_until && as_of < *finding.waived_until) return true;
  return std::any_of(report.waivers.begin(), report.waivers.end(),
                     [&](const Waiver& waiver) { return (!waiver.until || as_of < *waiver.until) && covers(waiver, finding); });
}

/// Every severity, when the question names none.
std::set<FindingSeverity> wanted_severities(const core::Settings& query) {
  std::set<FindingSeverity> out;
  for (const std::string& word : query.text_list("severity")) out.insert(severity_of_word(word));
  return out;
}

struct Split {
  Open open;
  std::vector<const Finding*> suppressed;
};

Split split(const FindingsReport& report, const std::set<FindingSeverity>& severities, core::Time as_of) {
  Split out;
  for (const Finding& one : report.findings) {
    if (!severities.empty() && !severities.contains(one.severity)) continue;
    if (one.is_suppressed || is_waived(one, report, as_of)) {
      out.suppressed.push_back(&one);
    } else {
      out.open[one.identity].push_back(&one);
    }
  }
  return out;
}

std::map<std::string, std::size_t> counts_of(const Open& open, const std::vector<const Finding*>& more = {}) {
  std::map<std::string, std::size_t> out;
  for (const auto& [identity, findings] : open) out[identity] += findings.size();
  for (const Finding* one : more) ++out[one->identity];
  return out;
}

/// Those of `open` that `known` does not have, or has fewer of.
std::vector<const Finding*> beyond(const Open& open, const std::map<std::string, std::size_t>& known) {
  std::vector<const Finding*> out;
  for (const auto& [identity, findings] : open) {
    const auto found = known.find(identity);
    const std::size_t less = found == known.end() ? 0 : std::min(found->second, findings.size());
    out.insert(out.end(), findings.begin() + static_cast<std::ptrdiff_t>(less), findings.end());
  }
  return out;
}

std::vector<const Finding*> all_of(const Open& open) {
  return beyond(open, {});
}

/// What the scanner has compared itself.
std::vector<const Finding*> new_by_itself(const Open& open) {
  std::vector<const Finding*> out;
  for (const Finding* one : all_of(open)) {
    if (one->since == SinceBaseline::unsaid) {
      throw core::SourceError({"RG1507",
                               fmt::format("{} does not say whether it is new", core::shorten(core::printable(one->id), 80)),
                               "name the report of the version before: baseline_path = \"main/report\"",
                               {},
                               {}});
    }
    if (one->since == SinceBaseline::is_new) out.push_back(one);
  }
  return out;
}

std::vector<const Finding*> select(const ReportQuestion& question, const FindingsReport& now, const FindingsReport* before) {
  const auto severities = wanted_severities(question.query);
  Split here = split(now, severities, question.as_of);
  if (question.measure == "suppressed") return here.suppressed;
  if (question.measure == "total") return all_of(here.open);
  if (before == nullptr) return new_by_itself(here.open);
  const Split there = split(*before, severities, question.as_of);
  if (question.measure == "fixed") return beyond(there.open, counts_of(here.open, here.suppressed));
  std::vector<const Finding*> fresh = beyond(here.open, counts_of(there.open));
  if (question.measure == "new") return fresh;
  std::vector<const Finding*> old = all_of(here.open);
  std::erase_if(old, [&](const Finding* one) { return std::find(fresh.begin(), fresh.end(), one) != fresh.end(); });
  return old;
}

constexpr std::size_t kFingerprintDigits = 32;
constexpr std::size_t kLongestId = 80;

/// By fingerprint: an identity may hold what a scanner of secrets has found, and the history must not.
std::vector<core::KnownFinding> known(const std::vector<const Finding*>& findings) {
  std::map<std::string, core::KnownFinding> found;
  for (const Finding* one : findings) {
    const std::string fingerprint = http::sha256_hex(one->identity).substr(0, kFingerprintDigits);
    const auto [place, is_first] = found.try_emplace(fingerprint);
    if (is_first) place->second = {fingerprint, core::shorten(core::printable(one->id), kLongestId), 0};
    ++place->second.count;
  }
  std::vector<core::KnownFinding> out;
  out.reserve(found.size());
  for (auto& [fingerprint, one] : found) out.push_back(std::move(one));
  return out;
}

std::string named(std::vector<const Finding*> findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding* a, const Finding* b) { return a->severity < b->severity; });
  std::string out;
  for (std::size_t i = 0; i < std::min(findings.size(), kMostNamed); ++i) {
    const Finding& one = *findings[i];
    out += fmt::format("{}{}{} ({})", i == 0 ? "" : ", ", core::shorten(core::printable(one.id), 80),
                       one.where.empty() ? "" : " in " + core::shorten(core::printable(one.where), 80), name(one.severity));
  }
  if (findings.size() > kMostNamed) out += fmt::format(" and {} more", findings.size() - kMostNamed);
  return out;
}

void note_waivers(const FindingsReport& report, core::Time as_of, Measured& out) {
  for (const Waiver& waiver : report.waivers) {
    if (!waiver.until || as_of < *waiver.until) continue;
    const bool matters = std::any_of(report.findings.begin(), report.findings.end(),
                                     [&](const Finding& one) { return !one.is_suppressed && covers(waiver, one); });
    if (matters) out.notes.push_back(fmt::format("{}: the waiver of {} has expired", waiver.place, core::printable(waiver.id)));
  }
}

void read_waivers(std::vector<WorkspaceFile>& files, const Workspace& workspace, const std::string& pattern,
                  FindingsReport& report) {
  auto found = find_files(workspace, pattern);
  if (!found) throw core::SourceError(found.error());
  for (WorkspaceFile& one : found.value()) {
    TableReading reading;
    reading.columns = {"id", "reason", "until", "where"};
    reading.required = 2;
    reading.hint = "waivers are CSV with the columns id, reason, until, where; the last two may be missing";
    reading.take = [&](std::span<const file::Cell> cells, const std::function<std::string()>& place) {
      if (cells[0].text.empty() || cells[1].text.empty()) {
        throw_wrong_content(place(), "a waiver needs an `id` and a `reason`", reading.hint);
      }
      Waiver waiver{std::string(cells[0].text), std::string(cells[3].text), std::nullopt, place()};
      if (!cells[2].text.empty()) waiver.until = end_of_day(cells[2].text, "until", place());
      report.waivers.push_back(std::move(waiver));
    };
    read_table(one, reading);
    files.push_back(std::move(one));
  }
}

core::Diagnostics check(const core::Settings& query) {
  core::Diagnostics out;
  for (const std::string& word : query.text_list("severity")) {
    if (severity_of_word(word) != FindingSeverity::unknown || word == "unknown") continue;
    report_key(out, "RG1506", fmt::format("there is no severity \"{}\"", core::printable(word)),
               "severity = [\"critical\", \"high\"], also medium, low, none and unknown",
               query.location("severity", query.location_of_table));
  }
  return out;
}

}  // namespace

std::string_view name(FindingSeverity severity) {
  constexpr std::array<std::string_view, 6> kNames = {"critical", "high", "medium", "low", "none", "unknown"};
  return kNames[static_cast<std::size_t>(severity)];
}

FindingSeverity severity_of_score(double score) {
  if (!(score >= 0.0 && score <= 10.0)) return FindingSeverity::unknown;
  if (score >= 9.0) return FindingSeverity::critical;
  if (score >= 7.0) return FindingSeverity::high;
  if (score >= 4.0) return FindingSeverity::medium;
  return score > 0.0 ? FindingSeverity::low : FindingSeverity::none;
}

FindingSeverity severity_of_word(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = std::find_if(kWords.begin(), kWords.end(), [&](const Word& one) { return one.word == lower; });
  return found == kWords.end() ? FindingSeverity::unknown : found->severity;
}

core::Time end_of_day(std::string_view text, std::string_view key, const std::string& place) {
  const auto day = core::parse_time(std::string(text) + "T00:00:00Z");
  if (text.size() == std::string_view("2026-03-17").size() && day) return *day + std::chrono::hours(24);
  const auto moment = core::parse_time(text);
  if (moment) return *moment;
  throw_wrong_content(place, fmt::format("`{}` is \"{}\", which is no day", key, core::shorten(core::printable(text), 60)),
                      "write 2026-03-17: it counts to the end of that day, UTC");
}

std::unique_ptr<const Report> read_findings(std::vector<WorkspaceFile>& files, const Workspace& workspace,
                                            const core::Settings& source, ReadFindings read_one) {
  auto report = std::make_unique<FindingsReport>();
  for (WorkspaceFile& one : files) read_one(one, workspace, source, *report);
  if (const auto waivers = source.text("waivers")) read_waivers(files, workspace, *waivers, *report);
  return report;
}

Measured measure_findings(const ReportQuestion& question, const Report& report, const Report* before) {
  const auto& now = static_cast<const FindingsReport&>(report);
  const std::vector<const Finding*> found = select(question, now, static_cast<const FindingsReport*>(before));
  Measured out;
  if (question.each.empty()) {
    out = Measured::one(static_cast<double>(found.size()));
  } else {
    for (std::size_t i = 0; i <= static_cast<std::size_t>(FindingSeverity::unknown); ++i) {
      out.values[std::string(name(static_cast<FindingSeverity>(i)))] = 0.0;
    }
    for (const Finding* one : found) out.values[std::string(name(one->severity))] += 1.0;
  }
  if (question.wants_findings) {
    const Split here = split(now, wanted_severities(question.query), question.as_of);
    out.findings = core::FindingSet{known(all_of(here.open)), known(here.suppressed)};
  }
  if (!found.empty()) out.notes.push_back(fmt::format("{}: {}", question.measure, named(found)));
  const auto unknown = std::count_if(now.findings.begin(), now.findings.end(),
                                     [](const Finding& one) { return one.severity == FindingSeverity::unknown; });
  if (unknown > 0 && question.query.has("severity") && !wanted_severities(question.query).contains(FindingSeverity::unknown)) {
    out.notes.push_back(
        fmt::format("{} of unknown severity not counted: add \"unknown\" to `severity` to judge them, too", unknown));
  }
  note_waivers(now, question.as_of, out);
  return out;
}

ReportType findings_type() {
  ReportType out;
  using core::KeyType;
  out.measures = {
      {"total", "1", "findings that are open"},
      {"new", "1", "open ones that the baseline does not have", MeasureSpec::Compares::needs_baseline},
      {"persisting", "1", "open ones that the baseline has, too", MeasureSpec::Compares::needs_baseline},
      {"fixed", "1", "open ones of the baseline that are gone", MeasureSpec::Compares::needs_baseline},
      {"suppressed", "1", "findings that are suppressed or waived"},
  };
  out.source_keys = {{"waivers", KeyType::text, "a CSV file of accepted findings: id, reason, until, where"}};
  out.query_keys = {{"severity", KeyType::text_list, "only these: critical, high, medium, low, none, unknown"}};
  out.each = {"severity"};
  out.example = R"(measure  = "total"
severity = ["critical", "high"]
better   = "lower"
fail     = { above = 0 }
)";
  out.finds = true;
  out.measure = measure_findings;
  out.check = check;
  return out;
}

}  // namespace gate::sources
