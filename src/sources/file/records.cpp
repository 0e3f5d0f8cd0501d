#include "sources/file/records.h"

#include <fmt/format.h>

#include "core/text.h"
#include "sources/file/formats.h"

namespace gate::sources::file {

std::unique_ptr<RecordReader> open_records(const ReadRequest& request) {
  switch (request.options.format) {
    case Format::csv:
      return open_csv(request);
    case Format::jsonl:
      return open_json_lines(request);
    case Format::json:
      return open_json(request);
    case Format::openmetrics:
      return open_exposition(request, TimestampUnit::seconds);
    case Format::prometheus_text:
      return open_exposition(request, TimestampUnit::milliseconds);
    case Format::prometheus_api:
      return open_saved_answer(request);
  }
  return nullptr;
}

core::Error wrong_form(const std::string& path, std::string_view why, std::string hint) {
  return {"RG1406", fmt::format("{}: {}", core::printable(path), why), std::move(hint), {}, {}};
}

core::Error row_too_long(const std::string& path, std::uint64_t line) {
  return {"RG1407",
          fmt::format("{}:{}: a row is longer than {} MiB", core::printable(path), line, kMostRowBytes >> 20U),
          "is this a text file of the declared format, with its quotes closed?",
          {},
          {}};
}

LineReader::LineReader(const ReadRequest& request) : reader_(request.path, request.digest), path_(request.path) {}

core::Result<bool> LineReader::step() {
  reader_.more();
  if (reader_.error()) return *reader_.error();
  while (true) {
    const std::string_view text = reader_.rest();
    const std::size_t end = text.find('\n');
    const bool unfinished = end == std::string_view::npos;
    if (unfinished && !reader_.at_end()) {
      if (text.size() > kMostRowBytes) return row_too_long(path_, number_);
      return true;
    }
    if (text.empty()) return finish();
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    take(line, text.size() + kReadPadding, number_);
    reader_.consume(unfinished ? text.size() : end + 1);
    ++number_;
  }
}

DocumentReader::DocumentReader(const ReadRequest& request) : reader_(request.path, request.digest), path_(request.path) {}

core::Result<bool> DocumentReader::step() {
  const bool more = reader_.more();
  if (reader_.error()) return *reader_.error();
  if (reader_.bytes() > kMostDocumentBytes) {
    return core::Error{"RG1407",
                       fmt::format("{}: the document is larger than {} MiB", core::printable(path_), kMostDocumentBytes >> 20U),
                       "write it as JSON Lines, which is read row by row",
                       {},
                       {}};
  }
  if (more && !reader_.at_end()) return true;
  return take(reader_.rest());
}

const std::vector<Cell>& RowBuilder::cells(const std::map<std::string, std::string>& fields) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto found = fields.find(columns_[i]);
    cells_[i] = found == fields.end() ? Cell{} : Cell{found->second, true};
  }
  return cells_;
}

}  // namespace gate::sources::file
