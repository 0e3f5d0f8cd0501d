#include "sources/event_log/users.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/text.h"
#include "sources/file/number.h"

namespace gate::sources::event_log {
namespace {

core::Error bad_row(const std::string& place, std::string_view why) {
  return {"RG1405",
          fmt::format("{}: {}", place, why),
          R"(mend the file, or leave such rows out and count them: on_bad_row = "drop")",
          {},
          {}};
}

}  // namespace

UserPass::UserPass(const std::string& directory, const EventQuery& query, const file::FileOptions& options,
                   std::optional<file::IdsFrom> eligible, file::Digests digests)
    : options_(options),
      user_place_(columns_.add(query.user)),
      event_place_(columns_.add(query.event_column)),
      time_place_(columns_.add(options.time ? options.time->column : file::TimeSpec{}.column)),
      walk_(directory, query.path, options, columns_.names(), *this, digests) {
  if (!eligible) return;
  file::IdsOf ids;
  ids.column = query.eligible_user;
  collector_ = std::make_unique<file::IdCollector>(std::move(ids), std::move(*eligible), directory);
}

std::size_t UserPass::add(const core::Question& question, const EventQuery& query) {
  Asked one;
  one.query = query;
  if (query.where.table() != nullptr) {
    core::Diagnostics known;
    one.where = file::read_where(query.where, known);
  }
  for (const file::Condition& condition : one.where) one.where_places.push_back(columns_.add(condition.column));
  one.window = question.window.value_or(core::Window{});
  one.asker = query.steps.empty() ? make_cohorts(question, query) : make_funnel(question, query);
  asked_.push_back(std::move(one));
  return asked_.size() - 1;
}

bool UserPass::step() {
  if (done_) return false;
  if (collector_) {
    auto more = collector_->step();
    if (!more) fail(more.error());
    if (more && *more) return true;
    eligible_ = collector_->ids();
    collector_.reset();
  }
  auto more = walk_.step();
  if (!more) fail(more.error());
  done_ = error_.has_value() || !*more;
  return !done_;
}

void UserPass::fail(core::Error error) {
  if (!error_) error_ = std::move(error);
}

void UserPass::fail_row(std::uint64_t number, std::string_view why) {
  ++bad_rows_;
  if (options_.on_bad_row == file::OnBadRow::error) fail(bad_row(walk_.place(number), why));
}

void UserPass::header(std::span<const std::string> columns) {
  for (const std::string& wanted : columns_.names()) {
    if (std::find(columns.begin(), columns.end(), wanted) != columns.end()) continue;
    fail({"RG1408",
          fmt::format("{} has no column `{}`", core::printable(walk_.path()), core::printable(wanted)),
          "name the column or field that holds it",
          {},
          {}});
  }
}

std::optional<UserNumber> UserPass::number_of(std::string_view user, core::Time time) {
  if (eligible_ && !eligible_->contains(user)) return std::nullopt;
  auto found = log_.numbers.find(user);
  if (found == log_.numbers.end()) {
    if (log_.numbers.size() >= std::numeric_limits<UserNumber>::max()) {
      fail({"RG1409", "the log has more than 4,294,967,295 users", "leave some out with `where`", {}, {}});
      return std::nullopt;
    }
    found = log_.numbers.emplace(user, static_cast<UserNumber>(log_.numbers.size())).first;
    log_.first_seen.push_back(time);
  }
  core::Time& first = log_.first_seen[found->second];
  first = std::min(first, time);
  return found->second;
}

void UserPass::row(std::span<const file::Cell> cells, std::uint64_t number) {
  if (error_) return;
  const file::Cell& written = cells[time_place_];
  const auto time = file::parse_row_time(written.text, file::time_of(walk_.format(), options_));
  if (!time) return fail_row(number, time.error().message);
  log_.first_row = std::min(log_.first_row.value_or(*time), *time);
  const std::string_view name = cells[user_place_].text;
  if (name.empty()) return;
  const auto user = number_of(name, *time);
  if (!user) return;
  for (Asked& one : asked_) {
    if (!one.window.contains(*time)) continue;
    bool kept = true;
    for (std::size_t i = 0; kept && i < one.where.size(); ++i) {
      const file::Cell& cell = cells[one.where_places[i]];
      const file::Kept meets = file::meets(one.where[i], cell);
      if (meets == file::Kept::not_a_number) return fail_row(number, file::not_a_number(one.where[i].column, cell.text));
      kept = meets == file::Kept::yes;
    }
    ++one.in_window;
    if (kept) one.asker->add(*user, *time, cells[event_place_].text);
  }
}

void UserPass::bad(std::uint64_t number, std::string_view why) {
  fail_row(number, why);
}

core::Result<core::Answer> UserPass::take(std::size_t number) {
  if (error_) return *error_;
  Asked& one = asked_[number];
  core::Answer answer;
  if (one.in_window == 0) {
    // A log without a row may not have been written: nobody can say that nothing happened.
    answer.absence = log_.first_row ? "no row lies in the window" : "the files have no row";
  } else {
    answer = one.asker->finish(log_);
  }
  answer.asked = describe(one.query);
  answer.dropped_rows = bad_rows_;
  if (bad_rows_ > 0) answer.notes.push_back(fmt::format("{} bad rows were left out", bad_rows_));
  for (const file::FileRead& file : walk_.files())
    answer.requests.push_back({"READ", core::printable(file.path), 200, 1, file.milliseconds});
  return answer;
}

}  // namespace gate::sources::event_log
