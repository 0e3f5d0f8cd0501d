#include "sources/file/block_reader.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "core/text.h"

namespace gate::sources::file {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

core::Error unreadable(const std::string& path, std::string_view why) {
  return {
      "RG1401", fmt::format("cannot read {}: {}", core::printable(path), why), "check the path and its permissions", {}, {}};
}

}  // namespace

BlockReader::BlockReader(const std::string& path, http::Digest* digest) : path_(path), digest_(digest) {
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (problem) {
    error_ = unreadable(path, problem.message());
  } else if (!std::filesystem::is_regular_file(status)) {
    error_ = unreadable(path, "it is no regular file");
  } else {
    file_.reset(std::fopen(path.c_str(), "rbe"));
    if (!file_) error_ = unreadable(path, std::generic_category().message(errno));
  }
  at_end_ = error_.has_value();
}

bool BlockReader::more() {
  if (at_end_) return false;
  if (start_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
    end_ -= start_;
    start_ = 0;
  }
  if (buffer_.size() < end_ + kBlock + kReadPadding) buffer_.resize(end_ + kBlock + kReadPadding);
  const std::size_t got = std::fread(buffer_.data() + end_, 1, kBlock, file_.get());
  if (digest_ != nullptr) digest_->update({buffer_.data() + end_, got});
  end_ += got;
  bytes_ += got;
  if (got < kBlock) {
    at_end_ = true;
    if (std::ferror(file_.get()) != 0) error_ = unreadable(path_, "reading it failed part way");
  }
  return got > 0;
}

}  // namespace gate::sources::file
