// Digest: SHA-256 (FIPS 180-4), of a text at once or of a file while it is read, and HMAC with it (RFC 2104).
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace gate::http {

/// SHA-256 of `bytes` in lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);
/// HMAC-SHA256 of `bytes` under `key`, which may have any length: 32 bytes, not text.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

class Digest {
 public:
  Digest();
  /// More of the bytes, in their order.
  void update(std::string_view bytes);
  /// Of everything so far, in lower-case hexadecimal; call it once.
  [[nodiscard]] std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };

  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace gate::http
