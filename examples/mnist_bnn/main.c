/* Classifies the digits of images.h with the compiled model: the same file for every target. */
#include "images.h"
#include "mnist_bnn.h"

#include <stdio.h>

#ifndef SCORE
#define SCORE int32_t /* the scores of xnor.qm are float */
#endif

static unsigned char arena[MNIST_BNN_ARENA_BYTES] __attribute__((aligned(MNIST_BNN_ARENA_ALIGN)));

/* The model takes pixels as they are. */
static int classify(const uint8_t *pixels) {
  SCORE scores[MNIST_BNN_OUTPUT_ELEMENTS];
  mnist_bnn_run(&(mnist_bnn_inputs){pixels}, &(mnist_bnn_outputs){scores}, arena);
  int best = 0;
  for (int i = 1; i < MNIST_BNN_OUTPUT_ELEMENTS; ++i)
    if (scores[i] > scores[best])
      best = i;
  return best;
}

int main(void) {
  int right = 0;
  for (int i = 0; i < IMAGE_COUNT; ++i) {
    int digit = classify(images[i]);
    printf("%d%s", digit, digit == labels[i] ? " " : "! ");
    right += digit == labels[i];
  }
  printf("\n%d of %d digits are right\n", right, IMAGE_COUNT);
  return right < IMAGE_COUNT - 2; /* a digit or two may be unreadable */
}
