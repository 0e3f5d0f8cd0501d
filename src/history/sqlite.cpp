#include "history/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <thread>

namespace gate::history {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kNap{10};
constexpr int kPrimary = 0xff;  ///< an extended result code's primary one

[[noreturn]] void fail(int code, const std::string& text) {
  switch (code & kPrimary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Trouble("another writer holds it", "run again; if nothing writes, look for a program that has the file open");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Trouble(Trouble::Kind::no_history, text, "restore a copy of the file, or move it away to begin anew");
    case SQLITE_FULL:
      throw Trouble("the disk is full", "make room");
    case SQLITE_READONLY:
      throw Trouble("it is read-only", "give the file and its folder permissions to write");
    default:
      throw Trouble(text, "");
  }
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

Value column(sqlite3_stmt* statement, int index) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, index)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, index);
    case SQLITE_NULL:
      return std::monostate{};
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, index));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
      return size == 0 ? std::string() : std::string(bytes, size);
    }
  }
}

int bind(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, index, *integer);
  if (const auto* number = std::get_if<double>(&value)) return sqlite3_bind_double(statement, index, *number);
  if (const auto* text = std::get_if<std::string>(&value))
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return sqlite3_bind_null(statement, index);
}

class Sqlite final : public Database {
 public:
  Sqlite(const std::string& name, int flags, const Limits& limits) : limits_(limits), until_(Clock::now() + limits.patience) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(opened);
    if (code != SQLITE_OK) fail(code, opened == nullptr ? "out of memory" : sqlite3_errmsg(opened));
    sqlite3_busy_handler(opened, &Sqlite::wait, this);
    run("PRAGMA foreign_keys = ON");
    run("PRAGMA synchronous = FULL");
    // The first look at the file itself: what is no database shows here.
    run("SELECT count(*) FROM sqlite_master");
  }

  using Database::run;
  Answer run(const std::string& sql, const std::vector<Value>& values) override {
    sqlite3_stmt* prepared = nullptr;
    check(sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &prepared, nullptr));
    const Statement statement(prepared);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int index = sqlite3_bind_parameter_index(prepared, fmt::format("${}", i + 1).c_str());
      check(bind(prepared, index, values[i]));
    }
    Answer out;
    const int columns = sqlite3_column_count(prepared);
    while (true) {
      const int code = sqlite3_step(prepared);
      if (code == SQLITE_DONE) break;
      if (code != SQLITE_ROW) check(code);
      Row row;
      for (int i = 0; i < columns; ++i) row.push_back(column(prepared, i));
      out.rows.push_back(std::move(row));
    }
    out.changed = sqlite3_changes(handle_.get());
    return out;
  }

  void begin() override { run("BEGIN IMMEDIATE"); }
  void begin_migration() override { begin(); }

  bool has_table(const std::string& name) override {
    return !run("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", {name}).rows.empty();
  }

  void check_writable() override {
    if (sqlite3_db_readonly(handle_.get(), "main") == 1) fail(SQLITE_READONLY, "");
    run("BEGIN IMMEDIATE");
    run("ROLLBACK");
  }

  bool has_any_table() override { return !run("SELECT 1 FROM sqlite_master LIMIT 1").rows.empty(); }

  void prepare_new() override {
    // Switching needs the file for a moment, and SQLite does not wait for it by itself.
    while (true) {
      try {
        run("PRAGMA journal_mode = WAL");
        return;
      } catch (const Trouble&) {
        if (is_over()) throw;
        std::this_thread::sleep_for(kNap);
      }
    }
  }

 private:
  void check(int code) const {
    if (code != SQLITE_OK) fail(code, sqlite3_errmsg(handle_.get()));
  }

  /// Called by SQLite while another connection holds what it needs; 0 gives up.
  static int wait(void* self, int /*count*/) {
    if (static_cast<const Sqlite*>(self)->is_over()) return 0;
    std::this_thread::sleep_for(kNap);
    return 1;
  }

  [[nodiscard]] bool is_over() const { return Clock::now() >= until_ || limits_.interrupted(); }

  Limits limits_;
  Clock::time_point until_;
  Handle handle_;
};

/// "file:" with what SQLite would read as more than a path written as %xx.
std::string uri_of(const std::string& path) {
  std::string out = "file:";
  for (const char letter : path) {
    const bool special = letter == '%' || letter == '?' || letter == '#';
    out += special ? fmt::format("%{:02x}", static_cast<unsigned char>(letter)) : std::string(1, letter);
  }
  return out + "?immutable=1";
}

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& path, Access access, const Limits& limits) {
  std::error_code ignored;
  if (access == Access::read && !fs::exists(path, ignored)) throw Trouble("there is no such file", "check the path");
  try {
    return std::make_unique<Sqlite>(path, SQLITE_OPEN_READWRITE | (access == Access::write ? SQLITE_OPEN_CREATE : 0), limits);
  } catch (const Trouble&) {
    // In a folder that cannot be written, WAL mode finds no place for its index. A file that nobody has written to lately is
    // whole without it.
    if (!fs::exists(path, ignored) || fs::exists(path + "-wal", ignored)) throw;
  }
  return std::make_unique<Sqlite>(uri_of(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, limits);
}

}  // namespace gate::history
