// Client: every request of the program, over one curl multi handle on one thread. Not for what is in the bodies: that is
// sources'.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/samples.h"
#include "core/secret.h"
#include "core/time.h"
#include "http/redactor.h"
#include "http/tape.h"
#include "http/task.h"

namespace gate::http {

/// How many bytes may be read (not used) after the end of Response::body: parsers that read in wide steps need them.
inline constexpr std::size_t kBodyPadding = 64;

/// Which addresses may be connected to, checked after the name was resolved.
enum class AddressPolicy {
  any,
  no_metadata,  ///< link-local addresses and those where clouds hand out credentials are refused: for untrusted gate files
  no_metadata_direct  ///< likewise, and no proxy of the environment is used, which would resolve names on its own
};

/// Whether an earlier answer of this run may be given again for an identical idempotent request.
enum class Reuse {
  within_run,
  never  ///< for questions whose answer changes, such as the state of a job
};

/// Whether an answer may lie on tape.
enum class Taping {
  normal,
  never  ///< for answers that are credentials; a replay needs none, so whoever asks for them does not ask then
};

/// One configured server: where it is, what proves who we are, and what it may cost. Credentials are sent to this origin only.
struct Endpoint {
  std::string name;  ///< the source's name in the gate file: for messages
  std::string url;   ///< "http://localhost:9090/prefix"; paths of requests are appended
  core::Secret bearer;
  std::string user;  ///< basic authentication when not empty
  core::Secret password;
  /// A value with a name (where it came from) is a credential; one without stood in the gate file and is none.
  std::vector<std::pair<std::string, core::Secret>> headers;
  std::string aws_sigv4;  ///< CURLOPT_AWS_SIGV4 ("aws:amz:eu-west-1:aps"), with user and password as keys
  std::string ca_file;
  std::string client_cert;
  std::string client_key;
  std::string proxy;
  bool insecure = false;
  bool allow_plaintext = false;
  core::Duration timeout{10000};  ///< of one attempt
  int retries = 3;
  int concurrency = 16;
  std::int64_t max_response_bytes = std::int64_t{64} << 20;
  std::string url_reference;         ///< "env PROMETHEUS_URL" or "default of env …" when the URL came from there: for hints
  std::string credential_reference;  ///< "env PROMETHEUS_TOKEN": named when the server refuses us
  std::string unset_credential;      ///< the same, when nothing was found there
};

/// One question. Parameters are sent in the URL for GET and as a form body for POST unless `body` is given.
struct Request {
  std::shared_ptr<const Endpoint> endpoint;
  std::string method = "GET";
  std::string path;  ///< "/api/v1/query", appended to the endpoint's URL
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string body;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;  ///< no secrets here
  bool idempotent = true;                                    ///< may be sent again, and shared with an identical one under way
  Reuse reuse = Reuse::within_run;
  Taping taping = Taping::normal;
};

struct Response {
  int status = 0;
  /// Decompressed, at most max_response_bytes, secrets that we know replaced by "***"; kBodyPadding bytes more are reserved.
  std::string body;
  std::map<std::string, std::string> headers;  ///< names in lower case, redacted as well
  core::RequestLog log;                        ///< as it is shown in a report: redacted
};

struct Options {
  core::Duration deadline{120000};  ///< of everything, from the construction of the client
  std::uint64_t jitter_seed = 0;    ///< 0: from the system's randomness
  Tape* tape = nullptr;             ///< records to it, or replays from it without any socket; must outlive the client
  AddressPolicy addresses = AddressPolicy::any;
  std::vector<std::string> origins;  ///< RG1055 for requests to others ("https://prom.example.com:443"); empty allows all
  std::function<void(std::size_t done, std::size_t total, const std::string& slowest)>
      progress;  ///< called at most 10 times a second
};

class Client {
 public:
  explicit Client(Options options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends `request` and waits for its answer, with retries, redirects within the origin, the size cap and the deadline. Any
  /// HTTP status is an answer; what the transport could not do is thrown as core::SourceError (RG10xx), redacted.
  Task<Response> send(Request request);

  /// Waits without blocking other tasks; ends early (core::SourceError RG1002) when the deadline comes first. Under replay it
  /// returns at once.
  Task<void> sleep(core::Duration duration);

  /// Runs all tasks to their end, concurrently; exceptions of a task are the task's own business and must not leave it.
  void run(std::vector<Task<void>> tasks);

  /// Ends all requests under way with RG1003 ("interrupted"); safe to call from a signal handler (it only sets a flag and
  /// writes to a pipe).
  void interrupt() noexcept;

  [[nodiscard]] core::Duration time_left() const;
  /// By the names of the sources that were asked: the largest difference (by amount) seen so far between the Date header of
  /// their origin and our clock, positive when the server's is ahead; exact to a second. Sources whose answers had no Date are
  /// not in it. Under replay: what was recorded.
  [[nodiscard]] std::map<std::string, core::Duration> clock_skews() const;
  /// Knows every credential of every endpoint that was used: all texts from servers go through it before they are shown.
  [[nodiscard]] const Redactor& redactor() const;
  /// Adds a secret that must never be shown even if no request has used it yet.
  void protect(const core::Secret& secret);
  [[nodiscard]] Tape* tape() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What to say about an answer that is not 2xx: RG11xx, with the status, a hint that names the credential's variable or the
/// permission for 401 and 403 (RG1102 when that variable is not set), and at most 200 bytes of a plain-text or JSON body, never
/// HTML.
core::Error status_error(const Request& request, const Response& response, const Redactor& redactor);

/// True when `body` looks like an HTML page (a login page or a proxy's error at status 200).
bool is_html(const Response& response);

}  // namespace gate::http
