/* Classifies the digits of images.h with the compiled model: the same file for every target. */
#include "images.h"
#include "mnist.h"

#include <stdio.h>

static unsigned char arena[MNIST_ARENA_BYTES] __attribute__((aligned(MNIST_ARENA_ALIGN)));

/* The model's code of a pixel whose real value is pixel / 255. */
static int8_t code_of(uint8_t pixel) {
  int code = (int)(pixel * (float)(1 / (255 * MNIST_IMAGE_SCALE)) + 0.5f) + MNIST_IMAGE_ZERO;
  return (int8_t)(code > 127 ? 127 : code);
}

static int classify(const uint8_t *pixels) {
  int8_t image[MNIST_IMAGE_ELEMENTS], scores[MNIST_OUTPUT_ELEMENTS];
  for (int i = 0; i < MNIST_IMAGE_ELEMENTS; ++i)
    image[i] = code_of(pixels[i]);
  mnist_run(&(mnist_inputs){image}, &(mnist_outputs){scores}, arena);
  int best = 0;
  for (int i = 1; i < MNIST_OUTPUT_ELEMENTS; ++i)
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
