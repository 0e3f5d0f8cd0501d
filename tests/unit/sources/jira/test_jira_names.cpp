#include <catch2/catch.hpp>

#include "sources/jira/names.h"

using namespace gate;
using namespace gate::sources::jira;

namespace {

const std::vector<Field> kFields = {
    {"customfield_10016", "Story Points", {"cf[10016]", "Story Points"}, "number"},
    {"customfield_10061", "Team", {"cf[10061]", "Team"}, "string"},
    {"customfield_10062", "team", {"cf[10062]", "team"}, "string"},
    {"detected", "Detected at", {"detectedAt"}, "datetime"},
    {"seen", "Seen at", {}, "datetime"},
};

const std::vector<KnownStatus> kStatuses = {
    {{"1", "To Do"}, "new"}, {{"3", "Doing"}, "indeterminate"}, {{"4", "Review"}, "indeterminate"},
    {{"5", "Done"}, "done"}, {{"9", "Review"}, "done"},
};

}  // namespace

TEST_CASE("the names of JQL and of answers differ") {
  CHECK(system_date_field("resolved")->id == "resolutiondate");
  CHECK(system_date_field("resolutionDate")->clause == "resolved");
  CHECK(system_date_field("Created")->id == "created");
  CHECK(system_date_field("due")->id == "duedate");
  CHECK(system_date_field("statusCategoryChangedDate")->id == "statuscategorychangedate");
  CHECK_FALSE(system_date_field("Detected at"));
}

TEST_CASE("a field is found by id, name or clause") {
  for (const char* name : {"customfield_10016", "story points", "CF[10016]"}) {
    CAPTURE(name);
    CHECK(find_field(kFields, name)->id == "customfield_10016");
  }
  const auto several = find_field(kFields, "Team");
  CHECK(several.error().message == "Jira has 2 fields `Team`");
  CHECK(several.error().hint == "name one by its id: `customfield_10061` or `customfield_10062`");
  const auto none = find_field(kFields, "Story Pionts");
  CHECK(none.error().code == "RG1712");
  CHECK(none.error().hint == "did you mean `Story Points`?");
}

TEST_CASE("a clause is one that means this field alone") {
  CHECK(date_field(kFields[0]).clause == "cf[10016]");
  CHECK(date_field(kFields[3]).clause == "detectedAt");
  CHECK(date_field(kFields[4]).clause == "\"Seen at\"");
}

TEST_CASE("statuses count by their category unless they are configured") {
  const auto workflow = make_workflow(kStatuses, {}, {});
  CHECK(workflow->in_progress.contains({"4", "Review"}));
  CHECK_FALSE(workflow->in_progress.contains({"9", "Review"}));
  CHECK(workflow->done.contains({"9", "Review"}));
  CHECK_FALSE(workflow->done.contains({"1", "To Do"}));
  const auto own = make_workflow(kStatuses, {"to do"}, {"5"});
  CHECK(own->in_progress.contains({"1", "To Do"}));
  CHECK_FALSE(own->in_progress.contains({"3", "Doing"}));
  CHECK(own->done.contains({"5", "Done"}));
  CHECK_FALSE(own->done.contains({"9", "Review"}));
  CHECK(make_workflow(kStatuses, {}, {"Donne"}).error().hint == "did you mean `Done`?");
}
