#include "folder.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <fstream>

namespace gate::sources::file {
namespace {

class Collector : public Sink {
 public:
  explicit Collector(ReadResult& out) : out_(out) {}

  void header(std::span<const std::string> columns) override { out_.header.assign(columns.begin(), columns.end()); }

  void row(std::span<const Cell> cells, std::uint64_t number) override {
    std::string text = fmt::format("{}: ", number);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += '|';
      text += cells[i].present ? std::string(cells[i].text) : "~";
    }
    out_.rows.push_back(text);
  }

  void bad(std::uint64_t number, std::string_view why) override { out_.rows.push_back(fmt::format("{}! {}", number, why)); }

 private:
  ReadResult& out_;
};

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "release-gate-file-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, std::string_view text) const {
  const std::filesystem::path path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  return path.string();
}

ReadResult read_text(const ReadOptions& options, std::string_view text, const std::vector<std::string>& columns) {
  const Folder folder;
  const std::string path = folder.write("rows", text);
  ReadResult out;
  Collector collector(out);
  const auto reader = open_records({path, options, columns, collector, nullptr});
  while (true) {
    const auto more = reader->step();
    if (!more) {
      const std::string message = more.error().message;
      const std::size_t at_path = message.find(path);
      out.error = more.error().code + " " + (at_path == 0 ? message.substr(path.size()) : message);
      return out;
    }
    if (!*more) return out;
  }
}

core::Node text_node(std::string text) {
  core::Node node;
  node.value = std::move(text);
  return node;
}

core::Node number_node(double value) {
  core::Node node;
  node.value = value;
  return node;
}

core::Node list_node(std::vector<core::Node> items) {
  core::Node node;
  node.value = std::move(items);
  return node;
}

core::Node table_node(std::vector<std::pair<std::string, core::Node>> members) {
  core::Node::Table table;
  for (auto& [key, value] : members) table.push_back({key, {}, std::move(value)});
  core::Node node;
  node.value = std::move(table);
  return node;
}

core::Settings settings(std::vector<std::pair<std::string, core::Node>> members) {
  core::Settings out;
  for (auto& [key, value] : members) {
    core::Setting setting;
    setting.key = key;
    setting.node = std::move(value);
    out.add(std::move(setting));
  }
  return out;
}

std::vector<std::string> texts(const core::Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const core::Diagnostic& one : diagnostics) out.push_back(one.error.code + " " + one.error.message);
  return out;
}

core::Time at(std::string_view text) {
  const auto time = core::parse_time(text);
  REQUIRE(time.ok());
  return *time;
}

}  // namespace gate::sources::file
