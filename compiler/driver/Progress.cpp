#include "compiler/driver/Progress.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace qcc::driver;

static constexpr std::chrono::milliseconds interval(100);

Progress::Progress(std::string what, int64_t total)
    : what(std::move(what)), total(total), enabled(llvm::sys::Process::StandardErrIsDisplayed()),
      next(Clock::now() + interval) {}

Progress::~Progress() {
  if (drawn)
    llvm::errs() << "\r\x1b[K";
}

void Progress::step() {
  if (!enabled)
    return;
  std::lock_guard<std::mutex> lock(mutex);
  ++done;
  if (Clock::now() < next)
    return;
  llvm::errs() << "\r\x1b[K" << what << ": " << done << " of " << total;
  drawn = true;
  next = Clock::now() + interval;
}

void WorkProgress::step(llvm::StringRef work, int64_t total) {
  if (current != work)
    progress.emplace(current = work.str(), total);
  progress->step();
}
