// A database as the history uses it: SQL that SQLite and PostgreSQL both speak, one connection, one thread. Private to history.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/time.h"
#include "history/location.h"

namespace gate::history {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>;
using Row = std::vector<Value>;

struct Answer {
  std::vector<Row> rows;
  std::int64_t changed = 0;  ///< rows that were inserted, changed or deleted
};

/// How long a connection may take in all, with what is done on it: waiting for a server and for other writers; and whether to
/// give up before.
struct Limits {
  core::Duration patience = std::chrono::seconds(10);
  std::function<bool()> interrupted = [] { return false; };
};

/// Why a database did not do what it was asked, without secrets. Thrown inside history, and an Error outside of it.
class Trouble : public std::exception {
 public:
  enum class Kind { failed, no_history, newer, older };
  Trouble(Kind kind, std::string why, std::string hint) : kind_(kind), why_(std::move(why)), hint_(std::move(hint)) {}
  explicit Trouble(std::string why, std::string hint = "") : Trouble(Kind::failed, std::move(why), std::move(hint)) {}

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] const std::string& hint() const { return hint_; }
  [[nodiscard]] const char* what() const noexcept override { return why_.c_str(); }

 private:
  Kind kind_;
  std::string why_;
  std::string hint_;
};

class Database {
 public:
  Database() = default;
  virtual ~Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// One statement; `$1`, `$2`, … stand for `values`. Throws Trouble.
  virtual Answer run(const std::string& sql, const std::vector<Value>& values) = 0;
  Answer run(const std::string& sql) { return run(sql, {}); }

  /// Starts a transaction that will write. Waits for other writers where the system has one at a time.
  virtual void begin() = 0;
  /// The same, with nobody else migrating at the same time.
  virtual void begin_migration() = 0;
  virtual bool has_table(const std::string& name) = 0;
  /// True when there are tables in a database that should be a history's alone.
  virtual bool has_any_table() = 0;
  /// Throws Trouble when runs could not be inserted, as far as that can be told without doing it.
  virtual void check_writable() = 0;
  /// Called once, before the first table is made.
  virtual void prepare_new() = 0;
};

enum class Access { read, write };

/// Connects. With Access::write a SQLite file that is not there is made. Throws Trouble.
std::unique_ptr<Database> connect(const Location& location, Access access, const Limits& limits);

/// Rolls back unless it was committed.
class Transaction {
 public:
  enum class For { writing, migrating };
  Transaction(Database& database, For purpose);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace gate::history
