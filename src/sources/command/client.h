// CommandSource: the output of programs.
#pragma once

#include <set>

#include "sources/command/runner.h"
#include "sources/source.h"

namespace gate::sources::command {

class CommandSource : public Source {
 public:
  CommandSource(std::string id, Limits limits, const SourceContext& context);

  /// Remembers which programs are asked.
  void prepare(std::span<const Question* const> questions) override;
  /// RG1965: a question about now was asked for the past. RG1966 to RG1971.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  /// Whether the programs are there. None is started.
  http::Task<void> health(Health& found) override;

 private:
  std::string id_;
  Runner runner_;
  std::set<std::string> programs_;
};

}  // namespace gate::sources::command
