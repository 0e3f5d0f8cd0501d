#include "sources/survey/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "core/text.h"
#include "sources/file/number.h"
#include "sources/file/reducer.h"
#include "sources/file/tape_text.h"

namespace gate::sources::survey {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;

/// Takes the rows of one question.
class Taker final : public file::Sink {
 public:
  Taker(const SurveyQuery& query, const Question& question, const file::FileOptions& options)
      : query_(query), question_(question), options_(options) {
    score_ = columns_.add(query.score);
    if (!query.respondent.empty()) respondent_ = columns_.add(query.respondent);
    if (options.times == file::Times::of_rows && (question.window || options.time)) {
      time_ = columns_.add(options.time ? options.time->column : file::TimeSpec{}.column);
    }
    if (!question.each.empty()) each_ = columns_.add(question.each);
    for (const file::Condition& condition : query.where) where_.push_back(columns_.add(condition.column));
  }

  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_.names(); }
  void set_walk(const file::FileWalk& walk) { walk_ = &walk; }
  [[nodiscard]] const Answers& answers() const { return answers_; }
  [[nodiscard]] std::size_t bad_rows() const { return bad_rows_; }
  [[nodiscard]] std::size_t blank() const { return blank_; }
  [[nodiscard]] const std::optional<core::Error>& error() const { return error_; }

  void header(std::span<const std::string> columns) override {
    for (const std::string& wanted : columns_.names()) {
      if (error_ || std::find(columns.begin(), columns.end(), wanted) != columns.end()) continue;
      const std::vector<std::string> names(columns.begin(), columns.end());
      error_ =
          core::Error{"RG1408",
                      fmt::format("{} has no column `{}`", core::printable(walk_->path()), core::printable(wanted)),
                      fmt::format("it has {}; `delimiter` may be meant", core::shorten(core::list_names(names, "and"), 200)),
                      {},
                      {}};
    }
  }

  void row(std::span<const file::Cell> cells, std::uint64_t number) override {
    core::Time time{};
    if (error_ || !meets_all(cells, number) || !read_time(cells, number, time)) return;
    if (question_.window && !question_.window->contains(time)) return;
    const std::string_view text = cells[score_].text;
    if (text.find_first_not_of(' ') == std::string_view::npos) {
      ++blank_;
      return;
    }
    const auto counted = points(query_.measure, query_.scale, text);
    if (!counted) {
      bad(number, fmt::format("`{}` is \"{}\", and {} is answered with a whole number from {} to {}",
                              core::printable(query_.score), core::shorten(core::printable(text), 60), query_.measure_name,
                              query_.measure == Measure::nps ? 0 : 1, query_.scale));
      return;
    }
    answers_.add(respondent_ ? std::string(cells[*respondent_].text) : "",
                 {time, *counted, each_ ? std::string(cells[*each_].text) : ""});
  }

  void bad(std::uint64_t number, std::string_view why) override {
    ++bad_rows_;
    if (options_.on_bad_row == file::OnBadRow::drop || error_) return;
    error_ = core::Error{"RG1405",
                         fmt::format("{}: {}", walk_->place(number), why),
                         R"(mend the file, or leave such rows out and count them: on_bad_row = "drop")",
                         {},
                         {}};
  }

 private:
  bool meets_all(std::span<const file::Cell> cells, std::uint64_t number) {
    for (std::size_t i = 0; i < where_.size(); ++i) {
      const file::Kept kept = meets(query_.where[i], cells[where_[i]]);
      if (kept == file::Kept::not_a_number) bad(number, file::not_a_number(query_.where[i].column, cells[where_[i]].text));
      if (kept != file::Kept::yes) return false;
    }
    return true;
  }

  bool read_time(std::span<const file::Cell> cells, std::uint64_t number, core::Time& time) {
    time = core::Time(core::Duration(++order_));
    if (!time_) return true;
    const auto parsed = file::parse_row_time(cells[*time_].text, file::time_of(walk_->format(), options_));
    if (!parsed) {
      bad(number, parsed.error().message);
      return false;
    }
    time = *parsed;
    return true;
  }

  const SurveyQuery& query_;
  const Question& question_;
  const file::FileOptions& options_;
  const file::FileWalk* walk_ = nullptr;
  file::Columns columns_;
  std::size_t score_ = 0;
  std::optional<std::size_t> respondent_;
  std::optional<std::size_t> time_;
  std::optional<std::size_t> each_;
  std::vector<std::size_t> where_;
  Answers answers_;
  std::size_t bad_rows_ = 0;
  std::size_t blank_ = 0;
  std::int64_t order_ = 0;
  std::optional<core::Error> error_;
};

std::string described(const SurveyQuery& query) {
  std::string out = fmt::format("{} (0 to {}) of {}", query.measure_name, query.scale, core::printable(query.score));
  if (query.measure != Measure::nps)
    out = fmt::format("{} (1 to {}) of {}", query.measure_name, query.scale, core::printable(query.score));
  if (!query.respondent.empty()) out += fmt::format(", the last answer of each {}", core::printable(query.respondent));
  const std::string where = file::describe(query.where);
  return where.empty() ? out : out + " where " + where;
}

SurveyQuery query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

/// The identity on tape: what is asked stands where a column would.
file::FileQuery tape_query(const SurveyQuery& query) {
  file::FileQuery out;
  out.path = query.path;
  out.value = described(query);
  return out;
}

}  // namespace

SurveySource::SurveySource(std::string id, const core::Settings& settings, const SourceContext& context)
    : id_(std::move(id)), settings_(settings), context_(context) {
  core::Diagnostics known;
  options_ = file::read_options(settings_, known);
  options_.within = context_.within;
}

Workspace SurveySource::workspace() const {
  const auto most = settings_.bytes("max_bytes");
  return {context_.directory, settings_.text("root").value_or(""), most ? static_cast<std::uint64_t>(*most) : kMostBytes,
          context_.within};
}

core::Answer SurveySource::compute(const Question& question, const SurveyQuery& query,
                                   std::vector<file::FileRead>& files) const {
  const Workspace where = workspace();
  const auto found = find_files(where, query.path);
  if (!found) throw core::SourceError(found.error());
  Taker taker(query, question, options_);
  file::FileWalk walk(folder_of(where.directory, where.root), query.path, options_, taker.columns(), taker, file::Digests::yes);
  taker.set_walk(walk);
  for (bool more = true; more && !taker.error();) {
    const auto step = walk.step();
    if (!step) throw core::SourceError(step.error());
    more = *step;
  }
  if (taker.error()) throw core::SourceError(*taker.error());
  files = walk.files();
  file::Columns columns;
  file::FileQuery points;
  points.path = query.path;
  points.value = "points";
  file::Reducer reducer(question, std::move(points), options_.times, columns);
  if (const auto misfit = reducer.misfit()) throw core::SourceError(*misfit);
  for (const Answer& one : taker.answers().all()) {
    const std::string text = fmt::format("{}", one.points);
    std::vector<file::Cell> cells;
    for (const std::string& name : columns.names()) cells.push_back({name == "points" ? text : one.group, true});
    (void)reducer.add(cells, one.time);
  }
  auto reduced = reducer.finish();
  if (!reduced) throw core::SourceError(reduced.error());
  core::Answer answer = std::move(reduced).value();
  answer.asked = described(query);
  answer.dropped_rows = taker.bad_rows();
  if (answer.series.empty()) answer.absence = "nobody answered";
  answer.notes.push_back(fmt::format("{} answers, {} blank, {} replaced by a later one of the same person",
                                     taker.answers().all().size(), taker.blank(), taker.answers().replaced()));
  for (const file::FileRead& one : files)
    answer.requests.push_back({"READ", core::printable(one.path), 200, 1, one.milliseconds});
  return answer;
}

http::Task<core::Answer> SurveySource::ask(const Question& question) {
  const SurveyQuery query = query_of(question);
  http::Tape* tape = context_.tape;
  const std::string identity = file::encode_question(id_, question, tape_query(query));
  if (tape != nullptr && tape->mode() == http::TapeMode::replay) {
    auto kept = tape->get(identity);
    if (!kept) throw core::SourceError(kept.error());
    auto answer = file::decode_answer(*kept);
    if (!answer) throw core::SourceError(answer.error());
    co_return std::move(answer).value();
  }
  std::vector<file::FileRead> files;
  std::optional<core::Result<core::Answer>> result;
  try {
    result = compute(question, query, files);
  } catch (const core::SourceError& failure) {
    core::Error error = failure.error();
    error.message = fmt::format("{}: {}", id_, error.message);
    result = std::move(error);
  }
  if (tape != nullptr) {
    auto kept = tape->put(identity, file::encode_answer(*result, files));
    if (!kept) throw core::SourceError(kept.error());
  }
  if (!*result) throw core::SourceError(result->error());
  co_return result->value();
}

std::vector<PlannedRequest> SurveySource::preview(const Question& question) const {
  const SurveyQuery query = query_of(question);
  const auto files = find_files(workspace(), query.path);
  const std::size_t count = files ? files->size() : 0;
  return {{"READ", fmt::format("{} ({} file{})", core::printable(query.path), count, count == 1 ? "" : "s"), described(query)}};
}

http::Task<void> SurveySource::health(Health& found) {
  const std::string pattern = settings_.text("path").value_or("");
  if (pattern.empty()) {
    found.system = "no files: each metric names its own";
    co_return;
  }
  const auto files = find_files(workspace(), pattern);
  if (!files) throw core::SourceError(files.error());
  found.permitted = true;
  found.system = fmt::format("{} file{}", files->size(), files->size() == 1 ? "" : "s");
  co_return;
}

}  // namespace gate::sources::survey
