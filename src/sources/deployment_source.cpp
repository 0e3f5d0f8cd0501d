#include "sources/deployment_source.h"

#include <set>

#include "sources/api_values.h"

namespace gate::sources {

DeploymentSource::Asking DeploymentSource::asking_of(core::Answer& answer, const Question& question) const {
  return {answer, question, question.query.text("measure").value_or(""), project_of(question.query),
          question.query.text("environment").value_or("production")};
}

/// Whether each brought an older commit than the one before: it was deployed earlier already, or lies behind in history.
http::Task<void> DeploymentSource::mark_rollbacks(Asking& asking, std::vector<Deployment>& all) {
  std::set<std::string> seen;
  const Deployment* before = nullptr;
  for (Deployment& one : all) {
    if (!one.succeeded) continue;
    if (before != nullptr && one.sha != before->sha) {
      if (seen.contains(one.sha)) {
        one.is_rollback = true;
      } else {
        http::Task<bool> comparing = is_behind(asking, before->sha, one.sha);
        one.is_rollback = co_await comparing;
      }
    }
    seen.insert(one.sha);
    before = &one;
  }
}

http::Task<void> DeploymentSource::add_commits(Asking& asking, std::vector<Deployment>& all) {
  const auto& window = asking.question.window;
  for (Deployment& one : all) {
    if (!one.succeeded || one.committed || (window && !window->contains(one.finished))) continue;
    http::Task<core::Time> asking_it = time_of_commit(asking, one.sha);
    one.committed = co_await asking_it;
  }
}

http::Task<void> DeploymentSource::fetch_deployments(Asking& asking) {
  const DeploymentMeasure measure = deployment_measure(asking.measure);
  const Question& question = asking.question;
  if (is_duration(measure)) refuse_counting(caller(), question, deployment_measures()[static_cast<std::size_t>(measure)]);
  std::vector<Deployment> all;
  http::Task<void> listing = list(asking, measure, all);
  co_await listing;
  sort_deployments(all);
  if (needs_rollbacks(measure)) {
    http::Task<void> marking = mark_rollbacks(asking, all);
    co_await marking;
  }
  if (measure == DeploymentMeasure::lead_time) {
    http::Task<void> adding = add_commits(asking, all);
    co_await adding;
  }
  std::vector<Row> rows = deployment_rows(measure, all);
  if (question.window) std::erase_if(rows, [&](const Row& row) { return !question.window->contains(row.time); });
  put_rows(asking.answer, question, std::move(rows));
}

}  // namespace gate::sources
