// Saved answers of the Prometheus HTTP API (/api/v1/query and /api/v1/query_range), as rows.
#include <fmt/format.h>

#include <utility>

#include "core/text.h"
#include "core/time.h"
#include "sources/file/formats.h"
#include "sources/prometheus/decode.h"

namespace gate::sources::file {
namespace {

class SavedAnswerReader final : public DocumentReader {
 public:
  explicit SavedAnswerReader(const ReadRequest& request)
      : DocumentReader(request), row_(request.columns), sink_(request.sink) {}

 protected:
  core::Result<bool> take(std::string_view text) override {
    const auto decoded = prometheus::decode(std::string(text));
    if (!decoded.ok()) {
      core::Error error = decoded.error();
      error.message = fmt::format("{}: {}", core::printable(path()), error.message);
      error.hint = "format = \"prometheus-api\" is what /api/v1/query or /api/v1/query_range answered";
      return error;
    }
    if (decoded->refusal) {
      return wrong_form(path(),
                        fmt::format("the saved answer is an error of the server: {}",
                                    core::shorten(core::printable(decoded->refusal->message), 200)),
                        "save an answer with data");
    }
    for (const core::Series& series : decoded->series) give(series);
    return false;
  }

 private:
  void give(const core::Series& series) {
    std::map<std::string, std::string> fields = series.labels;
    for (std::size_t i = 0; i < series.times.size(); ++i) {
      fields["time"] = core::format_unix_seconds(series.times[i]);
      fields["value"] = fmt::format("{}", series.values[i]);
      sink_.row(row_.cells(fields), ++number_);
    }
  }

  RowBuilder row_;
  Sink& sink_;
  std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<RecordReader> open_saved_answer(const ReadRequest& request) {
  return std::make_unique<SavedAnswerReader>(request);
}

}  // namespace gate::sources::file
