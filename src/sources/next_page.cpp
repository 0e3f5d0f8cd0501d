#include "sources/next_page.h"

#include <fmt/format.h>

#include "http/url.h"
#include "sources/link_header.h"

namespace gate::sources {

std::string next_link(const http::Response& response) {
  const auto link = response.headers.find("link");
  return link == response.headers.end() ? "" : link_target(link->second, "next");
}

http::Request next_page(const ApiCaller& caller, const http::Request& before, const std::string& target) {
  const auto base = http::parse_url(before.endpoint->url + before.path);
  const auto url = base ? http::resolve_url(*base, target) : base;
  if (!url || url->origin() != base->origin()) {
    throw caller.error("RG1964", fmt::format("the next page of {} is not on its server", caller.system().name),
                       "credentials go to one server only: check `url`; a proxy may have changed the answer",
                       {"the page: " + caller.shown(target)});
  }
  http::Request next = before;
  if (before.endpoint->url != url->origin()) {
    auto endpoint = std::make_shared<http::Endpoint>(*before.endpoint);
    endpoint->url = url->origin();
    next.endpoint = std::move(endpoint);
  }
  next.path = url->path + (url->query.empty() ? "" : "?" + url->query);
  next.parameters.clear();
  return next;
}

}  // namespace gate::sources
