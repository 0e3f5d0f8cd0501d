#include "cassette.h"

#include <cstdlib>

namespace gate::sources::datadog {
namespace {

std::string rest_of_line(const std::string& text, std::size_t at) {
  return text.substr(at, text.find('\n', at) - at);
}

/// The single-quoted scalar whose opening quote is at `at`: '' is a quote, a line break a space, an empty line a line break.
std::string quoted(const std::string& text, std::size_t at) {
  std::string out;
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\'') {
      if (i + 1 >= text.size() || text[i + 1] != '\'') return out;
      out += text[++i];
      continue;
    }
    if (text[i] != '\n') {
      out += text[i];
      continue;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    std::size_t breaks = 0;
    while (i < text.size() && (text[i] == '\n' || text[i] == ' ')) breaks += text[i++] == '\n' ? 1 : 0;
    out += breaks == 1 ? std::string(" ") : std::string(breaks - 1, '\n');
    --i;
  }
  return out;
}

}  // namespace

std::vector<Interaction> read_cassette(const std::string& text) {
  const std::string kMethod = "\n    method: ";
  const std::string kUri = "\n    uri: https://api.datadoghq.com";
  const std::string kString = "\n      string: '";
  const std::string kCode = "\n      code: ";
  std::vector<Interaction> all;
  for (std::size_t at = text.find(kMethod); at != std::string::npos; at = text.find(kMethod, at + 1)) {
    Interaction one;
    const std::size_t uri = text.find(kUri, at) + kUri.size();
    const std::string path = rest_of_line(text, uri);
    one.route = rest_of_line(text, at + kMethod.size()) + " " + path.substr(0, path.find('?'));
    one.body = quoted(text, text.find(kString, uri) + kString.size() - 1);
    one.status = std::atoi(rest_of_line(text, text.find(kCode, uri) + kCode.size()).c_str());
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace gate::sources::datadog
