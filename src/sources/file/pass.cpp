#include "sources/file/pass.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace gate::sources::file {
namespace {

constexpr const char* kDropHint = R"(mend the file, or leave such rows out and count them: on_bad_row = "drop")";

core::Error bad_row(const std::string& place, std::string_view why) {
  return {"RG1405", fmt::format("{}: {}", place, why), kDropHint, {}, {}};
}

core::Error no_column(const std::string& path, const std::string& column, std::span<const std::string> header) {
  const std::vector<std::string> names(header.begin(), header.end());
  const std::string near = core::nearest(column, names);
  std::string hint = near.empty() ? fmt::format("it has {}", core::shorten(core::list_names(names, "and"), 200))
                                  : fmt::format("did you mean `{}`?", core::printable(near));
  if (names.size() == 1 && names.front().find_first_of(";\t|") != std::string::npos) {
    const char delimiter = names.front()[names.front().find_first_of(";\t|")];
    hint = fmt::format("its fields are not parted by commas: delimiter = \"{}\"",
                       delimiter == '\t' ? "tab" : std::string(1, delimiter));
  }
  return {
      "RG1408", fmt::format("{} has no column `{}`", core::printable(path), core::printable(column)), std::move(hint), {}, {}};
}

}  // namespace

IdCollector::IdCollector(IdsOf spec, IdsFrom from, const std::string& directory)
    : spec_(std::move(spec)), from_(std::move(from)) {
  columns_.add(spec_.column);
  for (const Condition& condition : spec_.where) where_places_.push_back(columns_.add(condition.column));
  walk_ = std::make_unique<FileWalk>(directory, from_.pattern, from_.options, columns_.names(), *this, Digests::no);
}

core::Result<bool> IdCollector::step() {
  auto more = walk_->step();
  if (!more) return more;
  if (error_) return *error_;
  return more;
}

void IdCollector::header(std::span<const std::string> columns) {
  for (const std::string& wanted : columns_.names()) {
    const bool found = std::find(columns.begin(), columns.end(), wanted) != columns.end();
    if (!found && !error_) error_ = no_column(walk_->path(), wanted, columns);
  }
}

void IdCollector::row(std::span<const Cell> cells, std::uint64_t /*number*/) {
  for (std::size_t i = 0; i < spec_.where.size(); ++i) {
    if (meets(spec_.where[i], cells[where_places_[i]]) != Kept::yes) return;
  }
  if (!cells[0].text.empty()) ids_->emplace(cells[0].text);
}

void IdCollector::bad(std::uint64_t number, std::string_view why) {
  if (from_.options.on_bad_row == OnBadRow::error && !error_) error_ = bad_row(walk_->place(number), why);
}

Pass::Pass(std::string directory, std::string pattern, const FileOptions& options, Digests digests)
    : directory_(std::move(directory)),
      options_(options),
      walk_(directory_, std::move(pattern), options, columns_.names(), *this, digests) {}

std::size_t Pass::add(const core::Question& question, FileQuery query, std::optional<IdsFrom> ids) {
  // Without a window, rows are taken in their order unless the source says where their times are.
  if (!wants_time_ && options_.times == Times::of_rows && (question.window || options_.time)) {
    wants_time_ = true;
    time_place_ = columns_.add(options_.time ? options_.time->column : TimeSpec{}.column);
  }
  std::unique_ptr<IdCollector> collector;
  if (ids) collector = std::make_unique<IdCollector>(*query.in, std::move(*ids), directory_);
  askers_.push_back(std::make_unique<Asker>(
      Asker{Reducer(question, std::move(query), options_.times, columns_), std::move(collector), {}, 0}));
  askers_.back()->error = askers_.back()->reducer.misfit();
  return askers_.size() - 1;
}

/// true while ids are still missing.
bool Pass::step_ids() {
  for (const auto& asker : askers_) {
    if (!asker->ids) continue;
    auto more = asker->ids->step();
    if (more && *more) return true;
    if (!more) asker->error = more.error();
    asker->reducer.set_ids(asker->ids->ids());
    asker->ids.reset();
  }
  return false;
}

bool Pass::step() {
  if (done_ || step_ids()) return !done_;
  auto more = walk_.step();
  if (!more) fail_all(more.error());
  done_ = error_.has_value() || !*more;
  return !done_;
}

void Pass::fail_all(core::Error error) {
  if (!error_) error_ = std::move(error);
}

void Pass::header(std::span<const std::string> columns) {
  const auto lacks = [&](std::size_t place) {
    return std::find(columns.begin(), columns.end(), columns_.names()[place]) == columns.end();
  };
  if (wants_time_ && lacks(time_place_)) return fail_all(no_column(walk_.path(), columns_.names()[time_place_], columns));
  for (const auto& asker : askers_) {
    const auto& needs = asker->reducer.needs();
    const auto missing = std::find_if(needs.begin(), needs.end(), lacks);
    if (missing != needs.end() && !asker->error) asker->error = no_column(walk_.path(), columns_.names()[*missing], columns);
  }
}

/// false when the row has no usable time, which was noted.
bool Pass::read_time(std::span<const Cell> cells, std::uint64_t number, core::Time& time) {
  if (!wants_time_) {
    time = core::Time(core::Duration(++order_));
    return true;
  }
  const Cell& cell = cells[time_place_];
  if (cell.text.empty()) {
    bad(number, fmt::format("it has no `{}`, which is its time", core::printable(columns_.names()[time_place_])));
    return false;
  }
  const auto parsed = parse_row_time(cell.text, time_of(walk_.format(), options_));
  if (parsed) {
    time = *parsed;
    return true;
  }
  ++bad_rows_;
  if (options_.on_bad_row == OnBadRow::error) {
    core::Error error = parsed.error();
    error.message = fmt::format("{}: {}", walk_.place(number), error.message);
    fail_all(std::move(error));
  }
  return false;
}

void Pass::row(std::span<const Cell> cells, std::uint64_t number) {
  core::Time time;
  if (error_ || !read_time(cells, number, time)) return;
  if (!span_) span_ = core::Window{time, time};
  span_ = core::Window{std::min(span_->start, time), std::max(span_->end, time)};
  for (const auto& asker : askers_) {
    if (asker->error || asker->reducer.add(cells, time)) continue;
    ++asker->bad_rows;
    if (options_.on_bad_row == OnBadRow::error) asker->error = bad_row(walk_.place(number), asker->reducer.problem());
  }
}

void Pass::bad(std::uint64_t number, std::string_view why) {
  ++bad_rows_;
  if (options_.on_bad_row == OnBadRow::error) fail_all(bad_row(walk_.place(number), why));
}

/// Why there is no data.
std::string Pass::silence(const Reducer& reducer) const {
  if (!span_) return "the files have no row";
  if (reducer.in_window() > 0)
    return fmt::format("none of the {} rows in the window is one where {}", reducer.in_window(),
                       describe(reducer.query().where));
  return fmt::format("no row lies in the window: they are from {} to {}", core::format_time(span_->start),
                     core::format_time(span_->end));
}

core::Result<core::Answer> Pass::take(std::size_t number) {
  Asker& asker = *askers_[number];
  if (error_) return *error_;
  if (asker.error) return *asker.error;
  auto finished = asker.reducer.finish();
  if (!finished) return finished;
  core::Answer answer = std::move(finished).value();
  if (answer.series.empty()) answer.notes.push_back(silence(asker.reducer));
  answer.dropped_rows = bad_rows_ + asker.bad_rows;
  if (answer.dropped_rows > 0) answer.notes.push_back(fmt::format("{} bad rows were left out", answer.dropped_rows));
  for (const FileRead& file : walk_.files())
    answer.requests.push_back({"READ", core::printable(file.path), 200, 1, file.milliseconds});
  return answer;
}

}  // namespace gate::sources::file
