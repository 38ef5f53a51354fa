/* A product of 1024x1024 matrices as anybody writes it down, with weights of +-1 and codes from 0 to 3 in elements of
 * `T` and sums in `SUM`; rows of both lie side by side. `loop_nest rounds` prints the least microseconds of a product.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SIZE = 1024 };

static T codes[SIZE][SIZE], weights[SIZE][SIZE];
static SUM sums[SIZE][SIZE];

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec * 1e-3;
}

static void multiply(void) {
  for (int m = 0; m < SIZE; ++m)
    for (int n = 0; n < SIZE; ++n) {
      SUM sum = 0;
      for (int k = 0; k < SIZE; ++k)
        sum += (SUM)codes[m][k] * (SUM)weights[n][k];
      sums[m][n] = sum;
    }
}

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  uint32_t state = 1;
  for (int i = 0; i < SIZE * SIZE; ++i) {
    state = state * 1664525u + 1013904223u;
    codes[i / SIZE][i % SIZE] = (T)(state >> 30);
    weights[i / SIZE][i % SIZE] = (T)(state >> 29 & 1 ? 1 : -1);
  }
  double best = 1e30;
  SUM seen = 0;
  for (int round = atoi(argv[1]); round > 0; --round) {
    double start = microseconds();
    multiply();
    double time = microseconds() - start;
    best = time < best ? time : best;
    seen += sums[round % SIZE][0];
  }
  printf("%.1f\n", best);
  return seen == (SUM)123456789;
}
