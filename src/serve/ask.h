// Ask: what a controller wants to know, read from its HTTP request. Not for answering it: that is answer.h's.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gate::serve {

/// Who asks, and with what meaning of a good answer.
enum class Hook {
  confirm_rollout,
  pre_rollout,
  rollout,
  confirm_traffic_increase,
  confirm_promotion,
  post_rollout,
  rollback,  ///< inverted: 2xx rolls back
  argo_web,  ///< Argo Rollouts' web metric: the verdict stands in the body
};

/// Which gates there are, and what a request may say about them.
struct Policy {
  std::string gate_file;           ///< the only gate; "" when requests name one of `gates_folder`
  std::string gates_folder;        ///< gates by name
  std::set<std::string> accepted;  ///< "deployed_at", "stage", "vars.NAME": what requests may set
};

/// One question, ready to be put to `release-gate check`.
struct Ask {
  Hook hook = Hook::rollout;
  std::string canary;                  ///< "shop/checkout", of Flagger; else ""
  std::vector<std::string> gates;      ///< files to look for, in this order
  std::vector<std::string> arguments;  ///< of check, beside the gate file: what the request set
};

/// An answer that no evaluation is needed for.
struct Refusal {
  unsigned status = 400;
  std::string reason;  ///< one sentence
  std::string allow;   ///< of a 405: the methods that are taken
};

/// Where a request goes: to a hook, to the health check, or nowhere.
struct Health {};
using Route = std::variant<Hook, Health, Refusal>;

/// The route of `target` (path and query of the request line) with `method`. Refusals: 404 for an unknown path, 405 for a
/// method that the path does not take. Needs no body, so that it can be told before one is read.
Route route_of(std::string_view method, std::string_view target);

/// What `hook` is asked with `target` and `body`. Flagger's body is its payload {name, namespace, phase, metadata}
/// (https://docs.flagger.app/usage/webhooks); of Argo Rollouts it is an object of strings, or for GET the query. Refusals: 400
/// for what is no such payload, a name that is none, and a key that `policy` does not accept.
std::variant<Ask, Refusal> read_ask(Hook hook, std::string_view method, std::string_view target, const std::string& body,
                                    const Policy& policy);

/// Whether `key` is one that --accept can name: "deployed_at", "stage" or "vars.NAME".
bool is_acceptable_key(std::string_view key);

/// A Kubernetes label (RFC 1123): lower-case letters, digits and hyphens, at most 63, so never a path.
bool is_name(std::string_view text);

}  // namespace gate::serve
