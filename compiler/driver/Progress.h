// One line on a terminal that says how far long work is; nothing elsewhere.
#ifndef QCC_COMPILER_DRIVER_PROGRESS_H
#define QCC_COMPILER_DRIVER_PROGRESS_H

#include "llvm/ADT/StringRef.h"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace qcc::driver {

class Progress {
public:
  /// `what` is the work as a word, `total` its steps.
  Progress(std::string what, int64_t total);
  Progress(const Progress &) = delete;
  /// Clears the line.
  ~Progress();
  /// One more step is done. May be called by several threads.
  void step();

private:
  using Clock = std::chrono::steady_clock;
  const std::string what;
  const int64_t total;
  const bool enabled;
  std::mutex mutex;
  int64_t done = 0;
  Clock::time_point next;
  bool drawn = false;
};

/// The line of one piece of work after another.
class WorkProgress {
public:
  /// One more step of a work, which has `total`, is done.
  void step(llvm::StringRef work, int64_t total);

private:
  std::string current;
  std::optional<Progress> progress;
};

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_PROGRESS_H
