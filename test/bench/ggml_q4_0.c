/* Times ggml's product of a Q4_0 matrix and a vector in one thread: `ggml_q4_0 rows columns milliseconds` prints the
 * least microseconds by one dot product for each row, and by the product of eight repacked rows at a time. The vector
 * is quantized to Q8_0 in each run, as ggml does it. group_scales.py builds it with the source of ggml. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void ggml_cpu_init(void);
void quantize_row_q8_0(const float *x, void *y, int64_t k);
void ggml_vec_dot_q4_0_q8_0(int n, float *s, size_t bs, const void *x, size_t bx, const void *y, size_t by, int nrc);
void ggml_gemv_q4_0_8x8_q8_0(int n, float *s, size_t bs, const void *vx, const void *vy, int nr, int nc);

/* Of 32 weights: a scale in half precision and 16 bytes of nibbles. Repacked, eight scales and their nibbles. */
enum { BLOCK = 32, Q4_0_BYTES = 18, Q8_0_BYTES = 34 };

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec * 1e-3;
}

/* Random nibbles, and scales near 0.03. `together` rows have their scales in front of their nibbles. */
static uint8_t *random_weights(int64_t rows, int64_t columns, int together) {
  int64_t bytes = rows * columns / BLOCK * Q4_0_BYTES;
  uint8_t *weights = aligned_alloc(64, (bytes + 63) / 64 * 64);
  uint32_t state = 1;
  for (int64_t i = 0; i < bytes; ++i) {
    state = state * 1664525u + 1013904223u;
    weights[i] = state >> 24;
    int64_t in_block = i % (together * Q4_0_BYTES);
    if (in_block < 2 * together && in_block % 2 == 1)
      weights[i] = 0x27; /* the sign, the exponent and the first bits of a half */
  }
  return weights;
}

int main(int argc, char **argv) {
  if (argc != 4)
    return 2;
  int64_t rows = atoll(argv[1]), columns = atoll(argv[2]);
  double limit = atof(argv[3]) * 1000;
  float *x = malloc(columns * sizeof *x), *y = malloc(rows * sizeof *y);
  for (int64_t i = 0; i < columns; ++i)
    x[i] = (float)(i * 37 % 255 - 127) / 64;
  uint8_t *codes = malloc(columns / BLOCK * Q8_0_BYTES);
  ggml_cpu_init();
  for (int repacked = 0; repacked < 2; ++repacked) {
    uint8_t *weights = random_weights(rows, columns, repacked ? 8 : 1);
    double least = 1e300, start = microseconds();
    while (microseconds() - start < limit) {
      double before = microseconds();
      quantize_row_q8_0(x, codes, columns);
      if (repacked)
        ggml_gemv_q4_0_8x8_q8_0((int)columns, y, 0, weights, codes, 1, (int)rows);
      else
        for (int64_t row = 0; row < rows; ++row)
          ggml_vec_dot_q4_0_q8_0((int)columns, y + row, 0, weights + row * (columns / BLOCK * Q4_0_BYTES), 0, codes, 0,
                                 1);
      double time = microseconds() - before;
      least = time < least ? time : least;
    }
    printf("%.2f\n", least);
    free(weights);
  }
  return 0;
}
