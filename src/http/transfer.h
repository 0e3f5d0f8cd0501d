// Transfer: one HTTP exchange as a curl easy handle, with what came back. Not for retries, redirects or queues.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/client.h"
#include "http/gunzip.h"
#include "http/retry.h"
#include "http/url.h"

namespace gate::http {

/// What goes over the wire. The referenced endpoint must outlive the transfer.
struct Wire {
  const Endpoint& endpoint;
  Url url;
  std::string method;
  std::string body;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  AddressPolicy addresses = AddressPolicy::any;
};

/// What came back, or how it failed. `status` is 0 when no status line came.
struct Arrival {
  CURLcode code = CURLE_OK;
  int status = 0;
  Headers headers;
  std::string body;
  std::string detail;      ///< libcurl's own words
  long system_errno = 0;   ///< of the failed connect
  long verify_result = 0;  ///< OpenSSL's X509_V_ERR_…
  long proxy_status = 0;   ///< of a proxy that was asked for a tunnel
  bool too_large = false;
  bool headers_too_large = false;
  bool out_of_memory = false;
  bool stalled = false;
  bool connected = false;  ///< the connection was ready for the request: TLS was done
  bool address_refused = false;
};

class Transfer {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Transfer(Wire wire);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  /// Called once by the loop when curl is done with it, after the handle left the multi handle.
  void finish(CURLcode code);
  /// True when the server began to answer and then sent less than 10 bytes a second for half the attempt's timeout. Before the
  /// first byte a server may think as long as the timeout allows.
  [[nodiscard]] bool stalled(Clock::time_point now);
  void mark_stalled() { arrival_.stalled = true; }
  [[nodiscard]] Arrival& arrival() { return arrival_; }

 private:
  struct EasyCleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct ListCleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  void set_transport();
  void set_request();
  void set_credentials();
  void add_header(const std::string& line);
  bool take_body(std::string_view bytes);
  bool take_decoded(std::string_view bytes);
  bool take_header(std::string_view line);

  Wire wire_;
  std::unique_ptr<curl_slist, ListCleanup> header_list_;
  std::unique_ptr<CURL, EasyCleanup> easy_;  // dies before what it points to
  char error_buffer_[CURL_ERROR_SIZE] = {};
  Arrival arrival_;
  std::optional<Gunzip> gunzip_;
  std::string undecodable_;  ///< why, when the body cannot be decoded
  std::size_t header_bytes_ = 0;
  std::int64_t received_bytes_ = 0;
  std::int64_t window_bytes_ = 0;
  Clock::time_point window_start_{};
};

}  // namespace gate::http
