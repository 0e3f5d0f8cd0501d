// Gates and measurements for the tests of judge.
#pragma once

#include <string>
#include <vector>

#include "config/gate.h"
#include "core/measurement.h"

namespace gate::judge::test {

inline core::Time at(int minutes) {
  return core::Time(std::chrono::seconds(1773749040)) + std::chrono::minutes(minutes);  // 2026-03-17T12:04:00Z
}

inline config::Bound bound(const std::string& text, double value, bool relative = false) {
  return {value, relative, text};
}

inline config::Criterion criterion(config::Rule rule, std::vector<config::Bound> bounds,
                                   core::Level level = core::Level::fail) {
  config::Criterion out;
  out.level = level;
  out.rule = rule;
  out.bounds = std::move(bounds);
  for (const config::Bound& one : out.bounds) out.text += (out.text.empty() ? "" : " and ") + one.text;
  out.location = {"gate.toml", 7, 1, 1};
  return out;
}

inline config::Metric latency(std::vector<config::Criterion> criteria) {
  config::Metric metric;
  metric.id = "latency";
  metric.title = "p99 latency";
  metric.source = "prom";
  metric.unit = {"s", "time", 1.0};
  metric.better = config::Better::lower;
  metric.required = true;
  metric.criteria = std::move(criteria);
  return metric;
}

/// `count` points around `mean`: mean − spread and mean + spread in turn.
inline core::SideMeasurement side(double mean, double spread, int count, int first_minute) {
  core::SideMeasurement out;
  out.window = core::Window{at(first_minute), at(first_minute + 30)};
  for (int i = 0; i < count; ++i) {
    out.samples.times.push_back(at(first_minute) + std::chrono::seconds(15 * i));
    out.samples.values.push_back(mean + (i % 2 == 0 ? -spread : spread));
  }
  out.present = count > 0;
  return out;
}

/// Before around 0.3 s, after around `after`, 100 points each.
inline core::Measurement measured(double after, double spread = 0.01, int count = 100) {
  core::Measurement out;
  out.metric = "latency";
  out.step = std::chrono::seconds(15);
  out.baseline = side(0.3, spread, count, -30);
  out.candidate = side(after, spread, count, 5);
  return out;
}

inline config::Gate gate_of(std::vector<config::Metric> metrics) {
  config::Gate gate;
  gate.name = "checkout";
  gate.sources.push_back({"prom", "prometheus", {}, {}});
  gate.metrics = std::move(metrics);
  return gate;
}

}  // namespace gate::judge::test
