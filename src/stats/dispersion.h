// How much more counts vary than their model says (bursts, retries, slow drifts), from per-step slices. Not for means.
#pragma once

#include <span>

#include "stats/harm.h"
#include "stats/long_run.h"

namespace gate::stats {

/// One side's counts, one element a step in order of time: events, and the totals (or exposure) they are out of. A side known
/// only as a whole has one element.
struct Slices {
  std::span<const double> events;
  std::span<const double> totals;
};

/// What the events are when nothing disturbs them: binomial out of a total, Poisson over an exposure.
enum class CountModel { binomial, poisson };
/// Whether extra variance is looked for: between slices of time, which hang together; between clusters (users), which do not,
/// so that their order says nothing; or not at all.
enum class DispersionRule { from_slices, from_clusters, none };

/// Sums of a side.
struct Totals {
  double events = 0.0;
  double total = 0.0;
};

/// φ of each side, at least 1, and the independent slices it was learnt from (infinite when it was not learnt).
struct Dispersion {
  double baseline = 1.0;
  double candidate = 1.0;
  double slices_baseline = 0.0;
  double slices_candidate = 0.0;
  LongRun long_run;
};

/// One slice says nothing about the variance; two or three little, and Student's tail says so.
inline constexpr std::size_t kLeastSlices = 2;

/// The sums of a side. Unusable: bad_counts (lengths differ, a count is negative, with the binomial model events above their
/// total by more than rounding), not_finite (also a sum beyond 10^±100, with whose powers nothing can be computed), no_data (a
/// total of zero). Slices of total 0 with no events are fine.
Evaluated<Totals> totals_of(const Slices& slices, CountModel model);

/// φ = LRV(x_t − p̂·n_t) / (n̄·p̂·q̂) for the binomial, LRV(x_t − λ̂·e_t) / (ē·λ̂) for the Poisson model, never below 1; the
/// long-run inflation is fitted to both sides' residuals, and 1 for clusters, where φ then is the delta method's variance of a
/// ratio of means (Deng, Knoblich & Lu, KDD 2018) over the binomial one: the design effect by which Rao & Scott (Biometrics
/// 48:577, 1992) divide clustered counts. A side with fewer slices takes over the other's greater excess over
/// 1, in proportion to the traffic of a slice, by the share by which it has fewer, and so
/// many of its slices. A side of one slice, or without a variance
/// to compare with (no events, or nothing but events), takes the other side's φ. Precondition: totals_of succeeded for both
/// sides.
Dispersion dispersion(const Slices& baseline, const Slices& candidate, CountModel model, DispersionRule rule);

}  // namespace gate::stats
