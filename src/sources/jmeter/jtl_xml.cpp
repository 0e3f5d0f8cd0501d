#include <fmt/format.h>

#include "core/text.h"
#include "sources/jmeter/decode.h"
#include "sources/xml.h"

namespace gate::sources::jmeter {
namespace {

class Handler final : public XmlHandler {
 public:
  explicit Handler(JmeterReport& report) : report_(report) {}

  void open(std::string_view name, const XmlAttributes& attributes) override {
    if (++depth_ == 1) {
      if (name == "testResults") return;
      throw_wrong_form(place(), fmt::format("it is no result file of JMeter's: its root is `{}`", core::printable(name)),
                       "JMeter's XML begins with <testResults>");
    }
    if (name != "httpSample" && name != "sample") return;
    // Inside of a request stand its redirects and images, which its time holds already.
    if (request_depth_ > 0) return;
    if (is_transaction(attributes.text("rm"))) {
      ++report_.transactions;
      return;
    }
    request_depth_ = depth_;
    add_sample(report_, attributes.text("ts"), attributes.text("t"), attributes.text("s"), attributes.text("lb"),
               [this] { return place(); });
  }

  void close(std::string_view /*name*/) override {
    if (depth_ == request_depth_) request_depth_ = 0;
    --depth_;
  }

 private:
  JmeterReport& report_;
  int depth_ = 0;
  int request_depth_ = 0;  ///< of the request that is open; 0 when none is
};

}  // namespace

void read_xml_file(WorkspaceFile& file, std::uint64_t max_bytes, JmeterReport& report) {
  Handler handler(report);
  read_xml(file, max_bytes, handler);
}

}  // namespace gate::sources::jmeter
