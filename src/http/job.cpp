#include "http/job.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "http/digest.h"
#include "http/tape.h"

namespace gate::http {
namespace {

bool has_credential(const Endpoint& endpoint) {
  const bool in_header = std::any_of(endpoint.headers.begin(), endpoint.headers.end(),
                                     [](const auto& header) { return !header.second.name().empty(); });
  return !endpoint.bearer.empty() || !endpoint.user.empty() || !endpoint.password.empty() || in_header;
}

bool leaves_machine(const Endpoint& endpoint, const Url& url) {
  if (!is_loopback(url)) return true;
  if (endpoint.proxy.empty()) return false;
  const core::Result<Url> proxy =
      parse_url(endpoint.proxy.find("://") == std::string::npos ? "http://" + endpoint.proxy : endpoint.proxy);
  return !proxy.ok() || !is_loopback(proxy.value());
}

std::optional<core::Error> plaintext_error(const Endpoint& endpoint, const Url& url) {
  if (url.scheme != "http" || endpoint.allow_plaintext || !has_credential(endpoint) || !leaves_machine(endpoint, url)) {
    return std::nullopt;
  }
  return core::Error{"RG1050",
                     fmt::format("{}: a credential would be sent unencrypted to {}", name_of(endpoint), url.host_and_port()),
                     "use https, or say `allow_plaintext = true` if the network between is yours",
                     {},
                     {}};
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

core::Error control_error(const Endpoint& endpoint, const std::string& what) {
  return {"RG1054",
          fmt::format("{}: {} holds a line break or another control character", name_of(endpoint), what),
          "a file with a trailing newline is the usual cause",
          {},
          {}};
}

std::string shown_reference(const core::Secret& secret, const std::string& fallback) {
  return secret.name().empty() ? fallback : fmt::format("{} ({})", fallback, secret.name());
}

std::optional<core::Error> control_character_error(const Request& request) {
  const Endpoint& endpoint = *request.endpoint;
  if (has_control(endpoint.bearer.reveal())) return control_error(endpoint, shown_reference(endpoint.bearer, "the token"));
  if (has_control(endpoint.user)) return control_error(endpoint, "the user name");
  if (has_control(endpoint.password.reveal())) {
    return control_error(endpoint, shown_reference(endpoint.password, "the password"));
  }
  for (const auto& [name, value] : endpoint.headers) {
    if (has_control(name) || has_control(value.reveal())) {
      return control_error(endpoint, shown_reference(value, "the header " + core::printable(name)));
    }
  }
  for (const auto& [name, value] : request.headers) {
    if (has_control(name) || has_control(value)) return control_error(endpoint, "the header " + core::printable(name));
  }
  if (has_control(request.method) || has_control(request.content_type)) return control_error(endpoint, "the request");
  return std::nullopt;
}

core::Result<Url> full_url(const Request& request, const std::string& query) {
  core::Result<Url> base = parse_url(request.endpoint->url);
  if (!base.ok()) return base;
  Url joined = std::move(base).value();
  while (!request.path.empty() && joined.path.ends_with('/')) joined.path.pop_back();
  if (!request.path.empty()) joined.path += request.path.front() == '/' ? request.path : "/" + request.path;
  // A path may bring a query of its own ("/next?page=2"): it goes before the endpoint's and the parameters.
  const std::size_t mark = joined.path.find('?');
  std::vector<std::string> queries;
  if (mark != std::string::npos) {
    queries.push_back(joined.path.substr(mark + 1));
    joined.path.resize(mark);
  }
  queries.insert(queries.end(), {joined.query, query});
  joined.query.clear();
  for (const std::string& piece : queries) {
    if (!piece.empty()) joined.query += (joined.query.empty() ? "" : "&") + piece;
  }
  return parse_url(joined.text());
}

/// Length before each field, so that no two different requests have the same text.
void add_field(std::string& text, std::string_view field) {
  text += std::to_string(field.size());
  text += ':';
  text += field;
}

std::string sharing_key(const Job& job) {
  const Endpoint& endpoint = *job.request.endpoint;
  std::string text;
  for (const std::string_view field :
       {std::string_view(endpoint.name), std::string_view(endpoint.url), endpoint.bearer.reveal(),
        std::string_view(endpoint.user), endpoint.password.reveal(), std::string_view(endpoint.aws_sigv4),
        std::string_view(endpoint.client_cert), std::string_view(endpoint.client_key), std::string_view(endpoint.ca_file),
        std::string_view(endpoint.proxy), std::string_view(endpoint.insecure ? "insecure" : ""),
        std::string_view(job.request.method), std::string_view(job.body), std::string_view(job.content_type)}) {
    add_field(text, field);
  }
  add_field(text, job.url.text());
  for (const auto& [name, value] : endpoint.headers) {
    add_field(text, name);
    add_field(text, value.reveal());
  }
  text += '|';
  for (const auto& [name, value] : job.request.headers) {
    add_field(text, name);
    add_field(text, value);
  }
  return sha256_hex(text);
}

core::Error named(core::Error error, const Endpoint& endpoint) {
  error.message = name_of(endpoint) + ": " + error.message;
  if (!endpoint.url_reference.empty()) error.context.push_back("the URL came from " + endpoint.url_reference);
  return error;
}

}  // namespace

std::optional<core::Error> other_origin_error(const Job& job, const std::vector<std::string>& origins) {
  const std::string origin = job.url.origin();
  if (origins.empty() || std::find(origins.begin(), origins.end(), origin) != origins.end()) return std::nullopt;
  return core::Error{"RG1055",
                     fmt::format("{}: {} is none of the servers that this gate file may ask: {}",
                                 name_of(*job.request.endpoint), origin, core::list_names(origins, "and")),
                     fmt::format("if it is meant, add: --allow-host {}", origin),
                     {},
                     {}};
}

std::string name_of(const Endpoint& endpoint) {
  return endpoint.name.empty() ? "http" : endpoint.name;
}

namespace {

/// libcurl and servers fold "a/../b", so that a value put into a path would ask for something else.
std::optional<core::Error> dots_error(const Request& request) {
  const std::string& path = request.path;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find_first_of("/?", start), path.size());
    const std::string_view segment = std::string_view(path).substr(start, end - start);
    if (segment == "." || segment == "..") {
      return core::Error{"RG1056",
                         fmt::format("{}: the path {} has a part \"{}\", which leads elsewhere", name_of(*request.endpoint),
                                     core::printable(path), segment),
                         "a name that is part of an address cannot be made of dots",
                         {},
                         {}};
    }
    if (end < path.size() && path[end] == '?') break;
    start = end + 1;
  }
  return std::nullopt;
}

}  // namespace

core::Result<Job> make_job(Request request) {
  if (auto error = dots_error(request)) return std::move(*error);
  Job job;
  const Endpoint& endpoint = *request.endpoint;
  const bool sends_form = request.method == "POST" && request.body.empty();
  auto parameters = request.parameters;
  // Signature Version 4 signs the parameters in sorted order, and libcurl signs them as they come.
  if (!endpoint.aws_sigv4.empty()) std::stable_sort(parameters.begin(), parameters.end());
  std::string encoded = encode_parameters(parameters);
  core::Result<Url> url = full_url(request, sends_form ? "" : encoded);
  if (!url.ok()) return named(url.error(), endpoint);
  job.url = std::move(url).value();
  if (auto error = plaintext_error(endpoint, job.url)) return std::move(*error);
  if (auto error = control_character_error(request)) return std::move(*error);
  job.body = sends_form ? std::move(encoded) : request.body;
  job.content_type = request.content_type;
  if (job.content_type.empty() && sends_form && !job.body.empty()) job.content_type = "application/x-www-form-urlencoded";
  if (job.content_type.empty() && !request.body.empty()) job.content_type = "application/json";
  job.request = std::move(request);
  job.key = sharing_key(job);
  return job;
}

}  // namespace gate::http
