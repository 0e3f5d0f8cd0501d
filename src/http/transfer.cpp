#include "http/transfer.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <new>

#include "release_gate_version.h"

namespace gate::http {
namespace {

constexpr std::int64_t kSlowestBytesPerSecond = 10;
constexpr core::Duration kLongestConnect{5000};
/// libcurl bounds each line; this bounds how many there are.
constexpr std::size_t kMostHeaderBytes = std::size_t{256} << 10U;

/// Addresses that belong to the machine's own link: cloud metadata services live there. Also as IPv4 mapped into IPv6.
/// 169.254.0.0/16; where Alibaba Cloud and Azure hand out credentials.
bool hands_out_credentials(std::uint32_t address) {
  return (address >> 16U) == 0xA9FEU || address == 0x646464C8U || address == 0xA83F8110U;
}

/// Link-local addresses, and those where clouds hand out credentials; also those of IPv4 inside of IPv6 (mapped, NAT64).
bool hands_out_credentials(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    return hands_out_credentials(ntohl(in.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6) return false;
  sockaddr_in6 in6{};
  std::memcpy(&in6, address, sizeof in6);
  const unsigned char* bytes = in6.sin6_addr.s6_addr;
  const auto begins_with = [&](std::initializer_list<unsigned char> prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes);
  };
  std::uint32_t inner = 0;
  std::memcpy(&inner, bytes + 12, sizeof inner);
  const bool is_nat64 = begins_with({0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0});
  if (is_nat64 || IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr)) return hands_out_credentials(ntohl(inner));
  const bool is_link_local = bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80U;
  return is_link_local || begins_with({0xFD, 0x00, 0x0E, 0xC2}) || begins_with({0xFD, 0x20, 0x00, 0xCE});
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

}  // namespace

Transfer::Transfer(Wire wire) : wire_(std::move(wire)), easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc();
  set_transport();
  set_request();
  set_credentials();
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, header_list_.get());
}

void Transfer::set_transport() {
  const Endpoint& endpoint = wire_.endpoint;
  curl_easy_setopt(easy(), CURLOPT_ERRORBUFFER, error_buffer_);
  curl_easy_setopt(easy(), CURLOPT_NOSIGNAL, 1L);
  // Without it a handle that is given up waits for its hung resolver thread.
  curl_easy_setopt(easy(), CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy(), CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  // Only over TLS can one connection carry many requests; without TLS the wait would delay the second request for nothing.
  curl_easy_setopt(easy(), CURLOPT_PIPEWAIT, wire_.url.scheme == "https" ? 1L : 0L);
  curl_easy_setopt(easy(), CURLOPT_TIMEOUT_MS, static_cast<long>(endpoint.timeout.count()));
  curl_easy_setopt(easy(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(endpoint.timeout, kLongestConnect).count()));
  curl_easy_setopt(easy(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (endpoint.insecure) {
    curl_easy_setopt(easy(), CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy(), CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!endpoint.ca_file.empty()) curl_easy_setopt(easy(), CURLOPT_CAINFO, endpoint.ca_file.c_str());
  if (!endpoint.client_cert.empty()) curl_easy_setopt(easy(), CURLOPT_SSLCERT, endpoint.client_cert.c_str());
  if (!endpoint.client_key.empty()) curl_easy_setopt(easy(), CURLOPT_SSLKEY, endpoint.client_key.c_str());
  if (!endpoint.proxy.empty()) {
    curl_easy_setopt(easy(), CURLOPT_PROXY, endpoint.proxy.c_str());
  } else if (is_loopback(wire_.url)) {
    // A proxy from the environment would take a plaintext credential off this machine.
    curl_easy_setopt(easy(), CURLOPT_PROXY, "");
  }
  if (wire_.addresses == AddressPolicy::no_metadata_direct) curl_easy_setopt(easy(), CURLOPT_PROXY, "");
  if (wire_.addresses != AddressPolicy::any) {
    curl_easy_setopt(easy(), CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
    curl_easy_setopt(easy(), CURLOPT_OPENSOCKETDATA, this);
  }
  curl_easy_setopt(easy(), CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy(), CURLOPT_HTTP_CONTENT_DECODING, 0L);  // Gunzip does it
  curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy(), CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy(), CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy(), CURLOPT_HEADERDATA, this);
}

void Transfer::set_request() {
  curl_easy_setopt(easy(), CURLOPT_URL, wire_.url.text().c_str());
  curl_easy_setopt(easy(), CURLOPT_USERAGENT, (std::string("release-gate/") + core::kVersion).c_str());
  const bool has_body = !wire_.body.empty() || wire_.method == "POST" || wire_.method == "PUT" || wire_.method == "PATCH";
  if (has_body) {
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(wire_.body.size()));
    curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, wire_.body.c_str());
    // libcurl would wait up to a second for "100 Continue" before a long body. It would also sign a header that is only taken
    // away, which no server can verify.
    const bool is_signed = !wire_.endpoint.aws_sigv4.empty();
    if (!is_signed) add_header("Expect:");
    curl_easy_setopt(easy(), CURLOPT_EXPECT_100_TIMEOUT_MS, 1L);
    if (!wire_.content_type.empty()) {
      add_header("Content-Type: " + wire_.content_type);
    } else if (!is_signed) {
      add_header("Content-Type:");
    }
  }
  if (wire_.method == "HEAD") {
    curl_easy_setopt(easy(), CURLOPT_NOBODY, 1L);
  } else if (wire_.method != (has_body ? "POST" : "GET")) {
    curl_easy_setopt(easy(), CURLOPT_CUSTOMREQUEST, wire_.method.c_str());
  }
  for (const auto& [name, value] : wire_.headers) {
    std::string line = name;
    line.append(": ").append(value);
    add_header(line);
  }
}

void Transfer::set_credentials() {
  const Endpoint& endpoint = wire_.endpoint;
  for (const auto& [name, value] : endpoint.headers) add_header(name + ": " + std::string(value.reveal()));
  if (!endpoint.bearer.empty()) add_header("Authorization: Bearer " + std::string(endpoint.bearer.reveal()));
  if (!endpoint.user.empty()) {
    curl_easy_setopt(easy(), CURLOPT_USERNAME, endpoint.user.c_str());
    curl_easy_setopt(easy(), CURLOPT_PASSWORD, std::string(endpoint.password.reveal()).c_str());
    curl_easy_setopt(easy(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  }
  if (!endpoint.aws_sigv4.empty()) curl_easy_setopt(easy(), CURLOPT_AWS_SIGV4, endpoint.aws_sigv4.c_str());
}

void Transfer::add_header(const std::string& line) {
  curl_slist* list = curl_slist_append(header_list_.get(), line.c_str());
  if (list == nullptr) throw std::bad_alloc();
  if (!header_list_) header_list_.reset(list);
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  // No exception may pass through libcurl's frames.
  auto* transfer = static_cast<Transfer*>(self);
  try {
    return transfer->take_body({data, size * count}) ? size * count : 0;
  } catch (const std::bad_alloc&) {
    transfer->arrival_.out_of_memory = true;
    return 0;
  }
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  try {
    return transfer->take_header({data, size * count}) ? size * count : 0;
  } catch (const std::bad_alloc&) {
    transfer->arrival_.out_of_memory = true;
    return 0;
  }
}

curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  if (hands_out_credentials(&address->addr)) {
    static_cast<Transfer*>(self)->arrival_.address_refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool Transfer::take_body(std::string_view bytes) {
  received_bytes_ += static_cast<std::int64_t>(bytes.size());
  const auto found = arrival_.headers.find("content-encoding");
  const std::string encoding = found == arrival_.headers.end() ? "" : lower(found->second);
  if (encoding.empty() || encoding == "identity") return take_decoded(bytes);
  if (encoding != "gzip" && encoding != "x-gzip") {
    undecodable_ = "it is encoded as " + encoding;
    return false;
  }
  if (!gunzip_) gunzip_.emplace();
  const auto state = gunzip_->feed(bytes, [this](std::string_view piece) { return take_decoded(piece); });
  if (state == Gunzip::State::broken) undecodable_ = "it is said to be gzip and is not, or was damaged";
  return state != Gunzip::State::broken && state != Gunzip::State::stopped;
}

bool Transfer::take_decoded(std::string_view bytes) {
  std::string& body = arrival_.body;
  const auto cap = static_cast<std::size_t>(std::max<std::int64_t>(wire_.endpoint.max_response_bytes, 0));
  if (bytes.size() > cap - std::min(cap, body.size())) {
    arrival_.too_large = true;
    return false;
  }
  if (body.empty()) {
    // The announced length is that of the compressed bytes, if it is true at all: a hint, never more than the cap.
    curl_off_t announced = -1;
    curl_easy_getinfo(easy(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    body.reserve(std::min(static_cast<std::size_t>(std::max<curl_off_t>(announced, 0)), cap) + kBodyPadding);
  }
  body.append(bytes);
  return true;
}

bool Transfer::take_header(std::string_view line) {
  if (received_bytes_ == 0) window_start_ = Clock::now();
  received_bytes_ += static_cast<std::int64_t>(line.size());
  header_bytes_ += line.size();
  if (header_bytes_ > kMostHeaderBytes) {
    arrival_.headers_too_large = true;
    return false;
  }
  if (line.starts_with("HTTP/")) {
    // A further status line follows an interim answer or a proxy's: the headers before it were not the answer's.
    arrival_.headers.clear();
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  std::string& value = arrival_.headers[lower(trim(line.substr(0, colon)))];
  if (!value.empty()) value += ", ";
  value += trim(line.substr(colon + 1));
  return true;
}

bool Transfer::stalled(Clock::time_point now) {
  if (received_bytes_ == 0) return false;
  const auto window = std::clamp(wire_.endpoint.timeout / 2, core::Duration(1000), core::Duration(30000));
  if (now - window_start_ < window) return false;
  const std::int64_t arrived = received_bytes_ - window_bytes_;
  window_start_ = now;
  window_bytes_ = received_bytes_;
  return arrived * 1000 < kSlowestBytesPerSecond * window.count();
}

void Transfer::finish(CURLcode code) {
  arrival_.code = code;
  if (code == CURLE_OK && gunzip_ && gunzip_->state() == Gunzip::State::more) undecodable_ = "its gzip stream has no end";
  arrival_.detail = error_buffer_[0] != '\0' ? error_buffer_ : curl_easy_strerror(code);
  if (!undecodable_.empty()) {
    arrival_.code = CURLE_BAD_CONTENT_ENCODING;
    arrival_.detail = undecodable_;
  }
  long status = 0;
  curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
  arrival_.status = static_cast<int>(status);
  curl_easy_getinfo(easy(), CURLINFO_OS_ERRNO, &arrival_.system_errno);
  curl_easy_getinfo(easy(), CURLINFO_SSL_VERIFYRESULT, &arrival_.verify_result);
  curl_easy_getinfo(easy(), CURLINFO_HTTP_CONNECTCODE, &arrival_.proxy_status);
  curl_off_t pretransfer_us = 0;
  curl_easy_getinfo(easy(), CURLINFO_PRETRANSFER_TIME_T, &pretransfer_us);
  arrival_.connected = pretransfer_us > 0;
  // Whoever parses the body may read a little past its end.
  arrival_.body.reserve(arrival_.body.size() + kBodyPadding);
}

}  // namespace gate::http
