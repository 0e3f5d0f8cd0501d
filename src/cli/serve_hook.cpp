// `serve-hook`: the gate as a server that progressive-delivery controllers ask. Everything that can be wrong is told at the
// start.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "core/text.h"
#include "serve/credential.h"
#include "serve/server.h"

namespace gate::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTokenVariable = "RELEASE_GATE_HOOK_TOKEN";

core::Error token_error(const std::string& what) {
  return {"RG0032", what, "make one with: openssl rand -hex 32", {}, {}};
}

core::Result<core::Secret> read_token(const ServeHookOptions& options, const World& world) {
  if (options.token_file.empty()) {
    const std::string variable = options.token_env.empty() ? kTokenVariable : options.token_env;
    std::string text = environment(world, variable);
    if (text.empty() && !options.token_env.empty())
      return token_error(fmt::format("--token-env: {} is not set", core::printable(variable)));
    return core::Secret(std::move(text), "env " + variable);
  }
  auto text = world.surroundings.read_file(options.token_file);
  if (!text) {
    return token_error(
        fmt::format("--token-file {}: {}", core::printable(options.token_file), core::printable(text.error().message)));
  }
  std::string token = std::move(text).value();
  token.erase(token.find_last_not_of(" \t\r\n") + 1);
  if (token.empty()) return token_error(fmt::format("--token-file {}: the file is empty", core::printable(options.token_file)));
  return core::Secret(std::move(token), "file " + options.token_file);
}

/// RG0032 for a token that can be guessed or not be sent, RG0031 for none where others can connect.
core::Result<core::Secret> usable_token(const ServeHookOptions& options, const serve::Address& address, const World& world) {
  auto token = read_token(options, world);
  if (!token) return token;
  const std::string_view text = token->reveal();
  if (text.empty()) {
    if (serve::is_loopback(address) || options.allow_anonymous) return token;
    return core::Error{
        "RG0031",
        fmt::format("--listen {}: others can connect there, and no token is asked for", options.listen),
        fmt::format("set {}, or name one with --token-env or --token-file; --allow-anonymous serves without", kTokenVariable),
        {},
        {}};
  }
  if (text.size() < serve::kShortestToken)
    return token_error(fmt::format("the token ({}) is shorter than {} bytes", token->name(), serve::kShortestToken));
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
    return token_error(fmt::format("the token ({}) holds blanks or other characters than ASCII's", token->name()));
  return token;
}

/// Prints what is wrong with `file`; false when it cannot be judged by, as when it needs a time of deployment that no request
/// may give.
bool is_usable(const std::string& file, const serve::Policy& policy, World& world) {
  GateOptions gate;
  gate.file = file;
  const bool comes_with_requests = policy.accepted.contains("deployed_at");
  return read_input(gate, comes_with_requests ? Deployment::assumed : Deployment::needed, world).has_value();
}

/// "checkout" or "shop.checkout".
bool is_gate_name(const std::string& stem) {
  const std::size_t dot = stem.find('.');
  return serve::is_name(stem.substr(0, dot)) && (dot == std::string::npos || serve::is_name(stem.substr(dot + 1)));
}

/// Tells of every gate in the folder that is wrong, which then answers nobody, but keeps no other from answering. RG0034 when
/// there is none at all.
core::Result<std::size_t> count_gates(const serve::Policy& policy, World& world) {
  const std::string& folder = policy.gates_folder;
  std::error_code failed;
  std::vector<fs::path> files;
  for (fs::directory_iterator one(folder, failed), end; !failed && one != end; one.increment(failed)) {
    std::error_code ignored;
    if (one->path().extension() == ".toml" && fs::is_regular_file(one->path(), ignored)) files.push_back(one->path());
  }
  const auto error = [&](const std::string& why) {
    return core::Error{"RG0034",
                       fmt::format("--gates {}: {}", core::printable(folder), why),
                       "the folder holds NAME.toml or NAMESPACE.NAME.toml, named as Flagger's canaries are",
                       {},
                       {}};
  };
  if (failed) return error(failed.message());
  std::sort(files.begin(), files.end());
  std::size_t usable = 0;
  for (const fs::path& file : files) {
    if (!is_gate_name(file.stem().string())) {
      world.err << core::without_commands(fmt::format(
          "{}: nobody can ask for it: a name has lower-case letters, digits and hyphens\n", core::printable(file.string())));
    } else if (is_usable(file.string(), policy, world)) {
      ++usable;
    }
  }
  if (usable == 0) return error("there is no usable gate in it");
  return usable;
}

core::Result<serve::Policy> read_policy(const ServeHookOptions& options) {
  serve::Policy policy;
  policy.gates_folder = options.gates;
  if (options.gates.empty()) policy.gate_file = options.file.empty() ? "gate.toml" : options.file;
  for (const std::string& key : options.accept) {
    if (!serve::is_acceptable_key(key)) {
      return core::Error{"RG0033",
                         fmt::format("--accept {}: a request may set deployed_at, stage, or vars.NAME", core::printable(key)),
                         "for example: --accept stage --accept vars.version",
                         {},
                         {}};
    }
    policy.accepted.insert(key);
  }
  return policy;
}

core::Result<serve::Options> read_options(const ServeHookOptions& options, World& world) {
  serve::Options out;
  auto address = serve::parse_address(options.listen);
  if (!address) return address.error();
  out.address = std::move(address).value();
  auto token = usable_token(options, out.address, world);
  if (!token) return token.error();
  out.token = std::move(token).value();
  if (options.token_file.empty()) out.token_variable = options.token_env.empty() ? kTokenVariable : options.token_env;
  const auto deadline = parse_duration_option("--deadline", options.deadline);
  if (!deadline) return deadline.error();
  out.evaluations = {options.concurrency, *deadline};
  out.limits.grace = *deadline + std::chrono::seconds(2);
  auto policy = read_policy(options);
  if (!policy) return policy.error();
  out.policy = std::move(policy).value();
  // The running program itself, also when its file has been replaced since.
  out.program = "/proc/self/exe";
  out.now = world.now;
  return out;
}

}  // namespace

int serve_hook(const ServeHookOptions& options, World& world) {
  const auto server = read_options(options, world);
  if (!server) {
    print_error(server.error(), world);
    return kUsage;
  }
  if (options.gates.empty()) {
    if (!is_usable(server->policy.gate_file, server->policy, world)) return kUsage;
  } else if (const auto count = count_gates(server->policy, world); !count) {
    print_error(count.error(), world);
    return kUsage;
  }
  if (server->token.empty()) world.err << "no token is asked for: whoever can connect may ask\n";
  // A reader of the log that left is no reason to stop.
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  const auto ended = serve::serve(*server, world.err);
  if (!ended) {
    print_error(ended.error(), world);
    return kUsage;
  }
  return ended->all_answered ? kPass : 128 + ended->signal;
}

}  // namespace gate::cli
