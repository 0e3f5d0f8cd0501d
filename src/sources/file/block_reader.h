// BlockReader: a file in blocks, with whatever a row needs kept together. Not for formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "http/digest.h"

namespace gate::sources::file {

/// Bytes that may be read after the end of rest(): parsers that read in wide steps need them.
inline constexpr std::size_t kReadPadding = 64;

class BlockReader {
 public:
  /// `error()` says whether the file could be opened (RG1401): directories, FIFOs and devices cannot. `digest`, when there is
  /// one, is fed every byte and outlives the reader.
  BlockReader(const std::string& path, http::Digest* digest);

  [[nodiscard]] const std::optional<core::Error>& error() const { return error_; }
  /// What was read and not consumed yet.
  [[nodiscard]] std::string_view rest() const { return {buffer_.data() + start_, end_ - start_}; }
  [[nodiscard]] bool at_end() const { return at_end_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  void consume(std::size_t bytes) { start_ += bytes; }
  /// Reads one more block behind rest(); false when there was nothing more. Views of rest() are invalid afterwards.
  bool more();

 private:
  struct Close {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }
  };

  std::unique_ptr<std::FILE, Close> file_;
  std::string buffer_;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
  std::uint64_t bytes_ = 0;
  bool at_end_ = false;
  std::string path_;
  http::Digest* digest_;
  std::optional<core::Error> error_;
};

}  // namespace gate::sources::file
