// ZigpollSource: answers of surveys, one a participant and question, as samples whose mean is the figure.
#pragma once

#include <string>

#include "sources/api_source.h"
#include "sources/zigpoll/query.h"

namespace gate::sources::zigpoll {

extern const ApiSystem kZigpoll;

class ZigpollSource : public ApiSource {
 public:
  using ApiSource::ApiSource;

  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;

 protected:
  /// RG1940: no such question or poll; RG1942: scores that are to be counted; RG1946: an answer that is no number of the scale.
  http::Task<void> fetch(core::Answer& answer, const Question& question) override;
  [[nodiscard]] http::Request probe() const override;

 private:
  struct Gathered {
    survey::Answers answers;
    std::size_t blank = 0;
    std::size_t bad = 0;
  };

  /// What is not there is answered with no responses.
  http::Task<void> require_known(core::Answer& answer, const Query& query);
  void take(const JsonAt& response, const Query& query, const Question& question, Gathered& out) const;
};

}  // namespace gate::sources::zigpoll
