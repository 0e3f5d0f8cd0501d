// Xml: XML files read front to back by expat, with nothing in them that could run away: no entities of their own, no deep
// nesting. Not for what the elements mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sources/workspace_file.h"

namespace gate::sources {

/// The attributes of one element, alive during XmlHandler::open().
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  /// "" when it is absent.
  [[nodiscard]] std::string text(std::string_view name) const;

 private:
  const char** pairs_;
};

/// Takes the elements of a document. May throw core::SourceError, which ends the reading.
class XmlHandler {
 public:
  XmlHandler() = default;
  virtual ~XmlHandler() = default;
  XmlHandler(const XmlHandler&) = delete;
  XmlHandler& operator=(const XmlHandler&) = delete;

  /// `place` is "a.xml:3:7" and is made when it is asked for.
  virtual void open(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void close(std::string_view name) { (void)name; }

  /// "a.xml:3:7", of the element that is being read.
  [[nodiscard]] std::string place() const { return place_ == nullptr ? "" : place_(state_); }

 private:
  friend void read_xml(WorkspaceFile& file, std::uint64_t max_bytes, XmlHandler& handler);
  std::string (*place_)(void* state) = nullptr;
  void* state_ = nullptr;
};

/// Elements that are nested deeper are an error.
inline constexpr int kMostXmlDepth = 100;

/// Reads `file`, whose digest is filled, and gives its elements to `handler`. A document type is allowed, entities declared in
/// it are not; nothing is fetched. Throws core::SourceError: RG1401, RG1502, RG1503, and what the handler throws.
void read_xml(WorkspaceFile& file, std::uint64_t max_bytes, XmlHandler& handler);

}  // namespace gate::sources
