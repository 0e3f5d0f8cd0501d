// Gunzip: a gzip body (RFC 1952) as it arrives. libcurl's own decoder is content with a stream that lacks its end, and then
// nobody has looked at the checksum.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace gate::http {

class Gunzip {
 public:
  enum class State {
    more,     ///< the stream goes on
    ended,    ///< it is whole and its checksum is right; a further member may follow
    broken,   ///< it is no gzip, or it was damaged
    stopped,  ///< `take` had enough
  };

  Gunzip();
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  /// Decodes what `bytes` add and hands it to `take` in pieces of at most 64 KiB, until that returns false. Nothing may be fed
  /// after `broken` or `stopped`.
  State feed(std::string_view bytes, const std::function<bool(std::string_view)>& take);
  [[nodiscard]] State state() const { return state_; }

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
  State state_ = State::more;
};

}  // namespace gate::http
