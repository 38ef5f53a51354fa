/* What compare.py loads together with a model: the loop that is timed, so that Python is not in it. */
#define _POSIX_C_SOURCE 199309L
#include <stdint.h>
#include <time.h>

struct model_call {
  int (*run)(const void *inputs, const void *outputs, void *arena);
  const void *inputs, *outputs;
  void *arena;
};

int call_model(void *call) {
  const struct model_call *model = call;
  return model->run(model->inputs, model->outputs, model->arena);
}

/* Nanoseconds that `times` calls take, or -1 if one fails. */
int64_t repeat_call(int (*call)(void *), void *argument, int64_t times) {
  struct timespec start, end;
  int failed = 0;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int64_t index = 0; index < times; ++index)
    failed |= call(argument);
  clock_gettime(CLOCK_MONOTONIC, &end);
  return failed ? -1 : (end.tv_sec - start.tv_sec) * INT64_C(1000000000) + (end.tv_nsec - start.tv_nsec);
}
