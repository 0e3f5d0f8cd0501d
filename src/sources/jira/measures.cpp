// The rows of each measure: what is asked for, and which of the answers lie in the window.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "http/url.h"
#include "sources/http_settings.h"
#include "sources/jira/client.h"
#include "sources/jira/jql.h"

namespace gate::sources::jira {
namespace {

constexpr int kListPageSize = 50;

bool is_inside(const Question& question, core::Time time) {
  return !question.window || question.window->contains(time);
}

std::optional<double> points_of(const Issue& issue, const std::vector<std::string>& fields) {
  for (const std::string& field : fields) {
    if (const auto found = issue.numbers.find(field); found != issue.numbers.end()) return found->second;
  }
  return std::nullopt;
}

}  // namespace

http::Task<void> JiraSource::collect(Asking& asking) {
  const Measure measure = asking.query.info->measure;
  const bool by_history = asking.query.window_field == kDoneField || measure == Measure::cycle_time;
  if (measure == Measure::matching) return collect_matching(asking);
  if (measure == Measure::velocity) return collect_velocity(asking);
  if (!asking.query.project.empty()) return collect_versions(asking);
  return by_history ? collect_by_history(asking) : collect_issues(asking);
}

/// issues, throughput, lead_time and deployment_frequency over a date field.
http::Task<void> JiraSource::collect_issues(Asking& asking) {
  const Query& query = asking.query;
  const bool is_duration = query.info->nature == Nature::durations;
  http::Task<DateField> finding = window_field(asking);
  const DateField field = co_await finding;
  std::string jql = bounded_jql(query.jql, field.clause, asked_window(asking.question.window, field.grain), options_.times,
                                UpperBound::closed);
  std::vector<std::string> wanted = {field.id};
  if (is_duration && field.id != "created") wanted.emplace_back("created");
  Search search(options_.deployment, std::move(jql), std::move(wanted), WithHistory::no);
  while (!search.finished()) {
    http::Task<std::vector<Issue>> paging = next_page(asking, search, WithHistory::no);
    const std::vector<Issue> page = co_await paging;
    for (const Issue& issue : page) {
      const auto moment = required_moment(asking, issue, field.id);
      if (!moment || !is_inside(asking.question, *moment)) continue;
      const auto created = is_duration ? required_moment(asking, issue, "created") : moment;
      if (!created) continue;
      const double length = std::chrono::duration<double>(*moment - *created) / query.time_unit;
      asking.rows.push_back({*moment, is_duration ? length : 1.0});
    }
  }
}

/// What needs the way of each issue through its statuses. Who entered a done status in the window has been updated since.
http::Task<void> JiraSource::collect_by_history(Asking& asking) {
  const bool done_by_history = asking.query.window_field == kDoneField;
  http::Task<Workflow> reading = workflow(asking);
  const Workflow statuses = co_await reading;
  DateField field{"updated", "updated"};
  if (!done_by_history) {
    http::Task<DateField> finding = window_field(asking);
    field = co_await finding;
  }
  std::string jql = bounded_jql(asking.query.jql, field.clause, asked_window(asking.question.window, field.grain),
                                options_.times, done_by_history ? UpperBound::open : UpperBound::closed);
  Search search(options_.deployment, std::move(jql), {field.id, "created"}, WithHistory::yes);
  while (!search.finished()) {
    http::Task<std::vector<Issue>> paging = next_page(asking, search, WithHistory::yes);
    const std::vector<Issue> page = co_await paging;
    for (const Issue& issue : page) {
      const auto done = done_by_history ? done_within(issue.changes, statuses, asking.question.window)
                                        : required_moment(asking, issue, field.id);
      if (!done || !is_inside(asking.question, *done)) continue;
      if (const auto row = row_by_history(asking, issue, statuses, *done)) {
        asking.rows.push_back(*row);
      } else {
        ++asking.dropped;
      }
    }
  }
  if (asking.dropped > 0) {
    asking.answer.notes.push_back(
        fmt::format("{} issues were done without having been in progress: they have no cycle time", asking.dropped));
  }
}

/// The row of an issue that was done at `done`; nullopt when work on it never began.
std::optional<Row> JiraSource::row_by_history(Asking& asking, const Issue& issue, const Workflow& statuses,
                                              core::Time done) const {
  const Query& query = asking.query;
  if (query.info->nature == Nature::events) return Row{done, 1.0};
  if (query.info->measure == Measure::reopen_rate) {
    const auto end = asking.question.window ? std::optional(asking.question.window->end) : std::nullopt;
    return Row{done, was_reopened(issue.changes, statuses, done, end) ? 1.0 : 0.0};
  }
  const auto created = required_moment(asking, issue, "created");
  if (!created) return std::nullopt;
  const auto began = query.info->measure == Measure::cycle_time ? work_began(issue.changes, statuses, *created) : created;
  if (!began || *began > done) return std::nullopt;
  return Row{done, std::chrono::duration<double>(done - *began) / query.time_unit};
}

/// The moment in a date field: a stamp, or a bare day. An issue that was found by the field has it, or the answer is broken
/// (RG1710); without a window, nothing was asked of the field.
std::optional<core::Time> JiraSource::required_moment(Asking& asking, const Issue& issue, const std::string& field) const {
  const auto found = issue.texts.find(field);
  if (found != issue.texts.end()) {
    if (const auto stamp = parse_stamp(found->second)) return stamp;
    if (const auto day = parse_day(found->second)) {
      const std::string note = fmt::format("`{}` has no time of day: it counts as 00:00 UTC", core::printable(field));
      if (std::find(asking.answer.notes.begin(), asking.answer.notes.end(), note) == asking.answer.notes.end())
        asking.answer.notes.push_back(note);
      return day;
    }
  }
  if (found == issue.texts.end() && !asking.question.window) return std::nullopt;
  throw core::SourceError({"RG1710",
                           fmt::format("{}: the answer is not one of Jira's: issue {} has no readable `{}`", endpoint_->name,
                                       core::printable(issue.id), core::printable(field)),
                           "an issue that matched by this field must have it: does a proxy or an app change the answers?",
                           {},
                           {}});
}

http::Task<std::vector<std::int64_t>> JiraSource::scrum_boards(Asking& asking) {
  std::vector<std::int64_t> boards;
  bool last = false;
  for (std::size_t seen = 0; !last;) {
    const std::string path = fmt::format("/rest/agile/1.0/board?projectKeyOrId={}&type=scrum&startAt={}&maxResults={}",
                                         http::percent_encode(asking.query.project), seen, kListPageSize);
    http::Task<std::string> listing = get(asking, path);
    const std::string body = co_await listing;
    const ListPage<std::int64_t> page = value_of(decode_boards(body), path);
    boards.insert(boards.end(), page.values.begin(), page.values.end());
    seen += page.values.size();
    last = page.last || page.values.empty();
  }
  if (boards.empty())
    asking.answer.notes.push_back(fmt::format("project {} has no Scrum board, and so no velocity", asking.query.project));
  co_return boards;
}

/// Those that were completed within the window.
http::Task<std::vector<Sprint>> JiraSource::closed_sprints(Asking& asking, std::int64_t board) {
  std::vector<Sprint> sprints;
  bool last = false;
  for (std::size_t seen = 0; !last;) {
    const std::string path =
        fmt::format("/rest/agile/1.0/board/{}/sprint?state=closed&startAt={}&maxResults={}", board, seen, kListPageSize);
    http::Task<std::string> listing = get(asking, path);
    const std::string body = co_await listing;
    const ListPage<Sprint> page = value_of(decode_sprints(body), path);
    for (const Sprint& sprint : page.values) {
      if (sprint.state == "closed" && sprint.completed && is_inside(asking.question, *sprint.completed))
        sprints.push_back(sprint);
    }
    seen += page.values.size();
    last = page.last || page.values.empty();
  }
  co_return sprints;
}

http::Task<void> JiraSource::collect_velocity(Asking& asking) {
  const Query& query = asking.query;
  http::Task<std::vector<Field>> getting = fields(asking);
  const std::vector<Field> all = co_await getting;
  std::vector<std::string> points;
  for (const std::string& name : query.points_fields) {
    const auto found = find_field(all, name);
    if (found.ok()) {
      points.push_back(found->id);
    } else if (query.points_field_named || found.error().message.find("has no field") == std::string::npos) {
      value_of(found, api("/field"));
    }
  }
  if (points.empty()) value_of(find_field(all, query.points_fields.front()), api("/field"));
  http::Task<Workflow> reading = workflow(asking);
  const Workflow statuses = co_await reading;
  std::vector<std::int64_t> boards{query.board};
  if (!query.project.empty()) {
    http::Task<std::vector<std::int64_t>> listing = scrum_boards(asking);
    boards = co_await listing;
  }
  std::map<std::int64_t, Sprint> sprints;  // by number: two boards may show the same sprint
  for (const std::int64_t board : boards) {
    http::Task<std::vector<Sprint>> listing = closed_sprints(asking, board);
    for (const Sprint& sprint : co_await listing) sprints.emplace(sprint.id, sprint);
  }
  for (const auto& [number, sprint] : sprints) {
    http::Task<void> adding = add_sprint(asking, sprint, points, statuses);
    co_await adding;
  }
}

/// Points of what was done when the sprint was completed: an issue that spilled over was in it, too, but was not done.
http::Task<void> JiraSource::add_sprint(Asking& asking, const Sprint& sprint, const std::vector<std::string>& points,
                                        const Workflow& statuses) {
  std::string jql = fmt::format("sprint = {}", sprint.id);
  if (!asking.query.project.empty()) jql += fmt::format(" AND project = {}", jql_name(asking.query.project));
  if (!asking.query.jql.empty()) jql += fmt::format(" AND ({})", asking.query.jql);
  std::vector<std::string> wanted = points;
  wanted.emplace_back("status");
  Search search(options_.deployment, std::move(jql), std::move(wanted), WithHistory::yes);
  double sum = 0.0;
  std::size_t without = 0;
  while (!search.finished()) {
    http::Task<std::vector<Issue>> paging = next_page(asking, search, WithHistory::yes);
    const std::vector<Issue> page = co_await paging;
    for (const Issue& issue : page) {
      if (!is_done_at(issue.changes, statuses, *sprint.completed, issue.status)) continue;
      const auto value = points_of(issue, points);
      sum += value.value_or(0.0);
      without += value ? 0 : 1;
    }
  }
  if (without > 0) {
    asking.answer.notes.push_back(
        fmt::format("{}: {} done issues have no story points and count as 0", shown(*client_, sprint.name), without));
  }
  asking.rows.push_back({*sprint.completed, sum});
}

http::Task<std::vector<Version>> JiraSource::released_versions(Asking& asking) {
  std::vector<Version> released;
  std::size_t undated = 0;
  std::size_t seen = 0;
  bool last = false;
  while (!last) {
    const std::string path =
        fmt::format("{}?startAt={}&maxResults={}", api("/project/" + http::percent_encode(asking.query.project) + "/version"),
                    seen, kListPageSize);
    http::Task<std::string> listing = get(asking, path);
    const std::string body = co_await listing;
    const ListPage<Version> page = value_of(decode_versions(body), path);
    for (const Version& version : page.values) {
      if (version.released && !version.day) ++undated;
      if (version.released && version.day && is_inside(asking.question, *version.day)) released.push_back(version);
    }
    seen += page.values.size();
    last = page.last || page.values.empty();
  }
  asking.dropped += undated;
  if (undated > 0)
    asking.answer.notes.push_back(fmt::format("{} released versions have no release date and are left out", undated));
  asking.answer.notes.emplace_back("release dates have no time of day: they count as 00:00 UTC");
  co_return released;
}

/// deployment_frequency and change_failure_rate of a project's versions.
http::Task<void> JiraSource::collect_versions(Asking& asking) {
  http::Task<std::vector<Version>> listing = released_versions(asking);
  const std::vector<Version> versions = co_await listing;
  for (const Version& version : versions) {
    if (asking.query.info->measure == Measure::deployment_frequency) {
      asking.rows.push_back({*version.day, 1.0});
      continue;
    }
    Search search(options_.deployment, fmt::format("affectedVersion = {} AND ({})", version.id, asking.query.jql), {"created"},
                  WithHistory::no);
    std::size_t failures = 0;
    while (!search.finished() && failures == 0) {
      http::Task<std::vector<Issue>> paging = next_page(asking, search, WithHistory::no);
      const std::vector<Issue> page = co_await paging;
      failures += page.size();
    }
    asking.rows.push_back({*version.day, failures > 0 ? 1.0 : 0.0});
  }
}

http::Task<void> JiraSource::collect_matching(Asking& asking) {
  const Question& question = asking.question;
  if (question.before) {
    throw core::SourceError({"RG1709",
                             fmt::format("{}: Jira cannot say how many issues matched before the release", endpoint_->name),
                             R"(compare with a bound instead: fail = { above = 0 } and design = "none")",
                             {},
                             {}});
  }
  Search search(options_.deployment, bounded_jql(asking.query.jql, "", std::nullopt, options_.times, UpperBound::closed),
                {"created"}, WithHistory::no);
  std::size_t count = 0;
  while (!search.finished()) {
    http::Task<std::vector<Issue>> paging = next_page(asking, search, WithHistory::no);
    const std::vector<Issue> page = co_await paging;
    count += page.size();
  }
  // The answer holds no time of its own; one that a replay gives again, too, is at hand for all but snapshots.
  core::Time at = std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
  if (question.released_at) at = *question.released_at;
  if (question.window) at = question.window->end - core::Duration(1);
  asking.rows.push_back({at, static_cast<double>(count)});
}

/// Rows into the shape that was asked for. No rows: counts are 0, everything else is no data.
void JiraSource::finish(Asking& asking) const {
  core::Answer& answer = asking.answer;
  answer.dropped_rows = asking.dropped;
  const Question& question = asking.question;
  const bool counted = question.shape == Shape::slices;
  const MeasureInfo& info = *asking.query.info;
  if (counted && (info.nature == Nature::durations || info.measure == Measure::matching || !question.window)) {
    throw core::SourceError({"RG1709",
                             fmt::format("{}: measure = \"{}\" cannot be counted over time", endpoint_->name, info.name),
                             fmt::format("use kind = \"{}\"", info.natural_kind),
                             {},
                             {}});
  }
  put_rows(answer, question, std::move(asking.rows));
}

std::string JiraSource::shown_jql(const Question& question, const Query& query) const {
  const bool by_history = query.window_field == kDoneField;
  const auto field = system_date_field(query.window_field);
  if (query.info->measure == Measure::velocity) {
    return "sprint = …" + (query.project.empty() ? "" : " AND project = " + jql_name(query.project)) +
           (query.jql.empty() ? "" : " AND (" + query.jql + ")");
  }
  if (query.info->measure == Measure::change_failure_rate) return fmt::format("affectedVersion = … AND ({})", query.jql);
  if (query.info->measure == Measure::matching) return fmt::format("({})", query.jql);
  return bounded_jql(query.jql,
                     by_history ? "updated"
                     : field    ? field->clause
                                : jql_name(query.window_field),
                     question.window, options_.times, by_history ? UpperBound::open : UpperBound::closed);
}

std::vector<PlannedRequest> JiraSource::preview(const Question& question) const {
  const Query query = read_query(question.query);
  const Search search(options_.deployment, "", {}, WithHistory::no);
  std::vector<PlannedRequest> all;
  const bool by_history = query.window_field == kDoneField || query.info->measure == Measure::cycle_time ||
                          query.info->measure == Measure::velocity;
  if (query.info->measure == Measure::velocity) {
    const bool by_project = !query.project.empty();
    if (by_project) all.push_back({"GET", "/rest/agile/1.0/board", "Scrum boards of " + query.project});
    all.push_back({"GET", fmt::format("/rest/agile/1.0/board/{}/sprint", by_project ? "…" : std::to_string(query.board)),
                   "state=closed"});
  } else if (!query.project.empty())
    all.push_back({"GET", api("/project/" + query.project + "/version"), "released, by releaseDate"});
  if (!query.jql.empty() || query.info->measure == Measure::velocity)
    all.push_back({"POST", search.path(), shown_jql(question, query)});
  if (by_history && options_.deployment == Deployment::cloud)
    all.push_back({"POST", api("/changelog/bulkfetch"), "the changes of status of each issue"});
  return all;
}

/// Jira's own page about the same thing.
std::string JiraSource::graph_url(const Question& question, const Query& query) const {
  if (options_.site.empty()) return "";
  if (query.info->measure == Measure::velocity && query.project.empty()) {
    return fmt::format("{}/secure/RapidBoard.jspa?rapidView={}&view=reporting&chart=velocityChart", options_.site, query.board);
  }
  if (query.info->measure != Measure::velocity && !query.project.empty()) {
    return fmt::format("{}/projects/{}?selectedItem=com.atlassian.jira.jira-projects-plugin%3Arelease-page", options_.site,
                       http::percent_encode(query.project));
  }
  return fmt::format("{}/issues/?jql={}", options_.site, http::percent_encode(shown_jql(question, query)));
}

}  // namespace gate::sources::jira
