#include "sources/report_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/text.h"
#include "http/digest.h"
#include "sources/file/block_reader.h"

namespace gate::sources {
namespace {

class TableSink final : public file::Sink {
 public:
  TableSink(const std::string& path, const TableReading& reading) : path_(path), reading_(reading) {
    place_ = [this] {
      const bool counts_rows = reading_.options.format == file::Format::json;
      return fmt::format("{}{}{}", core::printable(path_), counts_rows ? ", row " : ":", number_);
    };
  }

  void header(std::span<const std::string> columns) override {
    for (std::size_t i = 0; i < reading_.required; ++i) {
      const std::string& wanted = reading_.columns[i];
      if (std::find(columns.begin(), columns.end(), wanted) != columns.end()) continue;
      throw_wrong_form(core::printable(path_), fmt::format("it has no column `{}`", core::printable(wanted)), reading_.hint);
    }
  }

  void row(std::span<const file::Cell> cells, std::uint64_t number) override {
    number_ = number;
    reading_.take(cells, place_);
  }

  void bad(std::uint64_t number, std::string_view why) override {
    number_ = number;
    throw_wrong_content(place_(), why, "was the tool stopped while it wrote? A row that is cut off cannot be judged");
  }

 private:
  const std::string& path_;
  const TableReading& reading_;
  std::uint64_t number_ = 0;
  std::function<std::string()> place_;
};

}  // namespace

void read_table(WorkspaceFile& file, const TableReading& reading) {
  const auto start = std::chrono::steady_clock::now();
  http::Digest digest;
  TableSink sink(file.path, reading);
  const auto reader = file::open_records({file.path, reading.options, reading.columns, sink, &digest});
  for (bool more = true; more;) {
    const auto step = reader->step();
    if (!step) throw core::SourceError(step.error());
    more = *step;
  }
  file.sha256 = digest.hex();
  file.bytes = reader->bytes();
  file.milliseconds += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

std::string first_line(const WorkspaceFile& file) {
  constexpr std::size_t kMost = std::size_t{64} << 10;
  file::BlockReader reader(file.path, nullptr);
  reader.more();
  if (reader.error()) throw core::SourceError(*reader.error());
  std::string_view text = reader.rest();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.empty())
    throw_wrong_form(core::printable(file.path), "it is empty", "was the tool stopped before it wrote anything?");
  text = text.substr(0, std::min(text.find('\n'), kMost));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace gate::sources
