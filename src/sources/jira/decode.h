// Decode: the JSON answers of Jira as values. Sends nothing and judges nothing. Every function gives RG1201 for what is no JSON
// (or was cut off) and RG1710 for JSON of another form.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "sources/jira/history.h"

namespace gate::sources::jira {

/// One issue with the fields that were asked for: texts as they are, numbers as numbers; absent and null fields are left out.
struct Issue {
  std::string id;  ///< the key where an answer has no id
  std::map<std::string, std::string> texts;
  std::map<std::string, double> numbers;
  Status status;
  std::vector<Change> changes;  ///< of its status, ordered by time, when the answer holds a changelog
};

/// A page of issues: of Cloud's /search/jql (token) or of Data Center's /search (start, total).
struct IssuePage {
  std::vector<Issue> issues;
  std::string next_token;  ///< "" when it is absent, null or empty: the last page
  std::optional<std::int64_t> total;
};
/// RG1711: the changelog of an issue is not whole.
core::Result<IssuePage> decode_issues(const std::string& body);

/// A page of /changelog/bulkfetch: changes of status by the id of the issue.
struct ChangelogPage {
  std::map<std::string, std::vector<Change>> changes;
  std::string next_token;
};
core::Result<ChangelogPage> decode_changelogs(const std::string& body);

/// Who asks, as /myself has it.
struct Myself {
  std::string name;
  std::string time_zone;
};
core::Result<Myself> decode_myself(const std::string& body);

struct Field {
  std::string id;
  std::string name;
  std::vector<std::string> clauses;  ///< as JQL names it: "cf[10111]", "Story Points"
  std::string type;                  ///< "number", "datetime", "date"
};
core::Result<std::vector<Field>> decode_fields(const std::string& body);

struct KnownStatus {
  Status status;
  std::string category;  ///< "new", "indeterminate", "done"
};
core::Result<std::vector<KnownStatus>> decode_statuses(const std::string& body);

struct Sprint {
  std::int64_t id = 0;
  std::string name;
  std::string state;
  std::optional<core::Time> completed;
};
struct Version {
  std::string id;
  std::string name;
  bool released = false;
  std::optional<core::Time> day;  ///< of its release, 00:00 UTC
};
/// A page with startAt; an answer that is a bare list is the whole.
template <typename T>
struct ListPage {
  std::vector<T> values;
  bool last = true;
};
core::Result<ListPage<std::int64_t>> decode_boards(const std::string& body);
core::Result<ListPage<Sprint>> decode_sprints(const std::string& body);
core::Result<ListPage<Version>> decode_versions(const std::string& body);

struct ServerInfo {
  std::string version;
  std::string deployment;  ///< "Cloud" or "Server"
};
core::Result<ServerInfo> decode_server_info(const std::string& body);

/// Whether the permission `name` is had, from /mypermissions; nullopt when the answer does not speak of it.
core::Result<std::optional<bool>> decode_permission(const std::string& body, const std::string& name);

/// The words of {"errorMessages":[…],"errors":{…}}, one a line; empty when the body is something else.
std::vector<std::string> decode_messages(const std::string& body);

}  // namespace gate::sources::jira
