#include "http/tape.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/text.h"
#include "http/base64.h"
#include "http/digest.h"

namespace gate::http {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kSuffix = ".json";
constexpr const char* kBytes = "bytes_base64";

core::Error tape_error(const char* code, std::string message, std::string hint) {
  return {code, std::move(message), std::move(hint), {}, {}};
}

core::Error unusable(const fs::path& path, const std::string& why) {
  return tape_error("RG1080", fmt::format("recorded exchanges: {}: {}", path.string(), why),
                    "check the folder and its permissions");
}

core::Error changed(const fs::path& path, const std::string& why) {
  return tape_error("RG1081", fmt::format("recorded exchange {}: {}", path.string(), why),
                    "the evidence was changed after it was recorded: get the original, or record again");
}

/// A JSON object is kept as such, so that people can read the file; any other text as a string, and bytes that are none in
/// base64.
json as_document(const std::string& text) {
  if (!core::is_utf8(text)) return json{{kBytes, base64_encode(text)}};
  json parsed = json::parse(text, nullptr, false);
  return parsed.is_object() ? parsed : json(text);
}

std::string as_text(const json& document) {
  if (document.is_string()) return document.get<std::string>();
  const bool is_bytes =
      document.is_object() && document.size() == 1 && document.contains(kBytes) && document[kBytes].is_string();
  const auto bytes = is_bytes ? base64_decode(document[kBytes].get<std::string>()) : std::nullopt;
  return bytes ? *bytes : document.dump();
}

std::string canonical(const std::string& text) {
  return as_text(as_document(text));
}

std::string checksum(const std::string& question, const std::string& answer) {
  return sha256_hex(question + "\n" + answer);
}

std::string file_name(const std::string& question) {
  return sha256_hex(question).substr(0, 32) + kSuffix;
}

core::Result<bool> write_whole(const fs::path& path, const std::string& text) {
  // Renamed into place, so that a run that is killed leaves no half exchange.
  const fs::path part = path.string() + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file) return unusable(path, "cannot be written");
  std::error_code error;
  fs::rename(part, path, error);
  if (error) return unusable(path, error.message());
  return true;
}

struct Exchange {
  std::string question;
  std::string answer;
};

core::Result<Exchange> read_exchange(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file) return unusable(path, "cannot be read");
  const json document = json::parse(bytes.str(), nullptr, false);
  if (!document.is_object() || !document.contains("question") || !document.contains("answer") || !document.contains("sha256") ||
      !document["sha256"].is_string()) {
    return changed(path, "it is no exchange (an object of question, answer and sha256)");
  }
  Exchange exchange{as_text(document["question"]), as_text(document["answer"])};
  if (document["sha256"].get<std::string>() != checksum(exchange.question, exchange.answer)) {
    return changed(path, "its content does not match its SHA-256");
  }
  if (path.filename() != file_name(exchange.question)) return changed(path, "its name does not match its question");
  return exchange;
}

}  // namespace

core::Result<Tape> Tape::open(const std::string& directory, TapeMode mode) {
  const fs::path folder = fs::path(directory) / "exchanges";
  std::error_code error;
  if (mode == TapeMode::record) fs::create_directories(folder, error);
  if (error) return unusable(folder, error.message());
  fs::directory_iterator entries(folder, error);
  if (error) return unusable(folder, error.message());
  Tape tape(directory, mode);
  for (const fs::directory_entry& entry : entries) {
    if (entry.path().extension() != kSuffix) continue;
    if (mode == TapeMode::record) return unusable(folder, "it holds exchanges of an earlier recording");
    core::Result<Exchange> exchange = read_exchange(entry.path());
    if (!exchange.ok()) return exchange.error();
    tape.answers_.emplace(std::move(exchange.value().question), std::move(exchange.value().answer));
  }
  return tape;
}

std::string Tape::placed(const std::string& question) const {
  if (chapter_.empty()) return question;
  return json{{"chapter", chapter_}, {"question", as_document(question)}}.dump();
}

core::Result<bool> Tape::put(const std::string& question, const std::string& answer, TapeForm form) {
  const json asked = as_document(placed(question));
  const std::string name = as_text(asked);
  const fs::path path = fs::path(directory_) / "exchanges" / file_name(name);
  // Put together by hand: a document that holds both would copy a big answer more than once.
  const auto keep = [&](const std::string& text, const std::string& written) {
    std::string file = "{\"question\":" + asked.dump() + ",\n\"sha256\":\"" + checksum(name, text) + "\",\n\"answer\":";
    file.reserve(file.size() + written.size() + 2);
    file += written;
    file += "}\n";
    return write_whole(path, file);
  };
  if (form == TapeForm::canonical) return keep(answer, answer);
  const json answered = as_document(answer);
  return keep(as_text(answered), answered.dump());
}

core::Result<std::string> Tape::get(const std::string& question) const {
  const auto found = answers_.find(canonical(placed(question)));
  if (found == answers_.end()) {
    return tape_error("RG1082", "this question was not recorded",
                      "the gate file, the release time or the program changed since the recording: record again");
  }
  return found->second;
}

}  // namespace gate::http
