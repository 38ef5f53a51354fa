/* A pool of POSIX threads for models that were compiled with --threads:
 *
 *   qcc_pool pool;
 *   if (qcc_pool_start(&pool, 4) == QCC_OK) {
 *     kws_run_parallel(&in, &out, arena, qcc_pool_for, &pool);
 *     qcc_pool_stop(&pool);
 *   }
 *
 * Link src/pool.c and the system's thread library. Nothing here allocates: the
 * pool is the caller's memory, and stays where it is while it is started.
 */
#ifndef QCC_POOL_H
#define QCC_POOL_H

#include "qcc/runtime.h"

#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QCC_POOL_MAX_THREADS 64u

/* Fields are the pool's own. */
typedef struct qcc_pool {
  pthread_t threads[QCC_POOL_MAX_THREADS];
  uint32_t started; /* threads beside the caller's */
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  uint32_t sleeping; /* threads that wait for `wake` */
  uint32_t stops;
  /* The loop: what qcc_pool_for was given, its number in the upper half of
   * `state` and the first iteration that nobody has taken in the lower one. */
  qcc_loop_body body;
  void *context;
  uint32_t count, grain;
  uint32_t done; /* iterations that are */
  uint64_t state;
} qcc_pool;

/* Starts a pool that works with `threads` threads, the caller's among them:
 * from 1 to QCC_POOL_MAX_THREADS, else QCC_ERROR_RANGE. QCC_ERROR_MEMORY if the
 * system has no more threads; then none is left behind. */
qcc_status qcc_pool_start(qcc_pool *pool, uint32_t threads);

/* A qcc_parallel_for; `pool` is a qcc_pool that was started, and runs one loop
 * at a time. The caller's thread works, too. */
void qcc_pool_for(void *pool, uint32_t count, uint32_t grain, qcc_loop_body body, void *context);

/* Ends the threads. The pool may be started again. */
void qcc_pool_stop(qcc_pool *pool);

#ifdef __cplusplus
}
#endif

#endif /* QCC_POOL_H */
