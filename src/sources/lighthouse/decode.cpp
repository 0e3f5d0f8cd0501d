#include "sources/lighthouse/decode.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "core/text.h"
#include "sources/json_at.h"

namespace gate::sources::lighthouse {
namespace {

Audit read_audit(const JsonAt& audit) {
  Audit out;
  if (const auto value = audit.find("numericValue")) out.number = value->number();
  out.unit = audit.text_of("numericUnit");
  const auto details = audit.find("details");
  const auto savings = details ? details->find("overallSavingsBytes") : std::nullopt;
  if (savings) out.savings = savings->number();
  return out;
}

Run read_run(const JsonAt& root, LighthouseReport& report) {
  if (!root.is_object() || !root.find("lighthouseVersion")) {
    throw_wrong_form(root.place(), "it is neither a report nor a manifest of Lighthouse",
                     "lighthouse --output=json writes reports, lhci upload --target=filesystem a manifest.json");
  }
  Run run;
  run.version = root.text_of("lighthouseVersion");
  run.url = root.text_of("requestedUrl");
  // Lighthouse 10 calls it so; before, `finalUrl` was all there was.
  for (const std::string_view key : {"mainDocumentUrl", "finalUrl"}) {
    if (run.url.empty()) run.url = root.text_of(key);
  }
  if (const auto settings = root.find("configSettings")) run.form_factor = settings->text_of("formFactor");
  if (const auto error = root.find("runtimeError")) {
    run.trouble = error->text_of("code");
    if (run.trouble == "NO_ERROR") run.trouble.clear();
  }
  if (const auto written = core::parse_time(root.text_of("fetchTime"))) report.made_at(*written);
  for (const auto& [id, category] : root.need("categories").members()) {
    if (const auto score = category.find("score")) run.scores[id] = score->number();
  }
  for (const auto& [id, audit] : root.need("audits").members()) {
    if (audit.text_of("scoreDisplayMode") != "error") run.audits[id] = read_audit(audit);
  }
  return run;
}

/// The report that a manifest names, from wherever the manifest was brought to.
WorkspaceFile report_of(const JsonAt& entry, const std::string& manifest, const Workspace& workspace) {
  const std::filesystem::path named = entry.need("jsonPath").text();
  const std::filesystem::path beside = std::filesystem::path(manifest).parent_path() / named.filename();
  std::error_code ignored;
  if (!std::filesystem::exists(beside, ignored)) {
    throw_wrong_content(entry.place(),
                        fmt::format("the report {} is not beside the manifest", core::printable(named.filename().string())),
                        "bring the whole folder of lhci upload --target=filesystem");
  }
  const std::filesystem::path folder = std::filesystem::path(workspace.directory) / workspace.root;
  auto found = find_files(workspace, std::filesystem::proximate(beside, folder.empty() ? "." : folder).string());
  if (!found) throw core::SourceError(found.error());
  return found->front();
}

void read_manifest(const JsonAt& root, const std::string& path, const Workspace& workspace, LighthouseReport& report,
                   std::vector<WorkspaceFile>& more) {
  std::set<std::string> known;
  for (const JsonAt& entry : root.items()) {
    WorkspaceFile& file = more.emplace_back(report_of(entry, path, workspace));
    if (!known.insert(file.path).second) {
      throw_wrong_content(entry.place(), fmt::format("two runs are in one file, {}", core::printable(file.path)),
                          "Lighthouse CI keeps one of the runs that begin in the same second: do not run them side by side");
    }
    const auto chosen = entry.find("isRepresentativeRun");
    read_json(file, workspace.max_bytes, [&](const JsonAt& document) {
      Run run = read_run(document, report);
      if (chosen) run.is_representative = chosen->flag();
      report.runs.push_back(std::move(run));
    });
  }
}

}  // namespace

std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, const Workspace& workspace) {
  auto report = std::make_unique<LighthouseReport>();
  std::vector<WorkspaceFile> more;
  for (WorkspaceFile& one : files) {
    read_json(one, workspace.max_bytes, [&](const JsonAt& root) {
      if (root.is_array()) {
        read_manifest(root, one.path, workspace, *report, more);
      } else {
        report->runs.push_back(read_run(root, *report));
      }
    });
  }
  files.insert(files.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return report;
}

}  // namespace gate::sources::lighthouse
