// Html text: what goes into the template, made safe for it. Not for what the page says: html.cpp and html_metric.cpp.
#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gate::report {

using Values = kainjow::mustache::data;

/// Text for {{name}}, where the template escapes it: control and hidden characters are written out.
Values shown(std::string_view text);
/// The same for sentences and numbers: a number is not broken from its unit.
Values prose(std::string_view text);
/// The same for text of several lines, such as a query: line breaks and tabs stay.
Values shown_lines(std::string_view text);
/// For {{{name}}}: markup of svg.h, as it is.
Values markup(const std::string& text);
Values list_of(const std::vector<Values>& items);
/// `text` as prose for a section {{#name}}: false when empty, so that the section is left out.
Values optional(std::string_view text);

/// http and https alone, and nothing that a browser could read otherwise: no blanks, quotes or hidden characters.
bool is_web_url(std::string_view url);

/// "latency-p99": letters, digits, '-' and '_' of `id`, as a fragment of a URL.
std::string fragment_of(std::string_view id);
/// The first letter in upper case, where it is one of ASCII.
std::string capitalised(std::string text);

/// SHA-256 in Base64, as a Content-Security-Policy names it: "sha256-…".
std::string policy_hash(std::string_view text);

}  // namespace gate::report
