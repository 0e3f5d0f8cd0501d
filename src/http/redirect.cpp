#include "http/redirect.h"

#include <fmt/format.h>

#include "core/text.h"

namespace gate::http {
namespace {

core::Error redirect_error(const char* code, std::string message, std::string hint) {
  return {code, std::move(message), std::move(hint), {}, {}};
}

core::Error leaves_origin(const std::string& who, const Hop& from, const Url& target) {
  const std::string to = core::shorten(core::printable(target.scheme + "://" + target.host_and_port()), 200);
  if (from.url.scheme == "https" && target.scheme == "http") {
    return redirect_error("RG1030",
                          fmt::format("{}: {} redirects to {}, which is not encrypted", who, from.url.host_and_port(), to),
                          "the downgrade is not followed: set `url` to the https address that answers itself");
  }
  return redirect_error(
      "RG1030", fmt::format("{}: {} redirects to {}, another origin", who, from.url.host_and_port(), to),
      "it is not followed, because credentials stay with their origin: if it is the right server, make it the "
      "`url`; if it is a login page, the credential is missing or expired");
}

bool becomes_get(const std::string& method, int status, bool idempotent) {
  if (status == 303) return method != "HEAD";
  return (status == 301 || status == 302) && method == "POST" && !idempotent;
}

}  // namespace

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string visit_key(const Hop& hop) {
  return hop.method + " " + hop.url.text();
}

core::Result<Hop> follow(const std::string& who, const Hop& from, int status, const std::string& location, bool idempotent,
                         const std::set<std::string>& visited) {
  core::Result<Url> target = location.empty() ? core::Error{} : resolve_url(from.url, location);
  if (!target.ok()) {
    return redirect_error("RG1032",
                          fmt::format("{}: {} answers {} without a usable Location", who, from.url.host_and_port(), status),
                          "ask who runs the server: its redirect cannot be followed");
  }
  if (target->origin() != from.url.origin()) return leaves_origin(who, from, target.value());
  Hop next{from.method, std::move(target).value(), from.body};
  if (becomes_get(from.method, status, idempotent)) {
    next.method = "GET";
    next.body = BodyFate::drop;
  }
  if (visited.contains(visit_key(next))) {
    return redirect_error("RG1031", fmt::format("{}: {} redirects in a loop", who, from.url.host_and_port()),
                          "open the URL in a browser: a missing path prefix or a login is the usual cause");
  }
  if (visited.size() > kMostRedirects) {
    return redirect_error("RG1031",
                          fmt::format("{}: {} redirects more than {} times", who, from.url.host_and_port(), kMostRedirects),
                          "set `url` to the address at the end of the redirects");
  }
  return next;
}

}  // namespace gate::http
