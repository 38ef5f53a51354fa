/* Threads that take pieces of a loop until none is left. After a loop they watch for the next one for a while, as the
 * layers of a model follow each other in microseconds, and waking a thread takes as long; then they sleep.
 *
 * A piece is taken by a compare-and-swap on `state`, which has the loop's number: a thread that comes late, with what
 * it read of an earlier loop, takes nothing. So a loop ends when its iterations are done, whether all threads have seen
 * it or not. */
#include "qcc/pool.h"

#include <sched.h>

/* Times that a thread looks for a loop before it sleeps, and for the end of one before it lets others run: some tens of
 * microseconds. */
#define PATIENCE 4000

/* The lower half of `state` while a loop is being set up. */
#define CLOSED UINT32_MAX

#define LOAD(field) __atomic_load_n(&pool->field, __ATOMIC_ACQUIRE)
#define STORE(field, value) __atomic_store_n(&pool->field, value, __ATOMIC_RELEASE)

static uint32_t number_of(uint64_t state) { return (uint32_t)(state >> 32); }

static void wait_briefly(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Runs pieces of the loop that is under way, if there is one. */
static void work(qcc_pool *pool) {
  for (;;) {
    uint64_t state = LOAD(state);
    uint32_t begin = (uint32_t)state, count = LOAD(count), grain = LOAD(grain), end;
    qcc_loop_body body = LOAD(body);
    void *context = LOAD(context);

    if (begin == CLOSED || begin >= count)
      return;
    end = count - begin < grain ? count : begin + grain;
    /* If it succeeds, the loop is the one that all was read of: others would have another number. */
    if (!__atomic_compare_exchange_n(&pool->state, &state, (state - begin) + end, 0, __ATOMIC_ACQ_REL,
                                     __ATOMIC_RELAXED))
      continue;
    body(context, begin, end);
    __atomic_fetch_add(&pool->done, end - begin, __ATOMIC_RELEASE);
  }
}

/* Until there is a loop after `seen`, or the pool stops. */
static void wait_for_loop(qcc_pool *pool, uint32_t seen) {
  int i;

  for (i = 0; i < PATIENCE; ++i) {
    if (number_of(LOAD(state)) != seen || LOAD(stops))
      return;
    wait_briefly();
  }
  pthread_mutex_lock(&pool->mutex);
  /* Either this thread sees the loop, or who starts it sees that this thread sleeps: hence the order of all. */
  __atomic_fetch_add(&pool->sleeping, 1, __ATOMIC_SEQ_CST);
  while (number_of(__atomic_load_n(&pool->state, __ATOMIC_SEQ_CST)) == seen && !LOAD(stops))
    pthread_cond_wait(&pool->wake, &pool->mutex);
  __atomic_fetch_sub(&pool->sleeping, 1, __ATOMIC_RELAXED);
  pthread_mutex_unlock(&pool->mutex);
}

static void wake_all(qcc_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

static void *run_thread(void *argument) {
  qcc_pool *pool = argument;
  uint32_t seen = 0;

  while (!LOAD(stops)) {
    wait_for_loop(pool, seen);
    seen = number_of(LOAD(state));
    work(pool);
  }
  return 0;
}

qcc_status qcc_pool_start(qcc_pool *pool, uint32_t threads) {
  if (!pool)
    return QCC_ERROR_NULL;
  if (threads == 0 || threads > QCC_POOL_MAX_THREADS)
    return QCC_ERROR_RANGE;
  pool->started = pool->sleeping = pool->stops = 0;
  pool->state = CLOSED;
  if (pthread_mutex_init(&pool->mutex, 0))
    return QCC_ERROR_MEMORY;
  if (pthread_cond_init(&pool->wake, 0)) {
    pthread_mutex_destroy(&pool->mutex);
    return QCC_ERROR_MEMORY;
  }
  while (pool->started + 1 < threads) {
    if (pthread_create(&pool->threads[pool->started], 0, run_thread, pool)) {
      qcc_pool_stop(pool);
      return QCC_ERROR_MEMORY;
    }
    ++pool->started;
  }
  return QCC_OK;
}

void qcc_pool_for(void *user, uint32_t count, uint32_t grain, qcc_loop_body body, void *context) {
  qcc_pool *pool = user;
  uint32_t number = number_of(pool->state) + 1;
  int looks = 0;

  if (count == 0)
    return;
  if (grain == 0)
    grain = 1;
  /* Threads that are late find the loop before closed, and take nothing of what is written now. */
  STORE(state, (uint64_t)(number - 1) << 32 | CLOSED);
  STORE(body, body);
  STORE(context, context);
  STORE(count, count);
  STORE(grain, grain);
  STORE(done, 0);
  __atomic_store_n(&pool->state, (uint64_t)number << 32, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&pool->sleeping, __ATOMIC_SEQ_CST) > 0)
    wake_all(pool);
  work(pool);
  while (LOAD(done) != count) {
    wait_briefly();
    if (++looks % PATIENCE == 0)
      sched_yield();
  }
}

void qcc_pool_stop(qcc_pool *pool) {
  uint32_t i;

  STORE(stops, 1);
  wake_all(pool);
  for (i = 0; i < pool->started; ++i)
    pthread_join(pool->threads[i], 0);
  pool->started = 0;
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
}
