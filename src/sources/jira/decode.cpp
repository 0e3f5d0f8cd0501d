#include "sources/jira/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "sources/jira/times.h"

namespace gate::sources::jira {
namespace {

using nlohmann::json;

/// Leaves the decoder for the one place that turns it into a Result.
struct DecodeFailure {
  core::Error error;
};

[[noreturn]] void wrong_form(std::string_view what) {
  throw DecodeFailure{{"RG1710",
                       fmt::format("the answer is not one of Jira's: {}", what),
                       "does `url` point at Jira itself, and is `deployment` right (cloud or data-center)?",
                       {},
                       {}}};
}

/// The member `key`; null when it is absent.
const json& member(const json& object, const char* key) {
  static const json kNull;
  if (!object.is_object()) wrong_form(fmt::format("where `{}` should be there is no object", key));
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

const json& list(const json& object, const char* key) {
  const json& value = member(object, key);
  if (!value.is_array()) wrong_form(fmt::format("`{}` is not a list", key));
  return value;
}

std::string text_or_empty(const json& object, const char* key) {
  const json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// Ids are texts in most answers and numbers in some.
std::string id_of(const json& object, const char* key) {
  const json& value = member(object, key);
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_integer() ? std::to_string(value.get<std::int64_t>()) : std::string();
}

/// "2020-12-03T14:05:20.974+0100", or milliseconds since 1970, as /changelog/bulkfetch writes them.
core::Time time_of(const json& value, std::string_view what) {
  if (value.is_number_integer()) return core::Time(core::Duration(value.get<std::int64_t>()));
  const auto time = value.is_string() ? parse_stamp(value.get_ref<const std::string&>()) : std::nullopt;
  if (!time) wrong_form(fmt::format("`{}` is no time", what));
  return *time;
}

void read_history(const json& history, std::vector<Change>& changes) {
  for (const json& item : list(history, "items")) {
    if (text_or_empty(item, "field") != "status") continue;
    changes.push_back({time_of(member(history, "created"), "created"),
                       {id_of(item, "from"), text_or_empty(item, "fromString")},
                       {id_of(item, "to"), text_or_empty(item, "toString")}});
  }
}

void order_by_time(std::vector<Change>& changes) {
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
}

/// expand=changelog of Data Center.
void read_changelog(const json& changelog, Issue& issue) {
  const json& histories = list(changelog, "histories");
  const json& total = member(changelog, "total");
  if (total.is_number_integer() && total.get<std::size_t>() > histories.size()) {
    throw DecodeFailure{{"RG1711",
                         fmt::format("the changelog of issue {} is not whole: {} of {} entries came", issue.id,
                                     histories.size(), total.get<std::size_t>()),
                         "durations from half a changelog would be wrong; is this Jira Cloud (`deployment = \"cloud\"`)?",
                         {},
                         {}}};
  }
  for (const json& history : histories) read_history(history, issue.changes);
  order_by_time(issue.changes);
}

Issue read_issue(const json& value) {
  Issue issue;
  issue.id = id_of(value, "id");
  if (issue.id.empty()) issue.id = text_or_empty(value, "key");
  if (issue.id.empty()) wrong_form("an issue has neither `id` nor `key`");
  const json& fields = member(value, "fields");
  if (fields.is_object()) {
    for (const auto& [name, field] : fields.items()) {
      if (field.is_string()) issue.texts[name] = field.get<std::string>();
      if (field.is_number()) issue.numbers[name] = field.get<double>();
    }
    const json& status = member(fields, "status");
    if (status.is_object()) issue.status = {id_of(status, "id"), text_or_empty(status, "name")};
  }
  const json& changelog = member(value, "changelog");
  if (changelog.is_object()) read_changelog(changelog, issue);
  return issue;
}

Sprint read_sprint(const json& value) {
  Sprint sprint;
  const json& id = member(value, "id");
  if (!id.is_number_integer()) wrong_form("a sprint has no `id`");
  sprint.id = id.get<std::int64_t>();
  sprint.name = text_or_empty(value, "name");
  sprint.state = text_or_empty(value, "state");
  const json& completed = member(value, "completeDate");
  if (!completed.is_null()) sprint.completed = time_of(completed, "completeDate");
  return sprint;
}

std::int64_t read_board(const json& value) {
  const json& id = member(value, "id");
  if (!id.is_number_integer()) wrong_form("a board has no `id`");
  return id.get<std::int64_t>();
}

Version read_version(const json& value) {
  Version version;
  version.id = id_of(value, "id");
  if (version.id.empty()) wrong_form("a version has no `id`");
  version.name = text_or_empty(value, "name");
  const json& released = member(value, "released");
  version.released = released.is_boolean() && released.get<bool>();
  const json& day = member(value, "releaseDate");
  if (day.is_null()) return version;
  version.day = day.is_string() ? parse_day(day.get_ref<const std::string&>()) : std::nullopt;
  if (!version.day) wrong_form("`releaseDate` is no date");
  return version;
}

/// {"startAt":0,"maxResults":50,"total":2,"isLast":true,"values":[…]}, or the values alone.
template <typename T>
ListPage<T> read_list(const json& document, T (*read)(const json&)) {
  ListPage<T> page;
  const json& values = document.is_array() ? document : list(document, "values");
  for (const json& value : values) page.values.push_back(read(value));
  if (document.is_array()) return page;
  const json& last = member(document, "isLast");
  const json& total = member(document, "total");
  const json& start = member(document, "startAt");
  if (last.is_boolean()) {
    page.last = last.get<bool>();
  } else if (total.is_number_integer() && start.is_number_integer()) {
    page.last = start.get<std::int64_t>() + static_cast<std::int64_t>(page.values.size()) >= total.get<std::int64_t>();
  } else {
    wrong_form("a page says neither `isLast` nor `total`");
  }
  return page;
}

template <typename Read>
auto with_document(const std::string& body, Read read) -> core::Result<decltype(read(std::declval<const json&>()))> {
  const json document = json::parse(body, nullptr, false);
  if (document.is_discarded()) {
    return core::Error{"RG1201",
                       fmt::format("the answer ({} bytes) is not JSON, or it was cut off", body.size()),
                       "a proxy between, or a server that died while it answered, is the usual cause",
                       {},
                       {}};
  }
  try {
    return read(document);
  } catch (const DecodeFailure& failure) {
    return failure.error;
  }
}

}  // namespace

core::Result<IssuePage> decode_issues(const std::string& body) {
  return with_document(body, [](const json& document) {
    IssuePage page;
    for (const json& issue : list(document, "issues")) page.issues.push_back(read_issue(issue));
    page.next_token = text_or_empty(document, "nextPageToken");
    const json& total = member(document, "total");
    if (total.is_number_integer()) page.total = total.get<std::int64_t>();
    return page;
  });
}

core::Result<ChangelogPage> decode_changelogs(const std::string& body) {
  return with_document(body, [](const json& document) {
    ChangelogPage page;
    for (const json& log : list(document, "issueChangeLogs")) {
      const std::string id = id_of(log, "issueId");
      if (id.empty()) wrong_form("a changelog has no `issueId`");
      for (const json& history : list(log, "changeHistories")) read_history(history, page.changes[id]);
    }
    for (auto& [id, changes] : page.changes) order_by_time(changes);
    page.next_token = text_or_empty(document, "nextPageToken");
    return page;
  });
}

core::Result<Myself> decode_myself(const std::string& body) {
  return with_document(body, [](const json& document) {
    Myself myself{text_or_empty(document, "displayName"), text_or_empty(document, "timeZone")};
    if (myself.name.empty()) myself.name = text_or_empty(document, "name");
    if (myself.name.empty()) wrong_form("/myself names nobody");
    return myself;
  });
}

core::Result<std::vector<Field>> decode_fields(const std::string& body) {
  return with_document(body, [](const json& document) {
    if (!document.is_array()) wrong_form("the fields are no list");
    std::vector<Field> fields;
    for (const json& value : document) {
      Field field{text_or_empty(value, "id"), text_or_empty(value, "name"), {}, ""};
      const json& clauses = member(value, "clauseNames");
      if (clauses.is_array()) {
        for (const json& clause : clauses) {
          if (clause.is_string()) field.clauses.push_back(clause.get<std::string>());
        }
      }
      const json& schema = member(value, "schema");
      if (schema.is_object()) field.type = text_or_empty(schema, "type");
      fields.push_back(std::move(field));
    }
    return fields;
  });
}

core::Result<std::vector<KnownStatus>> decode_statuses(const std::string& body) {
  return with_document(body, [](const json& document) {
    if (!document.is_array()) wrong_form("the statuses are no list");
    std::vector<KnownStatus> statuses;
    for (const json& value : document) {
      KnownStatus status{{id_of(value, "id"), text_or_empty(value, "name")}, ""};
      const json& category = member(value, "statusCategory");
      if (category.is_object()) status.category = text_or_empty(category, "key");
      statuses.push_back(std::move(status));
    }
    return statuses;
  });
}

core::Result<ListPage<std::int64_t>> decode_boards(const std::string& body) {
  return with_document(body, [](const json& document) { return read_list<std::int64_t>(document, read_board); });
}

core::Result<ListPage<Sprint>> decode_sprints(const std::string& body) {
  return with_document(body, [](const json& document) { return read_list<Sprint>(document, read_sprint); });
}

core::Result<ListPage<Version>> decode_versions(const std::string& body) {
  return with_document(body, [](const json& document) { return read_list<Version>(document, read_version); });
}

core::Result<ServerInfo> decode_server_info(const std::string& body) {
  return with_document(body, [](const json& document) {
    return ServerInfo{text_or_empty(document, "version"), text_or_empty(document, "deploymentType")};
  });
}

core::Result<std::optional<bool>> decode_permission(const std::string& body, const std::string& name) {
  return with_document(body, [&](const json& document) -> std::optional<bool> {
    const json& permissions = member(document, "permissions");
    if (!permissions.is_object()) wrong_form("`permissions` is no object");
    const json& permission = member(permissions, name.c_str());
    if (!permission.is_object()) return std::nullopt;
    const json& have = member(permission, "havePermission");
    if (!have.is_boolean()) return std::nullopt;
    return have.get<bool>();
  });
}

std::vector<std::string> decode_messages(const std::string& body) {
  const json document = json::parse(body, nullptr, false);
  std::vector<std::string> words;
  if (!document.is_object()) return words;
  const json& messages = member(document, "errorMessages");
  if (messages.is_array()) {
    for (const json& message : messages) {
      if (message.is_string()) words.push_back(message.get<std::string>());
    }
  }
  const json& errors = member(document, "errors");
  if (errors.is_object()) {
    for (const auto& [field, message] : errors.items()) {
      if (message.is_string()) words.push_back(field + ": " + message.get<std::string>());
    }
  }
  return words;
}

}  // namespace gate::sources::jira
