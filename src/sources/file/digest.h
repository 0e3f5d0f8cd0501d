// Digest: the SHA-256 of a file while it is read. Not for short texts: http::sha256_hex does those.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace gate::sources::file {

class Digest {
 public:
  Digest();
  /// More of the file, in its order.
  void update(std::string_view bytes);
  /// Of everything so far, in lower-case hexadecimal; call it once.
  [[nodiscard]] std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };

  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace gate::sources::file
