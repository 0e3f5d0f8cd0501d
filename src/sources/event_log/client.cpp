#include "sources/event_log/client.h"

#include <fmt/format.h>

#include <utility>

#include "core/text.h"
#include "sources/file/tape_text.h"

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
  user_options_ = options_of(settings_);
  user_options_.within = context_.within;
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
    if (is_of_users(query_of(question->query).measure)) {
      prepare_users(*question);
      continue;
    }
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
  const Workspace where{context_.directory, "", most ? static_cast<std::uint64_t>(*most) : kMostBytes, context_.within};
  for (const std::string& pattern : {query.path, query.eligible}) {
    if (pattern.empty()) continue;
    auto found = find_files(where, pattern);
    if (found) continue;
    core::Error error = found.error();
    error.message = fmt::format("{}: {}", id_, error.message);
    throw core::SourceError(std::move(error));
  }
}

void EventLogSource::prepare_users(const Question& question) {
  OfUsers one{query_of(question.query), nullptr, 0};
  // Users of one pass are the same: their column and who of them is eligible are part of its name.
  auto& pass = user_passes_[fmt::format("{}\n{}\n{}\n{}\n{}", one.query.path, one.query.user, one.query.event_column,
                                        one.query.eligible, one.query.eligible_user)];
  if (!pass) {
    const bool recording = context_.tape != nullptr && context_.tape->mode() == http::TapeMode::record;
    std::optional<file::IdsFrom> eligible;
    if (!one.query.eligible.empty()) eligible = file::IdsFrom{one.query.eligible, options_of(list_)};
    if (eligible) eligible->options.within = context_.within;
    pass = std::make_unique<UserPass>(context_.directory, one.query, user_options_, std::move(eligible),
                                      recording ? file::Digests::yes : file::Digests::no);
  }
  one.pass = pass.get();
  if (question.window) one.number = pass->add(question, one.query);
  of_users_[&question] = std::move(one);
}

std::string EventLogSource::tape_identity(const Question& question, const EventQuery& query) const {
  file::FileQuery asked;
  asked.path = query.path;
  asked.value = describe(query);
  return file::encode_question(id_, question, asked);
}

http::Task<core::Answer> EventLogSource::ask_users(const Question& question) {
  const OfUsers& asked = of_users_.at(&question);
  http::Tape* tape = context_.tape;
  if (tape != nullptr && tape->mode() == http::TapeMode::replay) {
    auto kept = tape->get(tape_identity(question, asked.query));
    if (!kept) throw core::SourceError(kept.error());
    auto answer = file::decode_answer(*kept);
    if (!answer) throw core::SourceError(answer.error());
    co_return std::move(answer).value();
  }
  require_inside(asked.query);
  if (!question.window) {
    throw core::SourceError({"RG1413",
                             fmt::format("{}: {} is of a window, and a snapshot has none", id_, describe(asked.query)),
                             "choose a design with windows",
                             {},
                             {}});
  }
  while (asked.pass->step()) {
    http::Task<void> others = context_.client->sleep(core::Duration(0));
    co_await others;
  }
  core::Result<core::Answer> answer = asked.pass->take(asked.number);
  if (!answer) {
    core::Error error = answer.error();
    error.message = fmt::format("{}: {}", id_, error.message);
    answer = std::move(error);
  }
  if (tape != nullptr) {
    auto kept = tape->put(tape_identity(question, asked.query), file::encode_answer(answer, asked.pass->files()));
    if (!kept) throw core::SourceError(kept.error());
  }
  if (!answer) throw core::SourceError(answer.error());
  co_return std::move(answer).value();
}

http::Task<core::Answer> EventLogSource::ask(const Question& question) {
  if (of_users_.contains(&question)) {
    http::Task<core::Answer> asking = ask_users(question);
    co_return co_await asking;
  }
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
  const bool is_exact = translated.query.counting != "hyperloglog";
  if (others > 0.0 && is_exact)
    answer.notes.push_back(fmt::format("{} active users are not among the eligible, and are not counted", others));
  co_return answer;
}

std::vector<PlannedRequest> EventLogSource::preview(const Question& question) const {
  if (const EventQuery query = query_of(question.query); is_of_users(query.measure)) {
    const auto files = file::match_files(context_.directory, query.path, context_.within);
    const std::size_t count = files ? files->size() : 0;
    return {
        {"READ", fmt::format("{} ({} file{})", core::printable(query.path), count, count == 1 ? "" : "s"), describe(query)}};
  }
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
