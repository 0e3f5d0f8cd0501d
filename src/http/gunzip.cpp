#include "http/gunzip.h"

#include <zlib.h>

#include <array>
#include <new>

namespace gate::http {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10U;
/// The largest window, and 16 for gzip and nothing else.
constexpr int kGzipWindow = 15 + 16;

}  // namespace

struct Gunzip::Stream {
  Stream() {
    if (inflateInit2(&zlib, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  ~Stream() { inflateEnd(&zlib); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  z_stream zlib{};
  std::array<char, kPiece> piece{};
};

Gunzip::Gunzip() : stream_(std::make_unique<Stream>()) {}
Gunzip::~Gunzip() = default;

Gunzip::State Gunzip::feed(std::string_view bytes, const std::function<bool(std::string_view)>& take) {
  z_stream& zlib = stream_->zlib;
  // zlib reads from it only; its interface is older than const.
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  zlib.avail_in = static_cast<uInt>(bytes.size());
  bool is_full = false;
  while (zlib.avail_in > 0 || is_full) {
    if (state_ == State::ended) {
      if (inflateReset(&zlib) != Z_OK) return state_ = State::broken;
      state_ = State::more;
    }
    zlib.next_out = reinterpret_cast<Bytef*>(stream_->piece.data());
    zlib.avail_out = static_cast<uInt>(kPiece);
    const int code = inflate(&zlib, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    // Z_BUF_ERROR: everything was decoded already, the last piece just happened to be full.
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return state_ = State::broken;
    const std::size_t decoded = kPiece - zlib.avail_out;
    if (decoded > 0 && !take({stream_->piece.data(), decoded})) return state_ = State::stopped;
    if (code == Z_STREAM_END) state_ = State::ended;
    is_full = zlib.avail_out == 0 && code == Z_OK;
  }
  return state_;
}

}  // namespace gate::http
