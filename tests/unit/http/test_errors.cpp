#include <catch2/catch.hpp>
#include <cerrno>

#include "http/errors.h"

using gate::core::Error;
using gate::core::Secret;
using gate::core::Time;
using gate::http::add_request_facts;
using gate::http::Arrival;
using gate::http::Asked;
using gate::http::Endpoint;
using gate::http::Failure;
using gate::http::is_html;
using gate::http::parse_url;
using gate::http::rate_limited_error;
using gate::http::Redactor;
using gate::http::Request;
using gate::http::Response;
using gate::http::status_error;
using gate::http::stop_error;
using gate::http::transport_error;
using gate::http::Url;
using gate::http::Wake;

namespace {

Endpoint prom() {
  Endpoint endpoint;
  endpoint.name = "prom";
  endpoint.url = "https://h:1/";
  return endpoint;
}

Arrival arrival(CURLcode code, const char* detail = "words of libcurl") {
  Arrival out;
  out.code = code;
  out.detail = detail;
  return out;
}

Arrival certificate(long result, const char* detail = "SSL certificate problem") {
  Arrival out = arrival(CURLE_PEER_FAILED_VERIFICATION, detail);
  out.verify_result = result;
  return out;
}

Arrival refused(const char* detail, long error) {
  Arrival out = arrival(CURLE_COULDNT_CONNECT, detail);
  out.system_errno = error;
  return out;
}

Arrival with(Arrival out, bool Arrival::*flag) {
  out.*flag = true;
  return out;
}

Arrival with_status(Arrival out, int status) {
  out.status = status;
  return out;
}

}  // namespace

TEST_CASE("every way in which an exchange fails has its code, its sentence and its chance of healing") {
  struct Case {
    const char* code;
    const char* message;
    Failure failure;
    Arrival arrival;
  };
  const Arrival timed_out = arrival(CURLE_OPERATION_TIMEDOUT);
  const Arrival closed = arrival(CURLE_RECV_ERROR, "reset by peer");
  Arrival tunnel = arrival(CURLE_RECV_ERROR);
  tunnel.proxy_status = 407;
  Arrival broken_tunnel = tunnel;
  broken_tunnel.proxy_status = 503;
  const Case cases[] = {
      {"RG1000", "the request to h:1 failed: words of libcurl (curl 27)", Failure::permanent, arrival(CURLE_OUT_OF_MEMORY)},
      {"RG1001", "no connection to h:1 in time", Failure::connect, timed_out},
      {"RG1001", "no complete answer from h:1 within 10s", Failure::transfer, with(timed_out, &Arrival::connected)},
      {"RG1004", "could not connect to h:1: connection refused", Failure::connect,
       refused("Failed to connect to h port 1 after 0 ms: Couldn't connect to server", ECONNREFUSED)},
      {"RG1004", "could not connect to h:1: no address answered", Failure::connect, refused("words", 0)},
      {"RG1005", "h:1 began to answer and then stalled", Failure::transfer, with(timed_out, &Arrival::stalled)},
      {"RG1006", "the host name h cannot be resolved", Failure::connect, arrival(CURLE_COULDNT_RESOLVE_HOST)},
      {"RG1007", "the proxy cannot be used: words of libcurl", Failure::connect, arrival(CURLE_COULDNT_RESOLVE_PROXY)},
      {"RG1007",
       "the proxy cannot be used: connection refused (Failed to connect to proxy port 3128 after 0 ms: Couldn't connect to "
       "server)",
       Failure::connect, refused("Failed to connect to proxy port 3128 after 0 ms: Couldn't connect to server", ECONNREFUSED)},
      {"RG1007", "the proxy cannot be used: it answers 407 when asked for a tunnel", Failure::permanent, tunnel},
      {"RG1007", "the proxy cannot be used: it answers 503 when asked for a tunnel", Failure::connect, broken_tunnel},
      {"RG1010", "the certificate of h:1 has expired", Failure::permanent, certificate(10)},
      {"RG1010", "the certificate of h:1 is not valid yet", Failure::permanent, certificate(9)},
      {"RG1011", "the certificate of h:1 is self-signed", Failure::permanent, certificate(18)},
      {"RG1011", "the certificate of h:1 is self-signed", Failure::permanent, certificate(19)},
      {"RG1011", "the certificate of h:1 comes from an authority that is not trusted here", Failure::permanent,
       certificate(20)},
      {"RG1012", "the certificate of h:1 is for another host", Failure::permanent, certificate(0)},
      {"RG1012", "the certificate of h:1 is for another host", Failure::permanent,
       certificate(1, "SSL: no alternative certificate subject name matches target host name 'h'")},
      {"RG1013", "the certificate of h:1 is refused: revoked", Failure::permanent, certificate(23, "revoked")},
      {"RG1013", "no TLS connection to h:1: words of libcurl", Failure::permanent, arrival(CURLE_SSL_CONNECT_ERROR)},
      {"RG1014", "a certificate file cannot be used: words of libcurl", Failure::permanent, arrival(CURLE_SSL_CACERT_BADFILE)},
      {"RG1020", "the answer of h:1 is larger than max_response_bytes (67108864)", Failure::permanent,
       with(arrival(CURLE_WRITE_ERROR), &Arrival::too_large)},
      {"RG1020", "the headers of the answer of h:1 have no end", Failure::permanent,
       with(arrival(CURLE_WRITE_ERROR), &Arrival::headers_too_large)},
      {"RG1021", "the answer of h:1 was cut off: words of libcurl", Failure::transfer, arrival(CURLE_PARTIAL_FILE)},
      {"RG1021", "the answer of h:1 was cut off: reset by peer", Failure::transfer, with_status(closed, 200)},
      {"RG1022", "the answer of h:1 cannot be decoded: bad chunk encoding", Failure::transfer,
       arrival(CURLE_RECV_ERROR, "bad chunk encoding")},
      {"RG1022", "the answer of h:1 cannot be decoded: words of libcurl", Failure::transfer,
       arrival(CURLE_BAD_CONTENT_ENCODING)},
      {"RG1023", "h:1 closed the connection without an answer: reset by peer", Failure::transfer, closed},
      {"RG1024", "h:1 does not answer in HTTP: words of libcurl", Failure::permanent, arrival(CURLE_WEIRD_SERVER_REPLY)},
      {"RG1025", "there is not enough memory for the answer of h:1", Failure::permanent,
       with(arrival(CURLE_WRITE_ERROR), &Arrival::out_of_memory)},
      {"RG1053", "h leads to a link-local or metadata address", Failure::permanent,
       with(refused("words", 0), &Arrival::address_refused)},
  };
  const Endpoint endpoint = prom();
  const Url url = parse_url("https://h:1/x").value();
  const Asked asked{endpoint, url, "GET", "https://h:1/x", 1, {}};
  for (const Case& c : cases) {
    INFO(c.message);
    const auto result = transport_error(asked, c.arrival, Redactor());
    CHECK(result.error.code == c.code);
    CHECK(result.error.message == std::string("prom: ") + c.message);
    CHECK_FALSE(result.error.hint.empty());
    CHECK(result.failure == c.failure);
  }
}

TEST_CASE("words of servers in errors are redacted, printable and short") {
  Redactor redactor;
  redactor.add(Secret("planted-token", "env T"));
  const Endpoint endpoint = prom();
  const Url url = parse_url("https://h:1/x").value();
  const Asked asked{endpoint, url, "GET", "https://h:1/x", 1, {}};
  const std::string detail = "bad \x1b[2J planted-token " + std::string(1000, 'x');
  const auto result = transport_error(asked, arrival(CURLE_PARTIAL_FILE, detail.c_str()), redactor);
  CHECK(result.error.message.find("bad \\x1b[2J *** xxx") != std::string::npos);
  CHECK(result.error.message.size() < 300);
}

TEST_CASE("a dead address names the variable it came from") {
  struct Case {
    const char* reference;
    const char* hint;
  };
  const Case cases[] = {
      {"", "check `url` and whether the server is up"},
      {"env PROMETHEUS_URL", "is PROMETHEUS_URL right? the URL came from it"},
      {"default of env PROMETHEUS_URL", "is PROMETHEUS_URL set? the URL came from its default"},
      {"file url.txt", "the URL came from file url.txt"},
  };
  for (const Case& c : cases) {
    Endpoint endpoint = prom();
    endpoint.url_reference = c.reference;
    const Url url = parse_url("https://h:1/x").value();
    const Asked asked{endpoint, url, "GET", "https://h:1/x", 1, {}};
    CHECK(transport_error(asked, refused("words", ECONNREFUSED), Redactor()).error.hint == c.hint);
  }
}

TEST_CASE("what ends everything, and what asks for too long a wait") {
  CHECK(stop_error("prom", Wake::deadline, std::chrono::seconds(90)).message ==
        "prom: not answered before the deadline (1m30s)");
  CHECK(stop_error("prom", Wake::deadline, std::chrono::seconds(90)).code == "RG1002");
  CHECK(stop_error("prom", Wake::interrupted, {}).code == "RG1003");
  const Endpoint endpoint = prom();
  const Url url = parse_url("https://h:1/x").value();
  const Asked asked{endpoint, url, "POST", "https://h:1/x", 3, gate::core::Duration(1234)};
  const Time until{std::chrono::milliseconds(1767618190001)};
  const Time deadline{std::chrono::seconds(1767618120)};
  const Error limited = rate_limited_error(asked, 429, until, deadline);
  CHECK(limited.code == "RG1040");
  CHECK(limited.message == "prom: rate-limited until 13:03:11 UTC, after the deadline at 13:02 UTC");
  CHECK(rate_limited_error(asked, 503, until, deadline).message ==
        "prom: unavailable until 13:03:11 UTC, after the deadline at 13:02 UTC");
  Error error;
  add_request_facts(error, asked);
  CHECK(error.context == std::vector<std::string>{"POST https://h:1/x", "3 attempts in 1 s"});
}

TEST_CASE("a status that is no success says what to do, and names the credential") {
  struct Case {
    int status;
    const char* code;
    const char* message;
    const char* hint;  // with the credential "env T"
    const char* bare;  // without one
  };
  const Case cases[] = {
      {400, "RG1100", "refuses the request", "its words, if there are any, say why", "its words, if there are any, say why"},
      {401, "RG1101", "does not accept the credential", "is env T set, valid and not expired?",
       "give the source a credential: none is configured"},
      {403, "RG1103", "refuses permission", "give env T read permission for this data",
       "the source has no credential; the server wants one with read permission"},
      {404, "RG1104", "knows no such address", "check `url`: a missing or doubled path prefix is the usual cause", nullptr},
      {405, "RG1105", "does not accept this method", "a proxy between may allow only GET or only POST", nullptr},
      {407, "RG1107", "is behind a proxy that wants a credential", "check `proxy`, or HTTPS_PROXY", nullptr},
      {429, "RG1129", "is rate-limiting us", "lower the source's `concurrency`, or ask less often", nullptr},
      {204, "RG1130", "gave an unexpected answer", "check `url`: this is not how such a server answers", nullptr},
      {500, "RG1150", "failed", "the server's own log says why", nullptr},
      {599, "RG1150", "failed", "the server's own log says why", nullptr},
  };
  for (const Case& c : cases) {
    INFO(c.status);
    Endpoint endpoint = prom();
    Request request;
    Response response;
    response.status = c.status;
    response.log = {"GET", "https://h:1/x", c.status, 2, 1.0};
    request.endpoint = std::make_shared<const Endpoint>(endpoint);
    const Error bare = status_error(request, response, Redactor());
    CHECK(bare.hint == (c.bare != nullptr ? c.bare : c.hint));
    endpoint.credential_reference = "env T";
    request.endpoint = std::make_shared<const Endpoint>(endpoint);
    const Error error = status_error(request, response, Redactor());
    CHECK(error.code == c.code);
    CHECK(error.message == "prom: the server " + std::string(c.message) + " (HTTP " + std::to_string(c.status) + ")");
    CHECK(error.hint == c.hint);
    CHECK(error.context == std::vector<std::string>{"GET https://h:1/x", "2 attempts"});
  }
}

TEST_CASE("the server's words are shown when they are words") {
  struct Case {
    const char* type;
    std::string body;
    const char* shown;
    bool html;
  };
  const Case cases[] = {
      {"text/plain", "no org id\n", "it said: no org id", false},
      {"application/json", "  {\"error\":\"planted-token\"}", "it said: {\"error\":\"***\"}", false},
      {"text/plain", "\x1b[31mred", "it said: \\x1b[31mred", false},
      {"text/html", "<p>x", "it answered with a web page: a login page, or a proxy's error", true},
      {"text/plain", "<!DOCTYPE HTML><html>", "it answered with a web page: a login page, or a proxy's error", true},
      {"text/plain", "\xEF\xBB\xBF\n <HTML>", "it answered with a web page: a login page, or a proxy's error", true},
      {"text/html", "plain words", "it said: plain words", false},
      {"text/plain", " \n", "", false},
  };
  Redactor redactor;
  redactor.add(Secret("planted-token", "env T"));
  Request request;
  request.endpoint = std::make_shared<const Endpoint>(prom());
  for (const Case& c : cases) {
    INFO(c.body);
    Response response;
    response.status = 500;
    response.body = c.body;
    response.headers["content-type"] = c.type;
    CHECK(is_html(response) == c.html);
    const Error error = status_error(request, response, redactor);
    CHECK((error.context.size() > 1 ? error.context.back() : "") == c.shown);
  }
  Response response;
  response.status = 500;
  response.body = std::string(100000, 'x');
  CHECK(status_error(request, response, redactor).context.back().size() == std::string("it said: …").size() + 200);
}
