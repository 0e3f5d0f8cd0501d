#include "http/errors.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "core/text.h"
#include "http/job.h"

namespace gate::http {
namespace {

// OpenSSL's verification results (x509_vfy.h), spelt out so that no header of OpenSSL is needed.
constexpr long kNotYetValid = 9;
constexpr long kExpired = 10;
constexpr long kSelfSigned = 18;
constexpr long kSelfSignedInChain = 19;
constexpr long kNoLocalIssuer = 20;
constexpr long kLeafUnverified = 21;

struct Text {
  const char* code;
  std::string message;
  std::string hint;
  Failure failure;
};

/// Says where the URL came from: the usual cause of a dead address is a variable that is not set.
std::string url_hint(const Asked& asked) {
  constexpr std::string_view kDefault = "default of env ";
  constexpr std::string_view kEnvironment = "env ";
  const std::string& reference = asked.endpoint.url_reference;
  if (reference.empty()) return "check `url` and whether the server is up";
  if (reference.starts_with(kDefault)) {
    return fmt::format("is {} set? the URL came from its default", reference.substr(kDefault.size()));
  }
  if (reference.starts_with(kEnvironment)) {
    return fmt::format("is {} right? the URL came from it", reference.substr(kEnvironment.size()));
  }
  return "the URL came from " + reference;
}

std::string system_words(long error) {
  std::string words = std::system_category().message(static_cast<int>(error));
  if (!words.empty() && words[0] >= 'A' && words[0] <= 'Z') words[0] = static_cast<char>(words[0] - 'A' + 'a');
  return words;
}

/// libcurl says whom it tried: "Failed to connect to HOST port N …". Anybody but the server is a proxy.
bool failed_at_proxy(const Asked& asked, const std::string& detail) {
  if (!detail.starts_with("Failed to connect to ")) return false;
  std::string host = asked.url.host;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return !detail.starts_with(fmt::format("Failed to connect to {} port {} ", host, asked.url.port));
}

Text proxy_text(const std::string& why, Failure failure) {
  return {"RG1007", "the proxy cannot be used: " + why, "check `proxy`, or HTTPS_PROXY and NO_PROXY", failure};
}

Text connect_text(const Asked& asked, const Arrival& arrival, const std::string& detail) {
  if (arrival.address_refused) {
    return {"RG1053", fmt::format("{} leads to a link-local or metadata address", asked.url.host),
            "an untrusted gate file may not ask there; if the address is meant, run the file as trusted", Failure::permanent};
  }
  const std::string why = arrival.system_errno != 0 ? system_words(arrival.system_errno) : "no address answered";
  if (failed_at_proxy(asked, detail)) return proxy_text(fmt::format("{} ({})", why, detail), Failure::connect);
  return {"RG1004", fmt::format("could not connect to {}: {}", asked.url.host_and_port(), why), url_hint(asked),
          Failure::connect};
}

Text timeout_text(const Asked& asked, const Arrival& arrival) {
  const std::string limit = core::format_duration(asked.endpoint.timeout);
  if (arrival.stalled) {
    return {"RG1005", fmt::format("{} began to answer and then stalled", asked.url.host_and_port()),
            "the server or the network between is overloaded: ask for less (a shorter window, a larger step)",
            Failure::transfer};
  }
  if (!arrival.connected) {
    const std::string tls = asked.url.scheme == "https" ? ", and so does a port where nobody speaks TLS" : "";
    return {"RG1001", fmt::format("no connection to {} in time", asked.url.host_and_port()),
            url_hint(asked) + "; a firewall that drops packets looks like this" + tls, Failure::connect};
  }
  return {"RG1001", fmt::format("no complete answer from {} within {}", asked.url.host_and_port(), limit),
          "raise the source's `timeout`, or ask for less (a shorter window, a larger step)", Failure::transfer};
}

Text certificate_text(const Asked& asked, const Arrival& arrival, const std::string& detail) {
  const std::string host = asked.url.host_and_port();
  const std::string trust = "give the authority's certificate as `ca_file`";
  // libcurl looks at the name itself, after OpenSSL was content.
  if (arrival.verify_result == 0 || detail.find("subject name") != std::string::npos) {
    return {"RG1012", fmt::format("the certificate of {} is for another host", host),
            "use the name in the certificate as `url`, or renew it for this name", Failure::permanent};
  }
  switch (arrival.verify_result) {
    case kExpired:
      return {"RG1010", "the certificate of " + host + " has expired", "renew it", Failure::permanent};
    case kNotYetValid:
      return {"RG1010", "the certificate of " + host + " is not valid yet", "check the clocks on both sides",
              Failure::permanent};
    case kSelfSigned:
    case kSelfSignedInChain:
      return {"RG1011", "the certificate of " + host + " is self-signed", trust, Failure::permanent};
    case kNoLocalIssuer:
    case kLeafUnverified:
      return {"RG1011", "the certificate of " + host + " comes from an authority that is not trusted here", trust,
              Failure::permanent};
    default:
      return {"RG1013", fmt::format("the certificate of {} is refused: {}", host, detail), trust, Failure::permanent};
  }
}

Text other_text(const Asked& asked, const Arrival& arrival, const std::string& detail) {
  const std::string host = asked.url.host_and_port();
  const bool is_chunk_garbage = detail.find("chunk") != std::string::npos && detail.find("encoding") != std::string::npos;
  const bool is_decoding = detail.find("decoding") != std::string::npos || detail.find("inflat") != std::string::npos;
  if (is_chunk_garbage || is_decoding || arrival.code == CURLE_BAD_CONTENT_ENCODING) {
    return {"RG1022", fmt::format("the answer of {} cannot be decoded: {}", host, detail),
            "a proxy between breaks the answer, or the server does: ask it with curl --compressed", Failure::transfer};
  }
  switch (arrival.code) {
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2_STREAM:
    case CURLE_HTTP2:
      return {"RG1021", fmt::format("the answer of {} was cut off: {}", host, detail),
              "the server, or a proxy between, gave up: its log says why", Failure::transfer};
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      if (arrival.status != 0) {
        return {"RG1021", fmt::format("the answer of {} was cut off: {}", host, detail),
                "the server, or a proxy between, gave up: its log says why", Failure::transfer};
      }
      return {"RG1023", fmt::format("{} closed the connection without an answer: {}", host, detail),
              "is it an HTTP server, and does it speak TLS (https) or not (http)?", Failure::transfer};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return {"RG1024", fmt::format("{} does not answer in HTTP: {}", host, detail), "check the port in `url`",
              Failure::permanent};
    default:
      return {"RG1000", fmt::format("the request to {} failed: {} (curl {})", host, detail, static_cast<int>(arrival.code)),
              "the curl number is explained in libcurl-errors(3)", Failure::permanent};
  }
}

Text text_of(const Asked& asked, const Arrival& arrival, const std::string& detail) {
  if (arrival.out_of_memory) {
    return {"RG1025", fmt::format("there is not enough memory for the answer of {}", asked.url.host_and_port()),
            "ask for less (fewer series, a larger step), or lower the source's `concurrency`", Failure::permanent};
  }
  if (arrival.headers_too_large) {
    return {"RG1020", fmt::format("the headers of the answer of {} have no end", asked.url.host_and_port()),
            "is this the right server? Ordinary headers are a hundred times smaller", Failure::permanent};
  }
  if (arrival.proxy_status >= 400 && arrival.status == 0) {
    return proxy_text(fmt::format("it answers {} when asked for a tunnel", arrival.proxy_status),
                      arrival.proxy_status >= 500 ? Failure::connect : Failure::permanent);
  }
  if (arrival.too_large) {
    return {"RG1020",
            fmt::format("the answer of {} is larger than max_response_bytes ({})", asked.url.host_and_port(),
                        asked.endpoint.max_response_bytes),
            "ask for less (fewer series, a larger step), or raise the source's `max_response_bytes`", Failure::permanent};
  }
  switch (arrival.code) {
    case CURLE_COULDNT_CONNECT:
      return connect_text(asked, arrival, detail);
    case CURLE_OPERATION_TIMEDOUT:
      return timeout_text(asked, arrival);
    case CURLE_COULDNT_RESOLVE_HOST:
      return {"RG1006", fmt::format("the host name {} cannot be resolved", asked.url.host), url_hint(asked), Failure::connect};
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      // "Unsupported proxy syntax in 'http://user:password…'": what it quotes may hold a password anywhere.
      return proxy_text(detail.substr(0, detail.find(" in '")), Failure::connect);
    case CURLE_PEER_FAILED_VERIFICATION:
      return certificate_text(asked, arrival, detail);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
      return {"RG1013", fmt::format("no TLS connection to {}: {}", asked.url.host_and_port(), detail),
              "does this port speak TLS (1.2 or later)? if it speaks none, write http://", Failure::permanent};
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return {"RG1014", "a certificate file cannot be used: " + detail, "check `ca_file`, `client_cert` and `client_key`",
              Failure::permanent};
    default:
      return other_text(asked, arrival, detail);
  }
}

}  // namespace

void add_request_facts(core::Error& error, const Asked& asked) {
  error.context.push_back(asked.method + " " + asked.shown_url);
  if (asked.attempts > 0) {
    error.context.push_back(fmt::format("{} {} in {}", asked.attempts, asked.attempts == 1 ? "attempt" : "attempts",
                                        core::describe_duration(asked.elapsed)));
  }
}

TransportError transport_error(const Asked& asked, const Arrival& arrival, const Redactor& redactor) {
  const std::string detail = core::shorten(core::printable(redactor.redact(arrival.detail)), 200);
  Text text = text_of(asked, arrival, detail);
  TransportError out;
  out.error = {text.code, name_of(asked.endpoint) + ": " + text.message, std::move(text.hint), {}, {}};
  out.failure = text.failure;
  return out;
}

core::Error stop_error(const std::string& who, Wake wake, core::Duration deadline) {
  if (wake == Wake::interrupted) return {"RG1003", who + ": interrupted", "", {}, {}};
  return {"RG1002",
          fmt::format("{}: not answered before the deadline ({})", who, core::format_duration(deadline)),
          "raise --deadline, or ask for less",
          {},
          {}};
}

core::Error rate_limited_error(const Asked& asked, int status, core::Time until, core::Time deadline) {
  const auto clock = [](core::Time time) { return core::format_clock(std::chrono::ceil<std::chrono::seconds>(time)) + " UTC"; };
  core::Error error{"RG1040",
                    fmt::format("{}: {} until {}, after the deadline at {}", name_of(asked.endpoint),
                                status >= 500 ? "unavailable" : "rate-limited", clock(until), clock(deadline)),
                    "run the gate again then, lower the source's `concurrency`, or raise --deadline",
                    {},
                    {}};
  if (!asked.limit.empty()) error.context.push_back(fmt::format("the server calls this limit \"{}\"", asked.limit));
  return error;
}

}  // namespace gate::http
