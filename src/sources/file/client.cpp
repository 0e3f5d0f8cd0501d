#include "sources/file/client.h"

#include <fmt/format.h>

#include <utility>

#include "core/text.h"
#include "sources/file/tape_text.h"

namespace gate::sources::file {
namespace {

/// Checked when the gate file was read, so that there is nothing left to report.
FileQuery query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

bool is_replay(const SourceContext& context) {
  return context.tape != nullptr && context.tape->mode() == http::TapeMode::replay;
}

bool is_recording(const SourceContext& context) {
  return context.tape != nullptr && context.tape->mode() == http::TapeMode::record;
}

std::string value_column(const Question& question, const FileQuery& query) {
  if (question.shape == Shape::slices || question.shape == Shape::clusters) return "";
  return query.value.value_or("value");
}

}  // namespace

FileSource::FileSource(std::string id, FileOptions options, SourceContext context)
    : id_(std::move(id)), options_(std::move(options)), context_(std::move(context)) {
  options_.within = context_.within;
}

void FileSource::prepare(std::span<const Question* const> questions) {
  if (is_replay(context_)) return;
  for (const Question* question : questions) {
    FileQuery query = query_of(*question);
    auto& pass = passes_[query.path];
    if (!pass) {
      pass =
          std::make_unique<Pass>(context_.directory, query.path, options_, is_recording(context_) ? Digests::yes : Digests::no);
    }
    std::optional<IdsFrom> ids = ids_from(query);
    places_[question] = {pass.get(), pass->add(*question, std::move(query), std::move(ids))};
  }
}

std::optional<IdsFrom> FileSource::ids_from(const FileQuery& query) const {
  if (!query.in || !context_.settings_of) return std::nullopt;
  const core::Settings* settings = context_.settings_of(query.in->source);
  if (settings == nullptr) return std::nullopt;
  core::Diagnostics known;
  FileOptions options = read_options(*settings, known);
  options.within = context_.within;
  return IdsFrom{settings->text("path").value_or(""), std::move(options)};
}

http::Task<core::Answer> FileSource::ask(const Question& question) {
  if (is_replay(context_)) {
    auto kept = context_.tape->get(encode_question(id_, question, query_of(question)));
    if (!kept) throw core::SourceError(kept.error());
    auto answer = decode_answer(*kept);
    if (!answer) throw core::SourceError(answer.error());
    co_return std::move(answer).value();
  }
  const Place place = places_.at(&question);
  while (place.pass->step()) {
    http::Task<void> others = context_.client->sleep(core::Duration(0));
    co_await others;
  }
  core::Result<core::Answer> answer = place.pass->take(place.number);
  record(question, answer, *place.pass);
  if (!answer) throw core::SourceError(answer.error());
  co_return std::move(answer).value();
}

void FileSource::record(const Question& question, const core::Result<core::Answer>& answer, const Pass& pass) const {
  if (!is_recording(context_)) return;
  auto kept = context_.tape->put(encode_question(id_, question, query_of(question)), encode_answer(answer, pass.files()));
  if (!kept) throw core::SourceError(kept.error());
}

std::vector<PlannedRequest> FileSource::preview(const Question& question) const {
  const FileQuery query = query_of(question);
  const auto files = match_files(context_.directory, query.path, options_.within);
  const std::size_t count = files ? files->size() : 0;
  std::string text = describe(query, value_column(question, query));
  if (!question.each.empty()) text += fmt::format(", each {}", core::printable(question.each));
  return {{"READ", fmt::format("{} ({} file{})", core::printable(query.path), count, count == 1 ? "" : "s"), std::move(text)}};
}

}  // namespace gate::sources::file
