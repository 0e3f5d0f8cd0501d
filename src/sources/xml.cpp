#include "sources/xml.h"

#include <expat.h>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <memory>

#include "core/text.h"
#include "http/digest.h"
#include "sources/file/block_reader.h"

namespace gate::sources {
namespace {

constexpr const char* kHint = "was the tool stopped before it wrote its end?";

/// What expat's callbacks need. An exception must not pass through expat's C: it waits here.
struct Reading {
  XML_Parser parser = nullptr;
  XmlHandler* handler = nullptr;
  const std::string* path = nullptr;
  int depth = 0;
  std::exception_ptr failure;

  [[nodiscard]] std::string place() const {
    return fmt::format("{}:{}:{}", core::printable(*path), XML_GetCurrentLineNumber(parser),
                       XML_GetCurrentColumnNumber(parser) + 1);
  }

  template <typename Act>
  void guarded(Act act) {
    if (failure) return;
    try {
      act();
    } catch (...) {
      failure = std::current_exception();
      XML_StopParser(parser, XML_FALSE);
    }
  }
};

Reading& reading_of(void* data) {
  return *static_cast<Reading*>(data);
}

void XMLCALL on_open(void* data, const XML_Char* name, const XML_Char** attributes) {
  Reading& reading = reading_of(data);
  reading.guarded([&] {
    if (++reading.depth > kMostXmlDepth) {
      throw_wrong_form(reading.place(), fmt::format("elements are nested more than {} deep", kMostXmlDepth),
                       "no tool writes such a report: look at the file");
    }
    reading.handler->open(name, XmlAttributes(attributes));
  });
}

void XMLCALL on_close(void* data, const XML_Char* name) {
  Reading& reading = reading_of(data);
  reading.guarded([&] {
    --reading.depth;
    reading.handler->close(name);
  });
}

void XMLCALL on_entity(void* data, const XML_Char* name, int /*is_parameter*/, const XML_Char* /*value*/, int /*length*/,
                       const XML_Char* /*base*/, const XML_Char* /*system*/, const XML_Char* /*public_id*/,
                       const XML_Char* /*notation*/) {
  Reading& reading = reading_of(data);
  reading.guarded([&] {
    throw_wrong_form(reading.place(), fmt::format("it declares an entity of its own, `{}`", core::printable(name)),
                     "such files are refused: no report needs entities, and a few of them can fill the memory");
  });
}

struct Free {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

}  // namespace

std::optional<std::string_view> XmlAttributes::find(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (name == pair[0]) return std::string_view(pair[1]);
  }
  return std::nullopt;
}

std::string XmlAttributes::text(std::string_view name) const {
  return std::string(find(name).value_or(""));
}

void read_xml(WorkspaceFile& file, std::uint64_t max_bytes, XmlHandler& handler) {
  const auto start = std::chrono::steady_clock::now();
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser(XML_ParserCreate(nullptr));
  Reading reading{parser.get(), &handler, &file.path, 0, nullptr};
  handler.state_ = &reading;
  handler.place_ = [](void* state) { return reading_of(state).place(); };
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), on_open, on_close);
  XML_SetEntityDeclHandler(parser.get(), on_entity);
  http::Digest digest;
  file::BlockReader blocks(file.path, &digest);
  if (blocks.error()) throw core::SourceError(*blocks.error());
  bool more = true;
  while (more) {
    more = blocks.more();
    if (blocks.error()) throw core::SourceError(*blocks.error());
    if (blocks.bytes() > max_bytes) {
      throw core::SourceError({"RG1502",
                               fmt::format("{} is larger than allowed", core::printable(file.path)),
                               "if it is the right file, raise `max_bytes` of the source",
                               {},
                               {}});
    }
    const std::string_view block = blocks.rest();
    const auto status = XML_Parse(parser.get(), block.data(), static_cast<int>(block.size()), more ? XML_FALSE : XML_TRUE);
    if (reading.failure) std::rethrow_exception(reading.failure);
    if (status != XML_STATUS_OK) {
      throw_wrong_form(reading.place(), fmt::format("it is not XML: {}", XML_ErrorString(XML_GetErrorCode(parser.get()))),
                       kHint);
    }
    blocks.consume(block.size());
  }
  file.sha256 = digest.hex();
  file.bytes = blocks.bytes();
  file.milliseconds += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace gate::sources
