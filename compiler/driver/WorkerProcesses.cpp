#include "compiler/driver/WorkerProcesses.h"

#include <atomic>
#include <chrono>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
/// What the processes share.
struct Counters {
  std::atomic<size_t> next = 0, done = 0;
  std::atomic<bool> stop = false;
};

/// Memory that forked processes have in common.
class SharedCounters {
public:
  SharedCounters()
      : memory(mmap(nullptr, sizeof(Counters), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)),
        counters(memory == MAP_FAILED ? nullptr : new (memory) Counters) {}
  ~SharedCounters() {
    if (counters)
      munmap(memory, sizeof(Counters));
  }
  SharedCounters(const SharedCounters &) = delete;
  Counters *operator->() const { return counters; }
  explicit operator bool() const { return counters; }

private:
  void *memory;
  Counters *counters;
};
} // namespace

/// What a forked process does. It does not return: what else is on the stack belongs to the process that forked.
[[noreturn]] static void workAndExit(const SharedCounters &shared, size_t count, pid_t parent,
                                     llvm::function_ref<LogicalResult(size_t)> work) {
  bool ok = true;
  while (ok && !shared->stop && getppid() == parent) {
    size_t index = shared->next++;
    if (index >= count)
      break;
    ok = succeeded(work(index));
    ++shared->done;
  }
  if (!ok)
    shared->stop = true;
  llvm::errs().flush();
  _exit(ok ? 0 : 1);
}

/// Forks once more; 0 if that cannot be done.
static pid_t forkWorker(const SharedCounters &shared, size_t count, llvm::function_ref<LogicalResult(size_t)> work) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0)
    workAndExit(shared, count, parent, work);
  return std::max<pid_t>(child, 0);
}

/// Waits for a process, and says of one that did not end by itself what ended it.
static LogicalResult checkEnd(Session &session, int status) {
  if (WIFEXITED(status))
    return success(WEXITSTATUS(status) == 0);
  return session.error() << "a process of the search was ended by signal " << WTERMSIG(status);
}

LogicalResult qcc::driver::runInProcesses(Session &session, size_t count, int64_t jobs,
                                          llvm::function_ref<LogicalResult(size_t)> work,
                                          llvm::function_ref<void()> onStep) {
  size_t processes = std::min<size_t>(jobs, count);
  if (processes <= 1) {
    for (size_t index = 0; index < count; ++index) {
      if (failed(work(index)))
        return failure();
      onStep();
    }
    return success();
  }
  SharedCounters shared;
  if (!shared)
    return session.error() << "cannot share memory among processes; expects --jobs=1";
  session.getContext().disableMultithreading(); // threads are not forked
  SmallVector<pid_t> children;
  for (size_t process = 0; process < processes; ++process)
    if (pid_t child = forkWorker(shared, count, work))
      children.push_back(child);
  if (children.empty())
    return session.error() << "cannot start processes; expects --jobs=1";
  LogicalResult result = success();
  for (size_t seen = 0; !children.empty();) {
    llvm::erase_if(children, [&](pid_t child) {
      int status = 0;
      pid_t ended = waitpid(child, &status, WNOHANG);
      if (ended == 0)
        return false;
      if (ended < 0) // Its status went to who ignores all children's.
        return true;
      if (succeeded(result) && failed(checkEnd(session, status))) {
        result = failure();
        shared->stop = true;
      }
      return true;
    });
    for (size_t done = shared->done; seen < done; ++seen)
      onStep();
    if (!children.empty())
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  if (succeeded(result) && shared->done != count)
    return session.error() << "a process of the search has ended early";
  return result;
}
