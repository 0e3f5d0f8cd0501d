// How the tests of the client ask: many questions at once, the outcomes in order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/client.h"
#include "loopback.h"

namespace gate::http {

/// What became of one question.
struct Got {
  int status = 0;
  std::string body;
  core::RequestLog log;
  core::Error error;  ///< with a code when there was no answer
};

inline Endpoint endpoint_at(const std::string& url) {
  Endpoint endpoint;
  endpoint.name = "test";
  endpoint.url = url;
  endpoint.timeout = core::Duration(5000);
  return endpoint;
}

inline Request question(const Endpoint& endpoint, const std::string& path) {
  Request request;
  request.endpoint = std::make_shared<const Endpoint>(endpoint);
  request.path = path;
  return request;
}

inline Task<void> ask_into(Client& client, Request request, Got& got) {
  try {
    Task<Response> sending = client.send(std::move(request));
    Response response = co_await sending;
    got.status = response.status;
    got.body = response.body;
    got.log = response.log;
  } catch (const core::SourceError& failure) {
    got.error = failure.error();
  }
}

inline std::vector<Got> ask_all(Client& client, const std::vector<Request>& requests) {
  std::vector<Got> all(requests.size());
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < requests.size(); ++i) tasks.push_back(ask_into(client, requests[i], all[i]));
  client.run(std::move(tasks));
  return all;
}

inline Got ask(Client& client, const Request& request) {
  return ask_all(client, {request}).front();
}

}  // namespace gate::http
