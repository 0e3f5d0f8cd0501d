#include "sources/event_log/client.h"

#include <fmt/format.h>

#include <utility>

#include "core/text.h"

namespace gate::sources::event_log {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 30;

EventQuery query_of(const core::Settings& settings) {
  core::Diagnostics known;
  return read_query(settings, known);
}

file::FileOptions options_of(const core::Settings& settings) {
  core::Diagnostics known;
  return file::read_options(settings, known);
}

}  // namespace

EventLogSource::EventLogSource(std::string id, const core::Settings& settings, const SourceContext& context)
    : id_(std::move(id)), settings_(settings), list_(eligible_settings(query_of(settings))), context_(context) {
  // Patterns start at the root for the file source, too.
  context_.directory = folder_of(context_.directory, settings_.text("root").value_or(""));
  context_.settings_of = [this](std::string_view) { return &list_; };
  logs_ = std::make_unique<file::FileSource>(id_, options_of(settings_), context_);
  eligible_ = std::make_unique<file::FileSource>(id_, options_of(list_), context_);
}

EventLogSource::Translated EventLogSource::translate(const Question& question) const {
  Translated out{query_of(question.query), question, question, false};
  out.has_eligible = !out.query.eligible.empty() && out.query.measure == Measure::active_users;
  out.asked.query = file_query(out.query, out.has_eligible ? Among::eligible : Among::all);
  out.among_all.query = file_query(out.query, Among::all);
  return out;
}

file::FileSource& EventLogSource::reader_of(const Translated& translated) {
  return translated.query.measure == Measure::eligible_users ? *eligible_ : *logs_;
}

void EventLogSource::prepare(std::span<const Question* const> questions) {
  std::vector<const Question*> of_logs;
  std::vector<const Question*> of_list;
  for (const Question* question : questions) {
    Translated& translated = translated_.emplace_back(translate(*question));
    places_[question] = &translated;
    auto& asked = translated.query.measure == Measure::eligible_users ? of_list : of_logs;
    asked.push_back(&translated.asked);
    if (translated.has_eligible) asked.push_back(&translated.among_all);
  }
  logs_->prepare(of_logs);
  eligible_->prepare(of_list);
}

void EventLogSource::require_inside(const EventQuery& query) const {
  const auto most = settings_.bytes("max_bytes");
  const Workspace where{context_.directory, "", most ? static_cast<std::uint64_t>(*most) : kMostBytes};
  for (const std::string& pattern : {query.path, query.eligible}) {
    if (pattern.empty()) continue;
    auto found = find_files(where, pattern);
    if (found) continue;
    core::Error error = found.error();
    error.message = fmt::format("{}: {}", id_, error.message);
    throw core::SourceError(std::move(error));
  }
}

http::Task<core::Answer> EventLogSource::ask(const Question& question) {
  const Translated& translated = *places_.at(&question);
  const bool is_replay = context_.tape != nullptr && context_.tape->mode() == http::TapeMode::replay;
  if (!is_replay) require_inside(translated.query);
  http::Task<core::Answer> asking = reader_of(translated).ask(translated.asked);
  core::Answer answer = co_await asking;
  if (!translated.has_eligible || answer.series.empty()) co_return answer;
  http::Task<core::Answer> counting = logs_->ask(translated.among_all);
  const core::Answer all = co_await counting;
  double others = 0.0;
  for (const core::Series& series : all.series) {
    for (const double value : series.values) others += value;
  }
  for (const core::Series& series : answer.series) {
    for (const double value : series.values) others -= value;
  }
  if (others > 0.0)
    answer.notes.push_back(fmt::format("{} active users are not among the eligible, and are not counted", others));
  co_return answer;
}

std::vector<PlannedRequest> EventLogSource::preview(const Question& question) const {
  const Translated translated = translate(question);
  const auto& reader = translated.query.measure == Measure::eligible_users ? *eligible_ : *logs_;
  return reader.preview(translated.asked);
}

http::Task<void> EventLogSource::health(Health& found) {
  require_inside(query_of(settings_));
  http::Task<void> asking = logs_->health(found);
  co_await asking;
}

}  // namespace gate::sources::event_log
