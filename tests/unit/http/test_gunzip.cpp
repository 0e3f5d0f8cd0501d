#include <catch2/catch.hpp>
#include <string>

#include "http/base64.h"
#include "http/gunzip.h"

using gate::http::base64_decode;
using gate::http::Gunzip;
using State = gate::http::Gunzip::State;

namespace {

// python3 -c 'import base64, gzip; print(base64.b64encode(gzip.compress(b"hello, hello, hello", mtime=0)).decode())'
const std::string kHello = *base64_decode("H4sIAAAAAAACA8tIzcnJ11HIQKIAn6HKCRMAAAA=");
// The same of b"x" * 1000000.
const std::string kMillion = *base64_decode(
    "H4sIAAAAAAACA+3BAQEAAACCoNvOb0hAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAArwbCW3RjQEIPAA==");

struct Decoded {
  State state = State::more;
  std::string text;
};

/// Fed in pieces of `piece` bytes; stopped once more than `most` are there.
Decoded decoded(std::string_view bytes, std::size_t piece, std::size_t most = 10000000) {
  Gunzip gunzip;
  Decoded out;
  for (std::size_t at = 0; at < bytes.size() && out.state != State::broken && out.state != State::stopped; at += piece) {
    out.state = gunzip.feed(bytes.substr(at, piece), [&](std::string_view more) {
      out.text += more;
      return out.text.size() <= most;
    });
  }
  CHECK(gunzip.state() == out.state);
  return out;
}

std::string damaged(std::string bytes, std::size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  return bytes;
}

}  // namespace

TEST_CASE("a gzip stream is decoded, however it is cut up") {
  for (const std::size_t piece : {1U, 2U, 7U, 1000000U}) {
    INFO(piece);
    const Decoded hello = decoded(kHello, piece);
    CHECK(hello.state == State::ended);
    CHECK(hello.text == "hello, hello, hello");
    const Decoded million = decoded(kMillion, piece);
    CHECK(million.state == State::ended);
    CHECK(million.text == std::string(1000000, 'x'));
    // Members follow each other: RFC 1952 section 2.2.
    CHECK(decoded(kHello + kHello, piece).text == "hello, hello, hellohello, hello, hello");
  }
}

TEST_CASE("what is cut, damaged or no gzip is never taken for whole") {
  for (std::size_t length = 0; length < kHello.size(); ++length) {
    INFO(length);
    CHECK(decoded(std::string_view(kHello).substr(0, length), 1000).state == State::more);
  }
  // Magic, method, data, checksum and length; the rest of the header means nothing to us.
  for (const std::size_t at : {std::size_t{0}, std::size_t{2}, std::size_t{12}, kHello.size() - 8, kHello.size() - 1}) {
    INFO(at);
    CHECK(decoded(damaged(kHello, at), 1000).state == State::broken);
  }
  CHECK(decoded("{\"no\":\"gzip\"}", 1000).state == State::broken);
  CHECK(decoded(kHello + "more", 1000).state == State::broken);
}

TEST_CASE("a bomb is stopped where its reader has enough") {
  const Decoded bomb = decoded(kMillion, 1000000, 100000);
  CHECK(bomb.state == State::stopped);
  CHECK(bomb.text.size() <= 100000 + (64U << 10U));
}
