#include "sources/report_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <list>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/text.h"
#include "core/unit.h"
#include "sources/file/tape_text.h"

namespace gate::sources {
namespace {

std::string text_of(const core::Settings& settings, std::string_view key) {
  return settings.text(key).value_or("");
}

const MeasureSpec* find_measure(const ReportType& type, std::string_view name) {
  const auto found = std::find_if(type.measures.begin(), type.measures.end(),
                                  [&](const MeasureSpec& measure) { return measure.name == name; });
  return found == type.measures.end() ? nullptr : &*found;
}

bool compares(const ReportType& type, const Question& question) {
  const MeasureSpec* measure = find_measure(type, text_of(question.query, "measure"));
  return measure != nullptr && measure->compares != MeasureSpec::Compares::no;
}

/// Which files a question is about; "" when nothing says it.
std::string pattern_of(const Question& question) {
  return text_of(question.query, question.before ? "baseline_path" : "path");
}

std::vector<file::FileRead> as_read(const std::vector<WorkspaceFile>& files) {
  std::vector<file::FileRead> out;
  out.reserve(files.size());
  for (const WorkspaceFile& one : files) out.push_back({one.path, one.sha256, one.bytes, one.milliseconds});
  return out;
}

core::Time newest_of(const std::vector<WorkspaceFile>& files) {
  core::Time newest = files.front().changed;
  for (const WorkspaceFile& one : files) newest = std::max(newest, one.changed);
  return newest;
}

core::Time oldest_of(const std::vector<WorkspaceFile>& files) {
  core::Time oldest = files.front().changed;
  for (const WorkspaceFile& one : files) oldest = std::min(oldest, one.changed);
  return oldest;
}

/// The keys that say what is asked, for people and for the tape.
std::string keys_text(const ReportType& type, const core::Settings& query) {
  std::string out;
  for (const core::KeySpec& key : type.query_keys) {
    const core::Setting* setting = query.find(key.name);
    if (setting == nullptr) continue;
    std::string value = core::scalar_text(setting->node);
    if (setting->node.array() != nullptr) value = core::list_names(query.text_list(key.name), "and");
    out += fmt::format(", {} {}", key.name, core::printable(value));
  }
  return out;
}

}  // namespace

void report_key(core::Diagnostics& diagnostics, std::string code, std::string message, std::string hint,
                const core::Location& place) {
  diagnostics.push_back({core::Severity::error, {std::move(code), std::move(message), std::move(hint), {}, place}});
}

ReportSource::ReportSource(const ReportType& type, std::string id, const core::Settings& settings, const SourceContext& context)
    : type_(type), id_(std::move(id)), settings_(settings), context_(context) {}

Workspace ReportSource::workspace() const {
  const auto most = settings_.bytes("max_bytes");
  return {context_.directory, text_of(settings_, "root"), most ? static_cast<std::uint64_t>(*most) : type_.max_bytes,
          context_.within};
}

void ReportSource::prepare(std::span<const Question* const> questions) {
  for (const Question* question : questions) {
    const std::string pattern = pattern_of(*question);
    if (!pattern.empty() && std::find(patterns_.begin(), patterns_.end(), pattern) == patterns_.end()) {
      patterns_.push_back(pattern);
    }
  }
}

const ReportSource::Loaded& ReportSource::load(const std::string& pattern) {
  const auto [place, is_new] = loaded_.try_emplace(pattern);
  Loaded& loaded = place->second;
  if (!is_new) return loaded;
  try {
    const Workspace where = workspace();
    auto files = find_files(where, pattern);
    if (!files) throw core::SourceError(files.error());
    loaded.files = std::move(files).value();
    loaded.report = type_.read(loaded.files, where, settings_);
  } catch (const core::SourceError& failure) {
    loaded.error = failure.error();
    loaded.error->message = fmt::format("{}: {}", id_, loaded.error->message);
  }
  return loaded;
}

void ReportSource::log_files(const Loaded& loaded, core::Answer& answer) const {
  for (const WorkspaceFile& one : loaded.files) {
    answer.requests.push_back({"READ", core::printable(one.path), one.sha256.empty() ? 0 : 200, 1, one.milliseconds});
  }
}

/// "" when the files may be of this release.
std::string ReportSource::staleness(const Loaded& loaded, const Question& question) const {
  const auto age = settings_.duration("max_age");
  if (!age || !question.released_at || question.before) return "";
  const core::Time written = loaded.report->oldest.value_or(oldest_of(loaded.files));
  if (written >= *question.released_at - *age) return "";
  return fmt::format("stale {} of {}, more than {} older than the release", type_.noun, core::format_time(written),
                     core::describe_duration(*age));
}

void ReportSource::check_each(const Question& question) const {
  if (question.each.empty() || std::find(type_.each.begin(), type_.each.end(), question.each) != type_.each.end()) {
    return;
  }
  std::vector<std::string> names;
  for (const std::string_view name : type_.each) names.emplace_back(name);
  throw core::SourceError({"RG1506",
                           fmt::format("{}: there is nothing called `{}` to take apart", id_, core::printable(question.each)),
                           names.empty() ? fmt::format("a {} gives one number: remove `each`", type_.noun)
                                         : fmt::format("`each` may be {}", core::list_names(names)),
                           {},
                           {}});
}

void ReportSource::compute(const Question& question, core::Answer& answer) {
  check_each(question);
  const std::string pattern = pattern_of(question);
  const bool is_comparison = compares(type_, question);
  if (is_comparison && question.before) {
    answer.absence = "the measure is a comparison already";
    return;
  }
  if (pattern.empty()) {
    answer.absence = "a file has no past, and no `baseline_path` names the file of the version before";
    return;
  }
  const Loaded& loaded = load(pattern);
  log_files(loaded, answer);
  if (loaded.error) throw core::SourceError(*loaded.error);
  answer.absence = staleness(loaded, question);
  if (!answer.absence.empty()) return;
  const Report* before = nullptr;
  if (is_comparison && question.query.has("baseline_path")) {
    const Loaded& other = load(text_of(question.query, "baseline_path"));
    log_files(other, answer);
    if (other.error) throw core::SourceError(*other.error);
    before = other.report.get();
  }
  const core::Time made = loaded.report->newest.value_or(newest_of(loaded.files));
  const ReportQuestion asked{text_of(question.query, "measure"), question.each, question.query,
                             question.released_at.value_or(made), question.wants_findings};
  Measured measured = type_.measure(asked, *loaded.report, before);
  answer.absence = std::move(measured.absence);
  answer.findings = std::move(measured.findings);
  answer.notes.insert(answer.notes.end(), loaded.report->notes.begin(), loaded.report->notes.end());
  answer.notes.insert(answer.notes.end(), measured.notes.begin(), measured.notes.end());
  for (const auto& [label, value] : measured.values) {
    if (!std::isfinite(value)) {
      throw core::SourceError(
          wrong_content(core::printable(pattern), "its numbers add up to no finite one", "look at the file"));
    }
    core::Series series;
    if (!question.each.empty()) series.labels[question.each] = label;
    series.times.push_back(made);
    series.values.push_back(value);
    answer.series.push_back(std::move(series));
  }
}

http::Task<core::Answer> ReportSource::ask(const Question& question) {
  http::Tape* tape = context_.tape;
  if (tape != nullptr && tape->mode() == http::TapeMode::replay) {
    auto kept = tape->get(identity(question));
    if (!kept) throw core::SourceError(kept.error());
    auto answer = file::decode_answer(*kept);
    if (!answer) throw core::SourceError(answer.error());
    co_return std::move(answer).value();
  }
  core::Answer answer;
  answer.asked = described(question);
  std::optional<core::Error> error;
  try {
    compute(question, answer);
  } catch (const core::SourceError& failure) {
    error = failure.error();
  }
  const core::Result<core::Answer> result =
      error ? core::Result<core::Answer>(std::move(*error)) : core::Result<core::Answer>(std::move(answer));
  if (tape != nullptr) {
    std::vector<file::FileRead> files;
    const auto found = loaded_.find(pattern_of(question));
    if (found != loaded_.end()) files = as_read(found->second.files);
    auto kept = tape->put(identity(question), file::encode_answer(result, files));
    if (!kept) throw core::SourceError(kept.error());
  }
  if (!result) throw core::SourceError(result.error());
  co_return result.value();
}

std::string ReportSource::described(const Question& question) const {
  if (question.before && compares(type_, question)) return "nothing: the candidate's question compares both";
  std::string out = fmt::format("{} of {}{}", text_of(question.query, "measure"), core::printable(pattern_of(question)),
                                keys_text(type_, question.query));
  if (compares(type_, question) && question.query.has("baseline_path")) {
    out += fmt::format(", against {}", core::printable(text_of(question.query, "baseline_path")));
  }
  if (!question.each.empty()) out += fmt::format(", each {}", core::printable(question.each));
  return out;
}

std::string ReportSource::identity(const Question& question) const {
  nlohmann::json out = {{"source", id_}, {"ask", described(question)}, {"side", question.before ? "baseline" : "candidate"}};
  if (question.released_at) out["released_at"] = core::format_time(*question.released_at);
  if (question.wants_findings) out["findings"] = true;
  return out.dump();
}

std::vector<PlannedRequest> ReportSource::preview(const Question& question) const {
  const std::string pattern = pattern_of(question);
  if (pattern.empty() || (question.before && compares(type_, question))) return {};
  const auto files = find_files(workspace(), pattern);
  const std::size_t count = files ? files->size() : 0;
  return {{"READ", fmt::format("{} ({} file{})", core::printable(pattern), count, count == 1 ? "" : "s"), described(question)}};
}

http::Task<void> ReportSource::health(Health& found) {
  std::vector<std::string> patterns = patterns_;
  if (patterns.empty() && settings_.has("path")) patterns.push_back(text_of(settings_, "path"));
  std::size_t count = 0;
  std::optional<core::Time> newest;
  for (const std::string& pattern : patterns) {
    const auto files = find_files(workspace(), pattern);
    if (!files) {
      core::Error error = files.error();
      error.message = fmt::format("{}: {}", id_, error.message);
      throw core::SourceError(std::move(error));
    }
    count += files->size();
    newest = std::max(newest.value_or(newest_of(*files)), newest_of(*files));
  }
  found.permitted = true;
  found.system = newest ? fmt::format("{} file{}, newest changed {}", count, count == 1 ? "" : "s", core::format_time(*newest))
                        : "no files: no metric asks for any";
  co_return;
}

core::SourceTypeSpec report_spec(const ReportType& type) {
  using core::KeyType;
  // A KeySpec refers to text that lives as long as the program.
  static std::list<std::string> texts;
  std::string& doc = texts.emplace_back("what is measured:");
  for (const MeasureSpec& one : type.measures) doc += fmt::format("{} {}", &one == &type.measures.front() ? "" : ",", one.name);
  core::SourceTypeSpec spec;
  const std::string& most = texts.emplace_back(fmt::format(
      "larger files are refused ({})", core::format_quantity(static_cast<double>(type.max_bytes), *core::parse_unit("B"))));
  spec.type = type.type;
  spec.title = type.title;
  spec.source_keys = {
      {"path", KeyType::text, "the files, relative to `root`; *, ? and […] match"},
      {"baseline_path", KeyType::text, "the same files of the version before, to compare with"},
      {"root", KeyType::text, "the folder that files may lie in, relative to the gate file (its own)"},
      {"max_bytes", KeyType::bytes, most},
      {"max_age", KeyType::duration, "how much older than the release a file may be; without it, its age is not looked at"},
  };
  spec.source_keys.insert(spec.source_keys.end(), type.source_keys.begin(), type.source_keys.end());
  spec.query_keys = {
      {"measure", KeyType::text, doc},
      {"path", KeyType::text, "other files than the source's", core::KeySpec::Need::optional, core::KeySpec::Writer::trusted},
      {"baseline_path", KeyType::text, "other files of the version before than the source's", core::KeySpec::Need::optional,
       core::KeySpec::Writer::trusted},
  };
  spec.query_keys.insert(spec.query_keys.end(), type.query_keys.begin(), type.query_keys.end());
  spec.text_part_key = "measure";
  spec.data = core::SourceTypeSpec::Data::rows;
  spec.source_example = type.source_example;
  spec.example = type.example;
  return spec;
}

core::QueryFacts report_facts(const ReportType& type, const core::Settings& query) {
  core::QueryFacts out;
  out.natural_kind = "value";
  out.latest = true;
  out.names_baseline = query.has("baseline_path");
  out.finds = type.finds;
  if (const MeasureSpec* measure = find_measure(type, text_of(query, "measure"))) out.natural_unit = measure->unit;
  return out;
}

core::Diagnostics check_report_query(const ReportType& type, const core::Settings& query) {
  core::Diagnostics out;
  if (text_of(query, "path").empty()) {
    report_key(out, "RG1403", "no `path` says which files are read", "add it to the source, or to the metric",
               query.location_of_table);
  }
  const std::string name = text_of(query, "measure");
  const MeasureSpec* measure = find_measure(type, name);
  std::vector<std::string> names;
  for (const MeasureSpec& one : type.measures) names.emplace_back(one.name);
  if (name.empty()) {
    report_key(out, "RG1505", fmt::format("no `measure` says what is asked of the {}", type.noun),
               fmt::format("it may be {}", core::list_names(names)), query.location_of_table);
  } else if (measure == nullptr) {
    const std::string near = core::nearest(name, names);
    report_key(out, "RG1505", fmt::format("a {} has no measure `{}`", type.noun, core::printable(name)),
               near.empty() ? fmt::format("it may be {}", core::list_names(names)) : fmt::format("did you mean `{}`?", near),
               query.location("measure", query.location_of_table));
  } else if (measure->compares == MeasureSpec::Compares::needs_baseline && !query.has("baseline_path")) {
    report_key(out, "RG1507",
               fmt::format("`{}` compares with the version before, and no `baseline_path` names its files", name),
               "baseline_path = \"main/report.json\", in the source or in the metric",
               query.location("measure", query.location_of_table));
  }
  if (type.check != nullptr) {
    core::Diagnostics own = type.check(query);
    out.insert(out.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
  return out;
}

}  // namespace gate::sources
